// Preguntas de cinco clases. No sabe cuál es la respuesta: manda lo que hay
// puesto y enseña lo que le contestan. De quien lo aloja solo usa
// model.get/set/on/off/send/save_changes.

const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "html") made.innerHTML = value;
    else if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
};

let count = 0;

// Elegir: redondos si es una, cuadrados si son varias.
function pick(type) {
  return ({ question, given, keep }) => {
    const name = `dq-${++count}`, chosen = new Set(given || "");
    return [element("div", { class: "dq-options" }, ...question.choices.map(([letter, text]) => {
      const input = element("input", { type, name, value: letter });
      input.checked = chosen.has(letter);
      input.addEventListener("change", () => {
        if (type === "radio") chosen.clear();
        chosen[input.checked ? "add" : "delete"](letter);
        keep([...chosen].sort().join(""));
      });
      return element("label", {}, input, element("span", { html: `${letter}) ${text}` }));
    }))];
  };
}

// Ordenar: las filas no se mueven; cambia lo que hay en ellas, y el foco sigue a lo que se movió.
function order({ question, given, keep, labels, say }) {
  const texts = new Map(question.choices.map(([letter, html, plain]) => [letter, { html, plain }]));
  let now = [...(given || question.choices.map(([letter]) => letter))];
  const rows = now.map((_, place) => {
    const buttons = ["up", "down"].map((way) => element("button", {
      type: "button", class: "dq-move", "data-way": way, onclick: () => move(place, way === "up" ? -1 : 1, way),
      html: `<svg viewBox="0 0 16 16" aria-hidden="true"><path d="${way === "up" ? "M8 13V3M3.5 7.5 8 3l4.5 4.5" : "M8 3v10M3.5 8.5 8 13l4.5-4.5"}"/></svg>`,
    }));
    const text = element("span", { class: "dq-text" });
    return { text, buttons, row: element("li", {}, text, element("span", { class: "dq-moves" }, ...buttons)) };
  });
  const fill = () => rows.forEach(({ text, buttons }, place) => {
    const { html, plain } = texts.get(now[place]);
    text.innerHTML = `${now[place]}) ${html}`;
    buttons.forEach((button, side) => {
      const edge = place === (side ? now.length - 1 : 0);
      button.setAttribute("aria-label", `${side ? labels.down : labels.up}: ${plain}`);
      button.setAttribute("aria-disabled", edge);   // no disabled: perdería el foco
      button.title = edge ? (side ? labels.last : labels.first) : (side ? labels.down : labels.up);
    });
  });
  const move = (from, step, way) => {
    const to = from + step;
    if (to < 0 || to >= now.length) return say(way === "up" ? labels.first : labels.last);
    [now[from], now[to]] = [now[to], now[from]];
    fill();
    keep(now.join(""));
    rows[to].row.querySelector(`[data-way=${way}]`).focus();
    rows.forEach(({ row }, place) => row.classList.toggle("dq-moved", place === to));
    say(labels.moved.replace("{what}", texts.get(now[to]).plain).replace("{place}", to + 1).replace("{total}", now.length));
  };
  fill();
  keep(now.join(""), true);
  return [element("ol", { class: "dq-order" }, ...rows.map(({ row }) => row))];
}

function match({ question, given, keep, labels }) {
  const chosen = given || question.lefts.map(() => "");
  return [element("div", { class: "dq-match" }, ...question.lefts.map((left, place) => {
    const id = `dq-${++count}`;
    const select = element("select", { id }, element("option", { value: "" }, labels.choose),
      ...question.choices.map(([letter, , plain]) => element("option", { value: letter }, `${letter}) ${plain}`)));
    select.value = chosen[place];
    select.addEventListener("change", () => { chosen[place] = select.value; keep([...chosen]); });
    return element("div", { class: "dq-pair" }, element("label", { for: id, html: `${place + 1}. ${left}` }), select);
  }))];
}

function number({ question, given, keep }) {
  const id = `dq-${++count}`;
  const input = element("input", { id, type: "text", inputmode: "decimal", autocomplete: "off", size: "8", "aria-label": question.hint });
  input.value = given || "";
  input.addEventListener("input", () => keep(input.value));
  return [element("div", { class: "dq-number" }, input, element("span", { "aria-hidden": "true" }, question.unit))];
}

// ¿Falta algo por poner? Lo que ya trae un orden siempre está entero.
export const LACKS = { one: (given) => !given, many: (given) => !given, match: (given) => !given || given.includes(""), number: (given) => !given.trim(), order: () => false };
const KINDS = { one: pick("radio"), many: pick("checkbox"), order, match, number };

function form(model, question) {
  const labels = model.get("labels"), key = String(question.number);
  const status = element("div", { role: "status", class: "dq-status" });
  const said = element("div", { role: "status", class: "dq-said" });
  let times = 0;
  const keep = (answer, silently) => {
    if (silently && key in model.get("given")) return;
    model.set("given", { ...model.get("given"), [key]: answer });
    model.save_changes();
  };
  const body = KINDS[question.kind]({
    question, labels, keep, given: model.get("given")[key], say: (text) => { said.textContent = text; },
  });
  const check = element("button", { type: "submit", class: "dq-check" }, labels.check);
  const legend = element("legend", {}, element("span", { class: "dq-ask", html: question.ask }));
  if (question.hint) legend.append(element("span", { class: "dq-hint" }, question.hint));
  if (question.known) legend.append(element("span", { class: "dq-hint", html: `<span aria-hidden="true">✔</span> ${labels.known}` }));
  const root = element("form", {
    class: "dq-question", "data-number": key, novalidate: "",
    onsubmit: (event) => {
      event.preventDefault();
      const answer = model.get("given")[key] ?? "";
      if (!LACKS[question.kind](answer)) return model.send({ number: question.number, answer });
      said.textContent = labels.lacks[question.kind];
      ([...body[0].querySelectorAll("select")].find((one) => !one.value) || body[0].querySelector("input")).focus();
    },
  }, element("fieldset", {}, legend, ...body), element("div", { class: "dq-foot" }, check, said), status);
  const replied = () => {
    const reply = model.get("replies")[key];
    if (!reply || reply.times === times) return;
    times = reply.times;
    root.dataset.state = reply.kind;
    said.textContent = "";
    status.innerHTML = reply.html;
  };
  replied();
  return { root, replied };
}

export default () => ({
  render({ model, el }) {
    const forms = model.get("questions").map((question) => form(model, question));
    // JupyterLab escucha el teclado: aquí dentro las teclas son de la pregunta. Con Escape se vuelve a la celda.
    const root = element("div", {
      class: "dl dq", "data-lm-suppress-shortcuts": "true",
      onkeydown: (event) => { if (event.key !== "Escape") event.stopPropagation(); },
    }, element("div", { class: "dq-title", html: `<span aria-hidden="true">?</span> ${model.get("heading")}` }), ...forms.map(({ root }) => root));
    el.append(root);
    const update = () => forms.forEach(({ replied }) => replied());
    model.on("change:replies", update);
    return () => model.off("change:replies", update);
  },
});
