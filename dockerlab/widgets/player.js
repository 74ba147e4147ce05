// Un reproductor de dibujos con claves: lee fotogramas como diferencias y pinta
// cualquier posición intermedia. No sabe qué significan los dibujos, y de quien
// lo aloja solo usa model.get/set/on/off/send/save_changes.

const NS = "http://www.w3.org/2000/svg";
const TWEEN = 650;       // ms entre dos fotogramas
const HEAD = 8;          // px de los brazos de una punta de flecha
const TAGS = { b: "rect", t: "text", p: "path", g: "g" };
const ANCHORS = { s: "start", m: "middle", e: "end" };

export const ease = (t) => (t < 0.5 ? 4 * t ** 3 : 1 - (2 - 2 * t) ** 3 / 2);
export const reading = (text) => 700 + 32 * text.length;   // ms para leer un pie

// ---- Fotogramas: sumar diferencias -----------------------------------------

export function applyDrawing(before, diff) {
  const items = new Map(before ? before.items : []);
  for (const key of diff.r || []) items.delete(key);
  let order = before ? before.order.filter((key) => items.has(key)) : [];
  for (const [key, fields] of Object.entries(diff.s || {})) {
    const old = items.get(key), { a: after, ...own } = fields;
    items.set(key, { ...old, ...own });
    if (old) continue;
    if (after === undefined) order.push(key);
    else order.splice(order.indexOf(after || own.p) + 1, 0, key);   // sin hermana: la primera de su grupo
  }
  return { height: diff.h ?? before.height, items, order: diff.o || order };
}

export function applyFrames(frames, diffs) {
  for (const diff of diffs) {
    const last = frames[frames.length - 1];
    frames.push({ caption: diff.c, mark: diff.m, said: diff.d, ask: diff.q, views: diff.v.map((d, i) => applyDrawing(last && last.views[i], d)) });
  }
}

// Hasta dónde se puede ir: una pregunta sin contestar no deja ver lo que viene detrás.
export function reach(frames, answered, index) {
  const gate = frames.findIndex((frame, i) => i < index && frame.ask && !answered.has(i));
  return gate < 0 ? index : gate;
}

export async function unpack(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).json();
}

// ---- La pose: una función pura de dos dibujos y una fracción -----------------

const round = (x) => Math.round(x * 100) / 100;

export function pose(A, B, f) {
  const keys = f === 0 ? A.order : [...B.order, ...A.order.filter((k) => !B.items.has(k))];
  return keys.map((key) => {
    const a = A.items.get(key), b = f === 0 ? a : B.items.get(key);
    const look = (f < 0.5 ? a || b : b || a);
    let n = look.n, opacity = 1, dx = 0, dy = 0;
    if (a && b) {
      if (a.n.length === b.n.length && a.p === b.p) n = a.n.map((x, i) => round(x + (b.n[i] - x) * f));
      if (look.k === "t" && a.s !== b.s) opacity = Math.abs(1 - 2 * f);
    } else {
      const [from, to, rate] = a ? [B, A, f] : [A, B, 1 - f];       // rate: cuánto le falta para estar
      if (!look.p || from.items.has(look.p) === to.items.has(look.p)) {
        const [ex, ey] = !a && look.e.length ? look.e : [0, a ? 8 : -10];
        opacity = (1 - rate) ** 1.5; dx = round(ex * rate); dy = round(ey * rate);
      }
    }
    return { key, kind: look.k, parent: look.p, style: look.c, data: look.s, n, opacity, dx, dy };
  });
}

export function pathData(n, flags) {
  const points = [];
  for (let i = 1; i < n.length; i += 2) points.push([n[i], n[i + 1]]);
  const toward = ([x, y], [u, v]) => {
    const length = Math.hypot(u - x, v - y) || 1, share = Math.min(n[0], length / 2) / length;
    return `${round(x + (u - x) * share)} ${round(y + (v - y) * share)}`;
  };
  let d = `M${points[0].join(" ")}`;
  for (let i = 1; i < points.length; i++) {
    const p = points[i];
    d += n[0] && i < points.length - 1
      ? `L${toward(p, points[i - 1])}Q${p.join(" ")} ${toward(p, points[i + 1])}` : `L${p.join(" ")}`;
  }
  if (flags.includes("z")) d += "Z";
  if (flags.includes("h")) {
    const [[x0, y0], [x, y]] = points.slice(-2), length = Math.hypot(x - x0, y - y0) || 1;
    const ux = ((x - x0) / length) * HEAD, uy = ((y - y0) / length) * HEAD;
    d += `M${round(x - ux - uy * 0.6)} ${round(y - uy + ux * 0.6)}L${x} ${y}L${round(x - ux + uy * 0.6)} ${round(y - uy - ux * 0.6)}`;
  }
  return d;
}

export function attributes({ kind, n, data, dx, dy, opacity, style }) {
  const shift = dx || dy ? `translate(${dx} ${dy})` : null;
  const all = { class: style ? `dl-${style}` : null, opacity: opacity < 1 ? round(opacity) : null, transform: shift };
  if (kind === "b") return { ...all, x: n[0], y: n[1], width: Math.max(0, n[2]), height: Math.max(0, n[3]), rx: n[4], ry: n[5] };
  if (kind === "t") return { ...all, x: n[0], y: n[1], "font-size": n[2], "text-anchor": ANCHORS[data[0]] };
  if (kind === "p") return { ...all, d: pathData(n, data) };
  return { ...all, transform: `translate(${round(n[0] + dx)} ${round(n[1] + dy)})` };
}

// ---- El escenario: lleva una pose al documento, tocando solo lo que cambia -----

export function makeStage(svg) {
  const nodes = new Map();
  let order = [];                           // de qué depende el orden: los dos dibujos y la mitad en que se está
  return function draw(A, B, f) {
    const items = pose(A, B, f), now = [A, f === 0 ? A : B, f < 0.5];
    const arranged = now.every((part, i) => part === order[i]);
    for (const item of items) {
      let node = nodes.get(item.key);
      if (!node || node.kind !== item.kind) {
        node?.el.remove();
        node = { el: svg.ownerDocument.createElementNS(NS, TAGS[item.kind]), kind: item.kind, now: {}, text: "" };
        node.el.dataset.key = item.key;
        nodes.set(item.key, node);
      }
      const wanted = attributes(item);
      for (const name in wanted) {
        const value = wanted[name];
        if (node.now[name] === value) continue;
        node.now[name] = value;
        if (value === null) node.el.removeAttribute(name); else node.el.setAttribute(name, value);
      }
      const text = item.kind === "t" ? item.data.slice(1) : "";
      if (node.text !== text) node.el.textContent = node.text = text;
    }
    if (arranged) return;
    order = now;
    const seen = new Set(items.map((item) => item.key));
    for (const [key, node] of nodes) if (!seen.has(key)) { node.el.remove(); nodes.delete(key); }
    const last = new Map();                 // cada figura, detrás de su hermana anterior; sin moverla si ya está
    for (const { key, parent } of items) {
      const home = parent ? nodes.get(parent).el : svg, { el } = nodes.get(key);
      const place = last.has(home) ? last.get(home).nextSibling : home.firstChild;
      if (place !== el) home.insertBefore(el, place);
      last.set(home, el);
    }
  };
}

// ---- Los fotogramas de un modelo: los que trae y los que vayan llegando --------

function makeStore(model) {
  const store = { frames: [], listeners: new Set(), received: 0, work: Promise.resolve() };
  store.push = (from, packs) => {
    if (from > store.received) return model.send({ type: "need", from: store.received });
    const fresh = packs.slice(store.received - from);
    store.received += fresh.length;
    for (const pack of fresh) {
      store.work = store.work.then(() => unpack(pack)).then((diffs) => {
        applyFrames(store.frames, diffs);
        store.listeners.forEach((tell) => tell());
      });
    }
  };
  store.push(0, model.get("_packs"));
  return store;
}

// ---- La vista -------------------------------------------------------------

const ICONS = { prev: "M4 3h2v10H4zM14 3v10L7 8z", next: "M10 3h2v10h-2zM2 3v10l7-5z", play: "M4.5 2.5v11l9-5.5z",
                pause: "M4 3h3v10H4zM9 3h3v10H9z", again: "M8 3a5 5 0 1 1-4.6 3l1.4.6A3.5 3.5 0 1 0 8 4.5V7L4 3.7 8 .5z" };

export function make(tag, props = {}, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name in el) el[name] = value; else el.setAttribute(name, value);
  }
  el.append(...children);
  return el;
}

// El texto en trozos; lo que va entre acentos graves, en letra de código.
export const coded = (text) => text.split("`").map((part, i) => (i % 2 ? make("code", {}, part) : part));

function setIcon(button, name, label) {
  if (button.dataset.icon === name) return;
  button.dataset.icon = name;
  button.title = label;
  button.setAttribute("aria-label", label);
  button.innerHTML = `<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path fill="currentColor" d="${ICONS[name]}"/></svg>`;
}

function render(store, { model, el }) {
  const words = model.get("labels"), abort = new AbortController(), undo = [];
  const on = (target, name, run) => target.addEventListener(name, run, { signal: abort.signal });
  const watch = (name, run) => { model.on(name, run); undo.push(() => model.off(name, run)); };
  const id = "dl" + Math.random().toString(36).slice(2, 9);

  const svg = document.createElementNS(NS, "svg");
  svg.setAttribute("class", "dl-svg"); svg.setAttribute("role", "img"); svg.setAttribute("aria-describedby", id);
  const draw = makeStage(svg);
  const button = (name) => { const b = make("button", { type: "button", className: `dl-icon dl-${name}` }); setIcon(b, name, words[name]); return b; };
  const prev = button("prev"), play = button("play"), next = button("next");
  const scrub = make("input", { type: "range", min: 0, step: 0.01, className: "dl-scrub", "aria-label": words.timeline });
  const ticks = make("div", { className: "dl-ticks", "aria-hidden": "true" });
  const speed = make("select", { className: "dl-speed", "aria-label": words.speed },
    ...[0.5, 1, 2, 4].map((v) => make("option", { value: v, selected: v === 1 }, `${v}×`)));
  const chapters = make("select", { className: "dl-chapters", "aria-label": words.chapters });
  const count = make("span", { className: "dl-count" });
  const caption = make("p", { className: "dl-caption", role: "status" }), ghost = make("p", { className: "dl-caption dl-ghost", "aria-hidden": "true" });
  const said = make("ul", { id });
  const quiz = make("div", { className: "dl-ask", role: "group", "aria-label": words.ask, hidden: true });
  const alarm = make("p", { className: "dl-error", role: "alert", hidden: true });
  const actions = make("div", { className: "dl-actions", role: "group", "aria-label": words.actions });
  const log = make("pre", { className: "dl-log", role: "log", tabIndex: 0, "aria-label": words.terminal });
  const bar = make("div", { className: "dl-bar", role: "toolbar", "aria-label": words.controls },
    make("div", { className: "dl-keys" }, prev, play, next), make("div", { className: "dl-track" }, ticks, scrub),
    make("div", { className: "dl-picks" }, chapters, speed));
  const root = make("div", { className: "dl", tabIndex: 0, role: "group", "aria-label": model.get("title"), "data-lm-suppress-shortcuts": "true" },
    make("div", { className: "dl-head" }, make("span", { className: "dl-title" }, model.get("title")), count),
    actions, log, alarm, svg, make("div", { className: "dl-captions" }, ghost, caption), quiz,
    bar,
    make("details", { className: "dl-said" }, make("summary", {}, words.description), said));
  el.append(root);

  let at = 0, goal = 0, jump = 1, playing = false, waited = 0, request = 0, clock = 0, shown = -1, marked = 0, side = -1;
  const total = () => store.frames.length, last = () => total() - 1;
  const answered = new Map();
  const clamp = (i) => { const to = Math.max(0, Math.min(last(), i)); return Math.min(to, reach(store.frames, answered, Math.ceil(to))); };
  const waiting = (i) => store.frames[i]?.ask && !answered.has(i);
  const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  function paint() {
    if (!total()) return;
    const floor = Math.floor(at + 1e-6), f = at - floor < 1e-4 ? 0 : at - floor, index = Math.round(at);
    const A = store.frames[floor], B = store.frames[Math.min(floor + 1, last())];
    draw(A.views[side], B.views[side], f && ease(f));
    scrub.value = at;
    root.style.setProperty("--dl-fill", `${last() ? (100 * at) / last() : 100}%`);
    if (index !== shown) tell(index);
    const settled = at === goal && !playing;
    root.dataset.at = at.toFixed(3); root.dataset.settled = settled;
    if (settled && model.get("index") !== index) { model.set("index", index); model.save_changes(); }
    setIcon(play, playing ? "pause" : goal >= last() && total() > 1 ? "again" : "play",
            playing ? words.pause : goal >= last() && total() > 1 ? words.again : words.play);
    prev.disabled = goal <= 0; next.disabled = goal >= last() || waiting(goal);
  }
  function tell(index) {
    const frame = store.frames[shown = index];
    caption.textContent = frame.caption;
    svg.setAttribute("aria-label", frame.caption);
    scrub.setAttribute("aria-valuetext", `${index + 1} / ${total()}: ${frame.caption}`);
    said.replaceChildren(...frame.said.map((s) => make("li", {}, s)));
    count.textContent = `${index + 1} / ${total()}`;
    showAsk(index);
    const mine = store.frames.findLastIndex((fr, i) => i <= index && fr.mark);
    if (mine >= 0) chapters.value = mine;
  }
  function showAsk(index) {                  // la pregunta de este fotograma, con sus razones si ya se contestó
    const { ask } = store.frames[index], chosen = answered.get(index);
    quiz.hidden = !ask;
    if (!ask) return;
    const [question, options] = ask, done = chosen !== undefined;
    quiz.replaceChildren(make("p", { className: "dl-question" }, ...coded(question)), ...options.map(([text, , right], i) => {
      const b = make("button", { type: "button", className: done && right ? "dl-right" : done && i === chosen ? "dl-wrong" : "", "aria-pressed": i === chosen },
                     done && right ? "✓ " : done && i === chosen ? "✗ " : "", ...coded(text));
      on(b, "click", () => { answered.set(index, i); showAsk(index); paint(); quiz.lastChild.focus({ preventScroll: true }); });
      return b;
    }), make("p", { className: "dl-reason", role: "status" }, ...coded(done ? options[chosen][1] : "")));
    if (!done || index >= last()) return;
    const more = make("button", { type: "button", className: "dl-on" }, words.on);
    on(more, "click", () => { root.focus({ preventScroll: true }); step(1); });
    quiz.append(more);
  }
  function measure() {                       // lo que depende de cuántos fotogramas hay y del ancho
    const sizes = model.get("widths"), wanted = (root.clientWidth || 900) < (sizes[0] + sizes[1]) / 2 ? 1 : 0;
    if (!total()) return;
    const [base, tall] = [sizes[wanted], Math.max(...store.frames.map((fr) => fr.views[wanted].height))];
    svg.setAttribute("viewBox", `0 0 ${base} ${tall}`);
    root.dataset.side = wanted ? "narrow" : "wide";
    scrub.max = Math.max(1, last()); bar.hidden = !last();
    ghost.textContent = store.frames.reduce((long, fr) => (fr.caption.length > long.length ? fr.caption : long), "");
    if (side !== wanted || marked !== total()) {
      side = wanted; marked = total(); shown = -1;
      const marks = store.frames.map((fr, i) => [fr.mark, i]).filter(([mark]) => mark);
      chapters.replaceChildren(...marks.map(([mark, i]) => make("option", { value: i }, `${i + 1}. ${mark}`)));
      chapters.hidden = marks.length < 2;
      ticks.replaceChildren(...marks.map(([, i]) => { const t = make("i"); t.style.left = `${last() ? (100 * i) / last() : 0}%`; return t; }));
      paint();
    }
  }
  function tick(now) {
    request = 0;
    const passed = Math.min(64, now - (clock || now)) * +speed.value;
    clock = now;
    if (at !== goal) {
      const step = still() ? Infinity : (passed / TWEEN) * Math.max(1, jump);
      at = Math.abs(goal - at) <= step ? goal : at + Math.sign(goal - at) * step;
      waited = 0;
    } else if (playing && (goal >= last() || waiting(goal))) playing = false;
    else if (playing && (waited += passed) >= reading(store.frames[Math.round(at)].caption)) { goal += 1; jump = 1; }
    paint();
    if (at !== goal || playing) wake(); else clock = 0;
  }
  const wake = () => { request ||= requestAnimationFrame(tick); };
  const go = (index) => { goal = clamp(index); jump = Math.abs(goal - at); clock = 0; wake(); };
  const jumpTo = (index) => { setPlaying(false); go(index); };
  const step = (by) => jumpTo(Math.round(goal) + by);
  const chapter = (by) => {
    const marks = store.frames.flatMap((fr, i) => (fr.mark ? [i] : []));
    const there = by > 0 ? marks.find((i) => i > goal) : marks.findLast((i) => i < goal);
    jumpTo(there ?? (by > 0 ? last() : 0));
  };
  function setPlaying(value) {
    if (value && waiting(goal)) return quiz.querySelector("button").focus();
    playing = value && total() > 1; waited = value ? Infinity : 0; clock = 0;
    if (playing && goal >= last()) { at = goal = 0; waited = 0; }
    wake();
  }

  on(play, "click", () => setPlaying(!playing));
  on(prev, "click", () => step(-1));
  on(next, "click", () => step(1));
  on(scrub, "input", () => { setPlaying(false); at = goal = clamp(+scrub.value); wake(); });
  on(scrub, "change", () => go(Math.round(+scrub.value)));
  on(chapters, "change", () => jumpTo(+chapters.value));
  const KEYS = { ArrowRight: () => step(1), ArrowLeft: () => step(-1), Home: () => jumpTo(0), End: () => jumpTo(last()),
                 PageDown: () => chapter(1), PageUp: () => chapter(-1), " ": () => setPlaying(!playing),
                 Escape: () => { document.activeElement.blur(); root.parentElement.closest("[tabindex]")?.focus({ preventScroll: true }); } };
  on(root, "keydown", (event) => {
    event.stopPropagation();               // que quien aloja no tome las teclas por suyas
    const target = event.target, run = KEYS[event.key];
    if (!run || event.ctrlKey || event.metaKey || event.altKey || (target.tagName === "SELECT" && event.key !== "Escape")) return;
    if (event.key === " " && target.closest("button, summary")) return;
    if (target === log && event.key !== "Escape") return;
    event.preventDefault();
    run();
  });
  let touch = null;                         // deslizar el dedo: un paso
  on(svg, "pointerdown", (e) => { touch = e.pointerType === "mouse" ? null : [e.clientX, e.clientY]; });
  on(svg, "pointerup", (e) => {
    const [dx, dy] = touch ? [e.clientX - touch[0], e.clientY - touch[1]] : [0, 0];
    touch = null;
    if (Math.abs(dx) > 40 && Math.abs(dx) > 2 * Math.abs(dy)) step(dx < 0 ? 1 : -1);
  });

  function showActions() {
    const focused = actions.contains(document.activeElement) ? document.activeElement.dataset.act : "";
    const list = model.get("actions");
    actions.hidden = !list.length;
    actions.replaceChildren(...list.map(({ id: act, label, title, refused }) => {
      const b = make("button", { type: "button", className: refused ? "dl-refused" : "", title, "data-act": act }, label);
      on(b, "click", () => { root.setAttribute("aria-busy", "true"); model.send({ type: "act", id: act }); });
      return b;
    }));
    if (focused) (actions.querySelector(`[data-act="${focused}"]`) || root).focus({ preventScroll: true });
  }
  function showLog() {
    const list = model.get("log");
    root.setAttribute("aria-busy", "false");
    log.hidden = !list.length;
    log.replaceChildren(...list.flatMap(([order, output]) =>
      [make("span", { className: "dl-order" }, `$ ${order}\n`), ...(output ? [`${output.replace(/\n$/, "")}\n`] : [])]));
    log.scrollTop = log.scrollHeight;
  }
  function showError() { alarm.textContent = model.get("error"); alarm.hidden = !alarm.textContent; root.setAttribute("aria-busy", "false"); }
  const arrived = () => {
    if (side < 0) at = goal = clamp(model.get("index"));
    measure();
    if (model.get("follow")) { go(last()); jump = Math.max(1, jump / 2); } else paint();   // con tiempo de verlos
  };
  store.listeners.add(arrived); undo.push(() => store.listeners.delete(arrived));
  watch("change:actions", showActions); watch("change:log", showLog); watch("change:error", showError);
  watch("change:index", () => { if (model.get("index") !== Math.round(goal)) jumpTo(model.get("index")); });
  showActions(); showLog(); showError();

  if (total()) arrived();
  const size = new ResizeObserver(measure);
  size.observe(root);
  if (model.get("autoplay") && !still()) setPlaying(true);
  return () => { abort.abort(); size.disconnect(); cancelAnimationFrame(request); undo.forEach((run) => run()); };
}

// Quien lo aloja puede dar modelos distintos a initialize y a render: lo común vive en esta clausura.
export default () => {
  let store;
  return {
    initialize({ model }) {
      store = makeStore(model);
      const receive = (message) => { if (message.type === "append") store.push(message.from, message.packs); };
      model.on("msg:custom", receive);
      model.send({ type: "need", from: store.received });   // lo que llegó antes que este archivo
      return () => model.off("msg:custom", receive);
    },
    render: (context) => render(store, context),
  };
};
