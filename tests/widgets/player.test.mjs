// Pruebas del reproductor sin navegador: node --test (las lanza test_player_js.py).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const source = readFileSync(process.env.PLAYER_JS, "utf8");
const player = await import("data:text/javascript;base64," + Buffer.from(source).toString("base64"));
const { applyDrawing, applyFrames, attributes, ease, makeStage, pathData, pose, reach, reading, unpack } = player;
const films = JSON.parse(readFileSync(process.env.FILMS, "utf8"));

const item = (k, n, more = {}) => ({ k, p: "", c: "", s: "", n, e: [], ...more });
const drawing = (entries) => ({ height: 10, items: new Map(Object.entries(entries)), order: Object.keys(entries) });
const siblings = (order, parent) => {
  const groups = {};
  for (const key of order) (groups[parent(key)] ||= []).push(key);
  return groups;
};

for (const { name, pack, frames } of films) {
  test(`reconstruye la película «${name}» como la dibujó Python`, async () => {
    const built = [];
    applyFrames(built, await unpack(pack));
    assert.equal(built.length, frames.length);
    built.forEach((frame, i) => {
      assert.equal(frame.caption, frames[i].caption);
      assert.deepEqual(frame.said, frames[i].said);
      frame.views.forEach((view, side) => {
        const expected = frames[i].views[side];
        assert.equal(view.height, expected.height);
        assert.deepEqual(Object.fromEntries(view.items), expected.items);
        assert.deepEqual(siblings(view.order, (key) => view.items.get(key).p),
                         siblings(Object.keys(expected.items), (key) => expected.items[key].p));
      });
    });
  });
}

test("ease va de 0 a 1 sin saltos y es simétrica", () => {
  assert.equal(ease(0), 0);
  assert.equal(ease(1), 1);
  for (let t = 0; t <= 1; t += 0.05) assert.ok(Math.abs(ease(t) + ease(1 - t) - 1) < 1e-9);
});

test("la pose en los extremos es exactamente cada dibujo", () => {
  const A = drawing({ a: item("b", [0, 0, 10, 10, 1, 1]) }), B = drawing({ a: item("b", [10, 20, 30, 10, 1, 1]) });
  assert.deepEqual(pose(A, B, 0)[0].n, [0, 0, 10, 10, 1, 1]);
  assert.deepEqual(pose(A, B, 0.5)[0].n, [5, 10, 20, 10, 1, 1]);
  assert.deepEqual(pose(A, B, 1)[0].n, [10, 20, 30, 10, 1, 1]);
});

test("lo que aparece llega desde donde dice y lo que se va se desvanece", () => {
  const A = drawing({ out: item("b", [0, 0, 1, 1, 0, 0]) }), B = drawing({ in: item("b", [0, 0, 1, 1, 0, 0], { e: [-100, 40] }) });
  const byKey = Object.fromEntries(pose(A, B, 0.25).map((p) => [p.key, p]));
  assert.deepEqual([byKey.in.dx, byKey.in.dy], [-75, 30]);
  assert.ok(byKey.in.opacity < 0.2 && byKey.out.opacity > 0.6);
});

test("las figuras de un grupo nuevo entran con él, no dos veces", () => {
  const A = drawing({}), B = drawing({ g: item("g", [5, 5], { e: [0, -20] }), "g/t": item("t", [0, 0, 12], { p: "g", s: "shola" }) });
  const [group, text] = pose(A, B, 0.5);
  assert.equal(text.opacity, 1);
  assert.ok(group.opacity < 1 && group.dy === -10);
});

test("un texto que cambia se apaga a mitad de camino", () => {
  const A = drawing({ t: item("t", [0, 0, 12], { s: "suno" }) }), B = drawing({ t: item("t", [0, 0, 12], { s: "sdos" }) });
  assert.equal(pose(A, B, 0.4)[0].data, "suno");
  assert.equal(pose(A, B, 0.6)[0].data, "sdos");
  assert.ok(pose(A, B, 0.5)[0].opacity < 0.01);
});

test("los trazos doblan sus esquinas y ponen la punta al final", () => {
  assert.equal(pathData([10, 0, 0, 50, 0, 50, 40], ""), "M0 0L40 0Q50 0 50 10L50 40");
  assert.match(pathData([0, 0, 0, 10, 0], "h"), /^M0 0L10 0M2 4.8L10 0L2 -4.8$/);
  assert.match(pathData([0, 0, 0, 10, 0, 10, 10], "z"), /Z$/);
});

test("una diferencia vacía deja el dibujo igual", () => {
  const A = drawing({ a: item("b", [0, 0, 1, 1, 0, 0]) }), same = applyDrawing(A, {});
  assert.deepEqual([...same.items], [...A.items]);
  assert.deepEqual(same.order, A.order);
});

test("los atributos son los de SVG", () => {
  const [box] = pose(drawing({ a: item("b", [1, 2, 3, 4, 5, 6], { c: "layer-hit" }) }), null, 0);
  assert.deepEqual(attributes(box), { class: "dl-layer-hit", opacity: null, transform: null, x: 1, y: 2, width: 3, height: 4, rx: 5, ry: 6 });
});

test("un pie largo se deja más tiempo que uno corto", () => assert.ok(reading("x".repeat(120)) > 2 * reading("x".repeat(20))));

test("el escenario toca el documento solo cuando algo cambia", () => {
  let writes = 0;
  const element = (tag) => ({ tag, dataset: {}, children: [], set textContent(t) { writes++; this.text = t; },
    setAttribute() { writes++; }, removeAttribute() {}, insertBefore(child) { writes++; this.children.push(child); }, remove() { writes++; } });
  const svg = element("svg");
  svg.ownerDocument = { createElementNS: (_, tag) => element(tag) };
  const draw = makeStage(svg), A = drawing({ t: item("t", [0, 0, 12], { s: "shola" }) });
  draw(A, A, 0);
  assert.ok(writes > 3);
  writes = 0;
  draw(A, A, 0);
  assert.equal(writes, 0);
});

test("una pregunta sin contestar no deja pasar, y contestada sí", () => {
  const frames = [{}, { ask: ["¿?", []] }, {}, { ask: ["¿?", []] }, {}], answered = new Map();
  assert.deepEqual([0, 1, 2, 4].map((i) => reach(frames, answered, i)), [0, 1, 1, 1]);
  answered.set(1, 0);
  assert.deepEqual([1, 3, 4].map((i) => reach(frames, answered, i)), [1, 3, 3]);
  answered.set(3, 1);
  assert.equal(reach(frames, answered, 4), 4);
});

test("el JavaScript no sabe de qué van los dibujos", () => {
  assert.doesNotMatch(source, /docker(?!lab)|image|imagen|contenedor|container|jupyter|\bcapa|volume/i);
  assert.ok(source.length < 25_000);
});
