// Pruebas del taller sin navegador: node --test (las lanza test_player_js.py).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const workshop = await import(process.env.WORKSHOP_JS);
const { pieces, visible } = await import(process.env.PANELS_JS);
const { completed, isTable, layLines, plain, recall, sharedPrefix } = workshop;

const lay = (...entries) => { const lines = []; layLines(lines, entries); return lines; };

test("lo que llega a trozos se junta en líneas", () => {
  const lines = lay(["order", ["$", "ps"]], ["out", "uno\ndo"], ["out", "s\n"], ["err", "tres"]);
  assert.deepEqual(lines.map(plain), ["$ ps", "uno", "dos", "tres"]);
  assert.deepEqual(lines.map((line) => Boolean(line.open)), [false, false, false, true]);
});

test("lo tecleado se escribe detrás de lo que preguntaba, y cierra la línea", () => {
  const lines = lay(["out", "/ # "], ["typed", "ls"], ["out", "bin\r\ndev\r\n/ # "]);
  assert.deepEqual(lines.map(plain), ["/ # ls", "bin", "dev", "/ # "]);
  assert.deepEqual(lines[0].parts, [["out", "/ # "], ["typed", "ls"]]);
  assert.equal(lines[3].open, true);
});

test("solo se vuelve a dibujar lo que cambia", () => {
  const lines = [];
  assert.equal(layLines(lines, [["out", "uno\ndos"]]), 0);
  assert.equal(layLines(lines, [["out", " y medio\n"]]), 1);
  assert.equal(layLines(lines, [["order", ["$", "ls"]]]), 2);
});

test("una línea en blanco en medio se conserva", () => {
  assert.deepEqual(lay(["out", "uno\n\ndos\n"]).map(plain), ["uno", "", "dos"]);
});

test("una explicación es un párrafo por parte", () => {
  const [note] = lay(["say", [["Qué ha pasado", "nada"], ["", "sigue"]]]);
  assert.equal(plain(note), "Qué ha pasado: nada\nsigue");
});

test("las tablas no se parten", () => {
  assert.ok(isTable("CONTAINER ID   IMAGE     COMMAND"));
  assert.ok(!isTable("Error response from daemon: conflict") && !isTable("  sangría"));
});

test("las órdenes anteriores se recorren y se vuelve a lo que se escribía", () => {
  const history = ["a", "b"];
  assert.deepEqual(recall(history, 0, 1), { at: 1, text: "b" });
  assert.deepEqual(recall(history, 1, 1), { at: 2, text: "a" });
  assert.deepEqual(recall(history, 2, 1), { at: 2, text: "a" });
  assert.deepEqual(recall(history, 1, -1), { at: 0, text: null });
  assert.deepEqual(recall([], 0, 1), { at: 0, text: null });
});

test("el tabulador alarga hasta donde todas coinciden", () => {
  assert.equal(sharedPrefix(["--memory", "--memory-swap"]), "--memory");
  assert.equal(sharedPrefix([]), "");
  assert.deepEqual(completed("run --me", "--me", ["--memory", "--memory-swap"]), { text: "run --memory", list: [] });
  assert.deepEqual(completed("run --memory", "--memory", ["--memory", "--memory-swap"]).list, ["--memory", "--memory-swap"]);
});

test("con una sola opción se pone un espacio, salvo que siga algo", () => {
  assert.equal(completed("stop w", "w", ["web"]).text, "stop web ");
  assert.equal(completed("cat ap", "ap", ["app/"]).text, "cat app/");
  assert.equal(completed("ps --filter st", "st", ["status="]).text, "ps --filter status=");
  assert.deepEqual(completed("nada x", "x", []), { text: "nada x", list: [] });
});

test("el texto se parte en párrafos y en trozos de código", () => {
  assert.deepEqual(pieces("usa `ps -a` ya\n\ny mira"), [[["text", "usa "], ["code", "ps -a"], ["text", " ya"]], [["text", "y mira"]]]);
});

test("el teclado recorre el árbol por las filas que se ven", () => {
  const row = (path) => ({ path }), rows = new Map([["", [row("a"), row("b")]], ["a", [row("a/x")]], ["a/x", [row("a/x/y")]]]);
  const order = (...open) => visible(rows, new Set(open)).map(({ path }) => path);
  assert.deepEqual(order(), ["a", "b"]);
  assert.deepEqual(order("a"), ["a", "a/x", "b"]);
  assert.deepEqual(order("a/x"), ["a", "b"]);
  assert.deepEqual(order("a", "a/x"), ["a", "a/x", "a/x/y", "b"]);
});

for (const name of ["workshop.js", "panels.js"]) {
  test(`${name} no sabe de qué van las órdenes ni los dibujos, y es pequeño`, () => {
    const source = readFileSync(`${process.env.WORKSHOP_PARTS}/${name}`, "utf8");
    assert.doesNotMatch(source, /docker(?!lab1)|container|contenedor|imagen|jupyter|\bcapa\b|volume/i);
    assert.ok(source.length < 25_000);
  });
}
