// El taller: un terminal al lado de un dibujo que vive. No sabe de qué van las
// órdenes ni los dibujos: lo que se lee llega de quien lo aloja, y de él solo usa
// model.get/set/on/off/send/save_changes. El dibujo lo lleva el reproductor.
import player, { applyFrames, make, makeStage, unpack } from "./player.js";
import { makePanels, rich } from "./panels.js";

const MOST = 1500;   // líneas que conserva la pantalla del terminal

// ---- El texto del terminal: de lo que llega a líneas ------------------------

export const isTable = (text) => /\S {3,}\S/.test(text);

// Añade `entries` a `lines`; devuelve desde qué línea hay que volver a dibujar.
export function layLines(lines, entries) {
  let from = lines.length;
  const put = (line) => { lines.push(line); };
  for (const [kind, content] of entries) {
    const last = lines[lines.length - 1], open = last?.open ? last : null;
    if (kind === "order") put({ kind, parts: [["prompt", `${content[0]} `], ["order", content[1]]] });
    else if (kind === "say") put({ kind, parts: content });
    else if (kind === "typed") {
      if (open) { open.parts.push(["typed", content]); open.open = false; from = Math.min(from, lines.length - 1); }
      else put({ kind: "text", parts: [["typed", content]] });
    } else {
      content.replaceAll("\r", "").split("\n").forEach((piece, i, all) => {
        const tail = i === all.length - 1;
        if (i === 0 && open) {
          open.parts.push([kind, piece]); open.open = tail; from = Math.min(from, lines.length - 1);
        } else if (piece || !tail) put({ kind: "text", parts: [[kind, piece]], open: tail });
      });
    }
  }
  return from;
}

export const plain = (line) => line.kind === "say" ? line.parts.map(([title, text]) => `${title && title + ": "}${text}`).join("\n")
  : line.parts.map(([, text]) => text).join("");

// ---- Lo que se teclea --------------------------------------------------------

// Ir por las órdenes anteriores: `at` es cuántas hacia atrás (0: lo que se estaba escribiendo).
export function recall(history, at, by) {
  const to = Math.max(0, Math.min(history.length, at + by));
  return { at: to, text: to ? history[history.length - to] : null };
}

export function sharedPrefix(words) {
  let shared = words[0] || "";
  for (const word of words) while (!word.startsWith(shared)) shared = shared.slice(0, -1);
  return shared;
}

// Lo que el tabulador hace con la línea: alargarla, y qué opciones enseñar si no basta.
export function completed(line, prefix, options) {
  if (!options.length) return { text: line, list: [] };
  const shared = sharedPrefix(options), start = line.slice(0, line.length - prefix.length);
  const whole = options.length === 1 && !/[/=:]$/.test(shared);
  return { text: start + shared + (whole ? " " : ""), list: options.length > 1 && shared === prefix ? options : [] };
}

// ---- Los datos que comparten todas las vistas de un modelo --------------------

function makeScreen(model) {
  const screen = { lines: [], history: [], received: 0, listeners: new Set() };
  screen.push = (from, entries, all) => {
    if (all) screen.received = Math.max(screen.received, from);
    if (from > screen.received) return model.send({ type: "lost", from: screen.received });
    const fresh = entries.slice(screen.received - from);
    screen.received += fresh.length;
    for (const [kind, content] of fresh)
      if (kind === "order" && content[1] !== screen.history[screen.history.length - 1]) screen.history.push(content[1]);
    const cut = fresh.findLastIndex(([kind]) => kind === "clear");
    if (cut >= 0) screen.lines.length = 0;
    let at = layLines(screen.lines, fresh.slice(cut + 1));
    const extra = screen.lines.length - MOST;
    if (extra > 0) { screen.lines.splice(0, extra); at = 0; }
    screen.listeners.forEach((tell) => tell(cut >= 0 ? 0 : at));
  };
  screen.push(...model.get("_screen"), true);
  return screen;
}

// ---- La vista -----------------------------------------------------------------

const STATES = { correcto: "M3 8.5 6.5 12 13 4.5", pendiente: "M8 4v4l3 2M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2", incorrecto: "M4 4l8 8M12 4l-8 8" };

function sign(state) {
  const span = make("span", { className: "tw-sign", "aria-hidden": "true" });
  span.innerHTML = `<svg viewBox="0 0 16 16" width="15" height="15"><path fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" d="${STATES[state]}"/></svg>`;
  return span;
}

function renderWorkshop(base, screen, { model, el }) {
  const words = model.get("labels"), abort = new AbortController(), undo = [];
  const on = (target, name, run) => target.addEventListener(name, run, { signal: abort.signal });
  const watch = (name, run) => { model.on(name, run); undo.push(() => model.off(name, run)); };
  const send = (message) => { root.setAttribute("aria-busy", "true"); model.send(message); };
  const button = (label, run, props = {}) => { const b = make("button", { type: "button", ...props }, label); on(b, "click", run); return b; };

  // el terminal
  const rows = make("div"), hello = make("div", { className: "tw-hello" }, make("p", {}, words.hello),
    make("div", { className: "tw-tries" }, ...words.examples.map((text) => button(text, () => { input.value = text; fit(); input.focus({ preventScroll: true }); }))),
    make("p", { className: "tw-dim" }, ...rich(words.helloKeys)));
  const log = make("div", { className: "tw-log", role: "log", tabIndex: 0, "aria-label": words.terminal }, hello, rows);
  const prompt = make("span", { className: "tw-prompt", "aria-hidden": "true" }, "$");
  const input = make("input", { type: "text", className: "tw-input", "aria-label": words.line, autocomplete: "off", spellcheck: false, autocapitalize: "off", enterKeyHint: "send", placeholder: words.placeholder });
  const choices = make("div", { className: "tw-choices", role: "group", "aria-label": words.choices, hidden: true });
  const spoken = make("p", { className: "tw-spoken", role: "status" });
  const keys = make("div", { className: "tw-keys", role: "group", "aria-label": words.keys },
    button("↑", () => back(1), { className: "tw-touch", "aria-label": words.previous, title: words.previous }),
    button(words.complete, () => complete(), { className: "tw-touch", title: words.complete }),
    button("Ctrl+C", () => interrupt(), { className: "tw-talk" }), button("Ctrl+D", () => send({ type: "end" }), { className: "tw-talk", title: words.end }));
  const copy = button(words.copy, () => copyText(screen.lines.map(plain).join("\n"), copy), { className: "tw-quiet" });
  const entry = make("div", { className: "tw-entry" }, prompt, input);
  const terminal = make("section", { className: "tw-term", "aria-label": words.terminal },
    make("div", { className: "tw-bar" }, make("span", { className: "tw-name" }, words.terminal), copy), log, entry, choices, keys, spoken);

  // el dibujo y la meta
  const stage = make("div", { className: "tw-stage" });
  const past = make("p", { className: "tw-past", role: "status", hidden: true });
  const now = make("section", { className: "tw-now", "aria-label": words.now }, make("div", { className: "tw-bar" }, make("span", { className: "tw-name" }, words.now)), stage);
  const goal = makeGoal(model, words);
  const main = make("div", { className: "tw-main" }, terminal, now, ...(goal ? [goal.el] : []));

  // la cabecera
  const chip = make("span", { className: "tw-chip", hidden: true });
  const back1 = button(words.undo, () => send({ type: "undo" }), { className: "tw-undo" });
  const reset = button(words.reset, () => send({ type: "reset" }), { className: "tw-reset" });
  const head = make("div", { className: "tw-head" }, make("span", { className: "tw-title" }, model.get("title")), chip, past,
    make("div", { className: "tw-tools", role: "group", "aria-label": words.tools }, back1, reset));
  const task = make("div", { className: "tw-task", hidden: true });
  const alarm = make("p", { className: "dl-error", role: "alert", hidden: true });
  const panels = makePanels({ model, words, send, on, watch, copyText });
  const root = make("div", { className: `dl tw ${goal ? "tw-with-goal" : "tw-free"}`, role: "group", "aria-label": model.get("title"), "data-lm-suppress-shortcuts": "true" },
    head, alarm, task, main, panels.el);
  el.append(root);
  undo.push(base.render({ model, el: stage }) || (() => {}));

  // ---- escribir ----
  let at = 0, draft = "", asked = 0;
  const fit = () => { input.selectionStart = input.selectionEnd = input.value.length; };
  function back(by) {
    if (at === 0) draft = input.value;
    const found = recall(screen.history, at, by);
    at = found.at; input.value = found.text ?? draft; fit(); input.focus({ preventScroll: true });
  }
  function say(text) { spoken.textContent = text; }
  function submit(text) {
    hideChoices(); at = 0; draft = ""; input.value = "";
    const { asking, secret } = model.get("status");
    if (!asking && !text.trim()) return;
    const echo = make("div", { className: "tw-line tw-sent" }, secret ? "" : `${asking ? "" : "$ "}${text}`);
    rows.append(echo); hello.hidden = true; bottom();
    send({ type: "line", text });
  }
  function interrupt() {
    hideChoices(); input.value = ""; at = 0;
    if (model.get("status").asking) send({ type: "interrupt" });
    input.focus({ preventScroll: true });
  }
  function complete() { model.send({ type: "complete", line: input.value, n: ++asked }); input.focus({ preventScroll: true }); }
  function hideChoices() { choices.hidden = true; choices.replaceChildren(); }
  function offer({ n, prefix, options }) {
    if (n !== asked) return;
    const { text, list } = completed(input.value, prefix, options);
    input.value = text; fit();
    choices.hidden = !list.length;
    choices.replaceChildren(...list.slice(0, 60).map((option) => button(option, () => {
      input.value = completed(input.value, prefix, [option]).text; hideChoices(); input.focus({ preventScroll: true }); fit();
    }, { tabIndex: -1 })));
    say(list.length ? `${words.choices}: ${list.slice(0, 20).join(", ")}` : options.length ? text : words.nothing);
  }
  on(input, "keydown", (event) => {
    const { key, ctrlKey, metaKey, altKey, shiftKey } = event, ctrl = ctrlKey && !altKey && !metaKey;
    const chosen = input.selectionStart !== input.selectionEnd || String(getSelection()).length > 0;
    const run = key === "Enter" ? () => submit(input.value)
      : key === "ArrowUp" ? () => back(1) : key === "ArrowDown" ? () => back(-1)
      : key === "Tab" && !shiftKey && !ctrlKey && input.value.trim() ? complete
      : ctrl && key === "l" ? () => send({ type: "clear" })
      : ctrl && key === "c" && !chosen ? interrupt
      : ctrl && key === "d" && !input.value && model.get("status").asking ? () => send({ type: "end" })
      : ctrl && key === "u" ? () => { input.value = input.value.slice(input.selectionStart); } : null;
    if (run) { event.preventDefault(); run(); }
  });
  on(input, "input", hideChoices);
  on(input, "paste", (event) => {
    const text = event.clipboardData.getData("text").replaceAll("\r\n", "\n");
    if (!text.includes("\n")) return;
    event.preventDefault();
    const whole = input.value.slice(0, input.selectionStart) + text + input.value.slice(input.selectionEnd);
    const cut = whole.lastIndexOf("\n");
    submit(whole.slice(0, cut));
    input.value = whole.slice(cut + 1); fit();
  });
  on(terminal, "click", (event) => {          // pulsar en la pantalla es ir a escribir, salvo que se esté copiando
    if (!String(getSelection()) && !event.target.closest("button, a, input")) input.focus({ preventScroll: true });
  });
  on(root, "keydown", (event) => {
    event.stopPropagation();                  // que quien aloja no tome las teclas por suyas
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    if (!choices.hidden) return hideChoices();
    document.activeElement.blur();
    root.parentElement.closest("[tabindex]")?.focus({ preventScroll: true });
  });

  // ---- enseñar ----
  const bottom = () => { log.scrollTop = log.scrollHeight; };
  function drawLine(line) {
    if (line.kind === "say") {
      return make("div", { className: "tw-note" }, ...line.parts.map(([title, text]) =>
        make("p", {}, ...(title ? [make("b", {}, `${title}. `)] : []), ...rich(text))));
    }
    const text = plain(line);
    return make("div", { className: `tw-line tw-is-${line.kind}${isTable(text) ? " tw-table" : ""}` },
      ...line.parts.map(([kind, piece]) => make("span", { className: `tw-${kind}` }, piece)), text ? "" : "\u200b");
  }
  function drawLog(from) {
    rows.querySelectorAll(".tw-sent").forEach((echo) => echo.remove());
    while (rows.children.length > from) rows.lastChild.remove();
    rows.append(...screen.lines.slice(from).map(drawLine));
    showStatus();
  }
  function showStatus() {
    const { asking, secret, place, undo: label } = model.get("status"), last = screen.lines[screen.lines.length - 1];
    const open = asking && last?.open ? last : null;
    prompt.textContent = open ? plain(open).trimEnd() : asking ? ">" : `${place} $`.trim();
    rows.lastChild?.classList.toggle("tw-open", Boolean(open));
    hello.hidden = screen.received > 0;
    terminal.classList.toggle("tw-asking", asking);
    input.type = secret ? "password" : "text";
    input.placeholder = asking || screen.received ? "" : words.placeholder;
    back1.disabled = !label;
    back1.title = label ? `${words.undo}: ${label}` : words.nothingToUndo;
    bottom();
  }
  function showError() { alarm.textContent = model.get("error"); alarm.hidden = !alarm.textContent; root.setAttribute("aria-busy", "false"); }
  function showPast() {
    const { steps } = model.get("status"), index = model.get("index");
    past.hidden = !steps || index >= steps - 1;
    if (past.hidden) return past.replaceChildren();
    past.replaceChildren(make("span", {}, words.past.replace("{index}", index + 1).replace("{steps}", steps)),
      button(words.present, () => { model.set("index", model.get("status").steps - 1); model.save_changes(); input.focus({ preventScroll: true }); }));
  }
  function showTask() {
    const { title, story, goals, state, verdict, hints, left, solution, explanation, count } = model.get("task");
    task.hidden = chip.hidden = !title;
    if (!title) return;
    chip.className = `tw-chip tw-${state}`;
    chip.replaceChildren(sign(state), words[state]);
    const held = task.contains(document.activeElement) ? document.activeElement.dataset.act : "";
    const act = (name, label, props = {}) => button(label, () => send({ type: name }), { "data-act": name, ...props });
    const said = make("div", { className: "tw-said", role: "status" },
      ...hints.map((hint, i) => make("div", { className: "tw-hint" }, make("b", {}, `${words.hint} ${i + 1}. `), ...rich(hint))),
      ...(solution ? [make("div", { className: "tw-hint" }, make("b", {}, `${words.solution}. `), make("pre", {}, solution))] : []),
      ...(verdict ? [make("div", { className: `tw-verdict tw-${state}` }, sign(state), make("div", {}, make("b", {}, `${words[state]}. `), ...rich(verdict), ...(explanation ? [make("div", { className: "tw-why" }, ...rich(explanation))] : [])))] : []));
    task.replaceChildren(make("div", { className: "tw-story" }, ...rich(story),
      make("div", { className: "tw-acts", role: "group", "aria-label": words.help },
        act("check", words.check, { className: "tw-main-act" }), act("hint", left ? `${words.hint} (${left})` : words.hint, { disabled: !left }), act("solution", words.solution, { disabled: Boolean(solution) }))),
      make("div", { className: "tw-goals" }, make("div", { className: "tw-bar" }, make("span", { className: "tw-name" }, words.goals), make("span", { className: "tw-word" }, count)),
        make("ul", {}, ...goals.map(([text, done]) => make("li", { className: done ? "tw-done" : "" }, sign(done ? "correcto" : "pendiente"),
          make("span", { className: "tw-goal-text" }, ...rich(text)), make("span", { className: "tw-word" }, done ? words.done : words.todo))))), said);
    if (held) (task.querySelector(`[data-act="${held}"]:not(:disabled)`) || task.querySelector("[data-act]")).focus({ preventScroll: true });
    goal?.missing(model.get("task"));
  }
  const receive = (message) => { if (message.type === "completed") offer(message); else if (message.type === "ready") root.setAttribute("aria-busy", "false"); else panels.receive(message); };
  screen.listeners.add(drawLog); undo.push(() => screen.listeners.delete(drawLog));
  watch("msg:custom", receive); watch("change:status", showStatus); watch("change:error", showError);
  watch("change:task", showTask); watch("change:index", showPast); watch("change:title", () => {});
  drawLog(0); showTask(); showError(); showPast();
  return () => { abort.abort(); goal?.close(); undo.forEach((run) => run()); };

  function copyText(text, from) {
    const done = () => { const label = from.textContent; from.textContent = words.copied; setTimeout(() => { from.textContent = label; }, 1500); };
    const old = () => {                       // sin portapapeles: como antes
      const area = make("textarea", { value: text, className: "tw-hidden" });
      root.append(area); area.select(); document.execCommand("copy"); area.remove(); from.focus({ preventScroll: true }); done();
    };
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, old); else old();
  }
}

// La meta: un dibujo quieto, con sus palabras y lo que falta para llegar.
function makeGoal(model, words) {
  const pack = model.get("_goal");
  if (!pack) return null;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), draw = makeStage(svg), frames = [];
  const said = make("ul"), missing = make("ul"), none = make("p");
  const el = make("section", { className: "tw-goal", "aria-label": words.goal }, make("div", { className: "tw-bar" }, make("span", { className: "tw-name" }, words.goal)), svg,
    make("div", { className: "tw-missing" }, make("div", { className: "tw-name" }, words.missing), none, missing),
    make("details", { className: "dl-said" }, make("summary", {}, words.description), said));
  svg.setAttribute("class", "dl-svg"); svg.setAttribute("role", "img"); svg.setAttribute("aria-label", words.goal);
  const size = new ResizeObserver(() => {
    const sizes = model.get("widths"), side = el.clientWidth < (sizes[0] + sizes[1]) / 2 ? 1 : 0;
    if (!frames.length) return;
    const view = frames[0].views[side];
    svg.setAttribute("viewBox", `0 0 ${sizes[side]} ${view.height}`);
    draw(view, view, 0);
  });
  unpack(pack).then((diffs) => { applyFrames(frames, diffs); said.replaceChildren(...frames[0].said.map((text) => make("li", {}, text))); size.observe(el); });
  return { el, close: () => size.disconnect(), missing({ missing: list, same }) {
    none.textContent = same;
    none.hidden = list.length > 0; missing.hidden = !list.length;
    missing.replaceChildren(...list.map((text) => make("li", {}, ...rich(text))));
  } };
}

export default () => {
  const base = player();
  let screen;
  return {
    initialize({ model }) {
      screen = makeScreen(model);
      const receive = (message) => { if (message.type === "screen") screen.push(message.from, message.entries, message.all); };
      model.on("msg:custom", receive);
      model.send({ type: "lost", from: screen.received });
      const close = base.initialize({ model });
      return () => { model.off("msg:custom", receive); close?.(); };
    },
    render: (context) => renderWorkshop(base, screen, context),
  };
};
