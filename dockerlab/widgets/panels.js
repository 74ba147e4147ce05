// Los paneles del taller: la carpeta, lo de dentro y compartir. Ni saben de qué
// van los archivos ni hablan con nadie más que con quien los aloja.
import { make } from "./player.js";

// El texto con `código` entre acentos graves y párrafos en las líneas en blanco.
export function pieces(text) {
  return text.trim().split(/\n\s*\n/).map((part) => part.split("`").map((piece, i) => [i % 2 ? "code" : "text", piece]).filter(([, piece]) => piece));
}

export function rich(text) {
  const paragraphs = pieces(text).map((part) => part.map(([kind, piece]) => (kind === "code" ? make("code", {}, piece) : piece)));
  return paragraphs.length === 1 ? paragraphs[0] : paragraphs.map((part) => make("p", {}, ...part));
}

// El orden en que el teclado recorre un árbol: las filas que se ven.
export function visible(rows, open, path = "") {
  return (rows.get(path) || []).flatMap((row) => [row, ...(open.has(row.path) ? visible(rows, open, row.path) : [])]);
}

export function makePanels({ model, words, send, on, watch, copyText }) {
  const button = (label, run, props = {}) => { const b = make("button", { type: "button", ...props }, label); on(b, "click", run); return b; };
  const id = "tw" + Math.random().toString(36).slice(2, 8), parts = { files: makeFiles(), inside: makeInside(), share: makeShare() };
  const tabs = {}, tablist = make("div", { className: "tw-tabs", role: "tablist", "aria-label": words.panels });
  const el = make("div", { className: "tw-panels" }, tablist);
  let shown = "";
  for (const name of Object.keys(parts)) {
    const panel = parts[name].el;
    panel.id = `${id}-${name}`; panel.hidden = true; panel.setAttribute("role", "tabpanel"); panel.setAttribute("aria-labelledby", `${id}-tab-${name}`);
    tabs[name] = button(words[name], () => show(shown === name ? "" : name), { id: `${id}-tab-${name}`, role: "tab", "aria-selected": "false", "aria-controls": panel.id });
    tablist.append(tabs[name]); el.append(panel);
  }
  on(tablist, "keydown", (event) => {
    const names = Object.keys(parts), here = names.findIndex((name) => tabs[name] === document.activeElement);
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: names.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    tabs[names[(to + names.length) % names.length]].focus();
  });
  function show(name) {
    shown = name;
    for (const [key, tab] of Object.entries(tabs)) {
      tab.setAttribute("aria-selected", String(key === name));
      parts[key].el.hidden = key !== name;
    }
    if (name) parts[name].opened?.();
  }
  return { el, receive(message) { for (const part of Object.values(parts)) part.receive?.(message); } };

  // ---- la carpeta: una lista y un editor ----
  function makeFiles() {
    const list = make("div", { className: "tw-files", role: "group", "aria-label": words.files });
    const name = make("input", { type: "text", className: "tw-field", "aria-label": words.fileName, placeholder: words.fileName, spellcheck: false, autocapitalize: "off" });
    const text = make("textarea", { className: "tw-editor", rows: 12, spellcheck: false, "aria-label": words.fileText, autocapitalize: "off" });
    const note = make("span", { className: "tw-aside", role: "status" });
    const save = button(words.save, () => store(), { className: "tw-main-act" }), drop = button(words.drop, () => { if (name.value.trim()) send({ type: "delete", name: name.value.trim() }); });
    const fresh = button(words.newFile, () => { put("", ""); name.focus(); }, { className: "tw-new" });
    const panel = make("div", { className: "tw-panel tw-two" }, make("div", { className: "tw-side" }, list, fresh),
      make("div", { className: "tw-work" }, name, text, make("div", { className: "tw-acts" }, save, drop, note)));
    let current = "", stored = "";
    function put(path, body) { current = name.value = path; stored = text.value = body; note.textContent = ""; drop.disabled = !path; draw(); }
    function store() { if (!name.value.trim()) { note.textContent = words.needsName; return name.focus(); } current = name.value.trim(); send({ type: "save", name: current, text: text.value }); }
    function draw() {
      const held = list.contains(document.activeElement) ? document.activeElement.textContent : null;
      list.replaceChildren(...model.get("files").map((path) => button(path, () => { if (!path.endsWith("/")) send({ type: "open", name: path }); },
        { className: "tw-file", "aria-current": String(path === current), disabled: path.endsWith("/") })));
      if (!list.children.length) list.append(make("p", { className: "tw-empty" }, words.noFiles));
      if (held !== null) ([...list.children].find((one) => one.textContent === held) || fresh).focus({ preventScroll: true });
    }
    on(text, "input", () => { note.textContent = text.value === stored ? "" : words.unsaved; });
    on(panel, "keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); store(); }
    });
    watch("change:files", draw);
    draw(); drop.disabled = true;
    return { el: panel, receive(message) {
      if (message.type === "opened") { put(message.name, message.text); if (message.show) { show("files"); text.focus(); } }
      if (message.type === "saved") { stored = message.text; note.textContent = words.saved; drop.disabled = false; draw(); }
      if (message.type === "deleted") put("", "");
      if (message.type === "refused") note.textContent = message.text;
    } };
  }

  // ---- lo de dentro: un árbol que se abre poco a poco ----
  function makeInside() {
    const pick = make("select", { className: "tw-pick", "aria-label": words.subject }), tree = make("ul", { className: "tw-tree", role: "tree", "aria-label": words.inside });
    const peek = make("pre", { className: "tw-peek", tabIndex: 0, "aria-label": words.fileText, role: "region" }), empty = make("p", { className: "tw-empty" }, words.nothingInside);
    const panel = make("div", { className: "tw-panel" }, pick, empty, make("div", { className: "tw-two" }, make("div", { className: "tw-work" }, tree), make("div", { className: "tw-work" }, peek)));
    const rows = new Map(), open = new Set();
    let of = "", at = "", seen = "";
    const ask = (path) => model.send({ type: "tree", of, path });
    function choose(subject) { of = subject; at = seen = ""; rows.clear(); open.clear(); peek.textContent = words.peekHint; tree.replaceChildren(); if (of) ask(""); }
    function draw() {
      const held = tree.contains(document.activeElement);
      const branch = (path, level) => (rows.get(path) || []).map((row) => {
        const folder = row.kind === "d", opened = open.has(row.path);
        const li = make("li", { role: "treeitem", tabIndex: -1, "data-path": row.path, "aria-level": level, ...(folder ? { "aria-expanded": String(opened) } : { "aria-selected": String(row.path === seen) }) },
          make("div", { className: `tw-row${row.written ? " tw-written" : ""}` }, make("span", { className: `tw-kind tw-kind-${row.kind}`, "aria-hidden": "true" }), make("span", { className: "tw-row-name" }, row.name + (folder ? "/" : ""), ...(row.kind === "l" ? [make("span", { className: "tw-aside" }, ` ${row.size}`)] : [])),
            make("span", { className: "tw-row-size" }, row.kind === "l" ? "" : row.size), make("span", { className: "tw-row-from", title: row.origin }, row.origin)));
        if (opened) li.append(make("ul", { role: "group" }, ...branch(row.path, level + 1)));
        return li;
      });
      tree.replaceChildren(...branch("", 1));
      const here = tree.querySelector(`[data-path="${CSS.escape(at)}"]`) || tree.querySelector("li");
      if (here) { here.tabIndex = 0; if (held) here.focus({ preventScroll: true }); }
    }
    function toggle(row) {
      if (row.kind === "x") return;
      if (row.kind !== "d") { seen = row.path; model.send({ type: "peek", of, path: row.path }); return draw(); }
      if (open.has(row.path)) open.delete(row.path); else { open.add(row.path); ask(row.path); }
      draw();
    }
    const find = (path) => visible(rows, open).find((row) => row.path === path);
    const go = (row) => { if (!row) return; at = row.path; draw(); tree.querySelector('[tabindex="0"]').focus({ preventScroll: false }); };
    on(tree, "click", (event) => { const li = event.target.closest("li"); if (!li) return; at = li.dataset.path; toggle(find(at)); tree.querySelector('[tabindex="0"]')?.focus({ preventScroll: true }); });
    on(tree, "keydown", (event) => {
      const list = visible(rows, open), here = Math.max(0, list.findIndex((row) => row.path === at)), row = list[here];
      if (!row) return;
      const opened = open.has(row.path), above = row.path.split("/").slice(0, -1).join("/");
      const run = { ArrowDown: () => go(list[here + 1]), ArrowUp: () => go(list[here - 1]), Home: () => go(list[0]), End: () => go(list[list.length - 1]),
        ArrowRight: () => (row.kind === "d" && !opened ? toggle(row) : go(list[here + 1])), ArrowLeft: () => (opened ? toggle(row) : go(find(above))),
        Enter: () => toggle(row), " ": () => toggle(row) }[event.key];
      if (run) { event.preventDefault(); at = row.path; run(); }
    });
    on(pick, "change", () => choose(pick.value));
    function list() {
      const subjects = model.get("subjects");
      pick.replaceChildren(...subjects.map(([value, label]) => make("option", { value, selected: value === of }, label)));
      empty.hidden = subjects.length > 0; pick.hidden = !subjects.length;
      if (!subjects.some(([value]) => value === of)) choose(subjects[0]?.[0] || "");
      else if (shown === "inside") { ask(""); open.forEach(ask); }
    }
    watch("change:subjects", list); watch("change:status", () => { if (shown === "inside" && of) { ask(""); open.forEach(ask); } });
    list();
    return { el: panel, opened: list, receive(message) {
      if (message.type === "tree" && message.of === of) { rows.set(message.path, message.rows); draw(); }
      if (message.type === "peek" && message.of === of) peek.textContent = message.text;
    } };
  }

  // ---- compartir: un guion y una línea que se puede pegar en otro sitio ----
  function makeShare() {
    const area = (label, rows, readOnly = true) => make("textarea", { className: "tw-editor", rows, readOnly, spellcheck: false, "aria-label": label });
    const script = area(words.script, 9), line = area(words.shareText, 4), other = area(words.paste, 3, false);
    other.placeholder = words.pasteHint;
    const trouble = make("p", { className: "dl-error", role: "alert", hidden: true });
    const block = (label, told, field, ...rest) => make("div", { className: "tw-block" }, make("div", { className: "tw-name" }, label), make("p", { className: "tw-empty" }, told), field, make("div", { className: "tw-acts" }, ...rest));
    const copier = (field) => { const b = button(words.copy, () => copyText(field.value, b)); return b; };
    const panel = make("div", { className: "tw-panel tw-two" }, block(words.script, words.scriptTold, script, copier(script)),
      make("div", { className: "tw-work" }, block(words.shareText, words.shareTold, line, copier(line)),
        block(words.paste, words.pasteTold, other, button(words.openIt, () => send({ type: "import", text: other.value }), { className: "tw-main-act" })), trouble));
    const ask = () => model.send({ type: "export" });
    watch("change:status", () => { if (shown === "share") ask(); });
    return { el: panel, opened: ask, receive(message) {
      if (message.type === "exported") { script.value = message.script; line.value = message.share; }
      if (message.type === "imported") { trouble.textContent = message.text; trouble.hidden = !message.text; if (!message.text) other.value = ""; }
    } };
  }
}
