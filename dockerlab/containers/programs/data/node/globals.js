// Los globales de Node que se pueden escribir en JavaScript.
const native = process.binding("http");

class URLSearchParams {
  constructor(source) {
    this.list = [];
    if (typeof source === "string") source.replace(/^\?/, "").split("&").filter(Boolean).forEach((pair) => {
      const [key, ...rest] = pair.split("=");
      const clean = (text) => decodeURIComponent(text.replace(/\+/g, " "));
      this.list.push([clean(key), clean(rest.join("="))]);
    });
    else if (source) this.list = Object.entries(source).map(([key, value]) => [key, String(value)]);
  }
  get(name) { const found = this.list.find(([key]) => key === name); return found ? found[1] : null; }
  has(name) { return this.list.some(([key]) => key === name); }
  set(name, value) { this.list = this.list.filter(([key]) => key !== name); this.append(name, value); }
  append(name, value) { this.list.push([name, String(value)]); }
  delete(name) { this.list = this.list.filter(([key]) => key !== name); }
  getAll(name) { return this.list.filter(([key]) => key === name).map(([, value]) => value); }
  entries() { return this.list; }
  forEach(action) { this.list.forEach(([key, value]) => action(value, key)); }
  toString() { return this.list.map((pair) => pair.map(encodeURIComponent).join("=")).join("&"); }
}

class URL {
  constructor(text, base) {
    if (base && !/^[a-z]+:\/\//.test(text)) text = String(base.href || base).replace(/^([a-z]+:\/\/[^/]+).*$/, "$1") +
      (text[0] === "/" ? "" : "/") + text;
    const found = /^([a-z][a-z0-9+.-]*:)\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^:/?#]*)(?::([0-9]+))?([^?#]*)(\?[^#]*)?(#.*)?$/.exec(text);
    if (!found) { const problem = new TypeError("Invalid URL"); problem.code = "ERR_INVALID_URL"; problem.input = text; throw problem; }
    this.protocol = found[1]; this.username = found[2] || ""; this.password = found[3] || "";
    this.hostname = found[4]; this.port = found[5] || "";
    this.host = this.hostname + (this.port ? ":" + this.port : "");
    this.origin = this.protocol + "//" + this.host;
    this.pathname = found[6] || "/"; this.search = found[7] || ""; this.hash = found[8] || "";
    this.searchParams = new URLSearchParams(this.search);
    this.href = this.origin + this.pathname + this.search + this.hash;
  }
  toString() { return this.href; }
}

async function fetch(target, options) {
  let answer;
  try { answer = await native.request(String(target.href || target), options || {}); } catch (problem) {
    const wrapped = new TypeError("fetch failed");
    wrapped.cause = problem;
    throw wrapped;
  }
  return { status: answer.status, statusText: answer.statusText, ok: answer.status >= 200 && answer.status < 300,
    headers: { get: (name) => answer.headers[name.toLowerCase()] || null }, url: String(target),
    text: async () => answer.body, json: async () => JSON.parse(answer.body) };
}

class AbortController { constructor() { this.signal = {}; } abort() {} }
class TextEncoder { encode(text) { return Buffer.from(text); } }
module.exports = { URL, URLSearchParams, fetch, AbortController, TextEncoder };
