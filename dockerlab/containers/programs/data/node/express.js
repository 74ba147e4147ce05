// Un Express pequeño: rutas, funciones intermedias, respuestas y archivos estáticos.
const http = require("http");
const fs = require("fs");
const path = require("path");
const crypto = require("crypto");

const TYPES = { html: "text/html; charset=utf-8", htm: "text/html; charset=utf-8", css: "text/css; charset=utf-8",
  js: "application/javascript; charset=utf-8", json: "application/json; charset=utf-8", txt: "text/plain; charset=utf-8",
  text: "text/plain; charset=utf-8", svg: "image/svg+xml", png: "image/png", jpg: "image/jpeg", ico: "image/x-icon" };

function compile(pattern, exact) {
  if (pattern instanceof RegExp) return { regex: pattern, keys: [] };
  const keys = [];
  let source = String(pattern).replace(/\/+$/, "").replace(/[.]/g, "\\.").replace(/\*/g, "(.*)")
    .replace(/:([A-Za-z_]\w*)(\?)?/g, (all, name, optional) => { keys.push(name); return optional ? "([^/]*)" : "([^/]+)"; });
  return { regex: new RegExp("^" + source + (exact ? "/?$" : "(?=/|$)"), "i"), keys };
}

function page(message) {
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Error</title>\n</head>\n<body>\n<pre>" +
    message + "</pre>\n</body>\n</html>\n";
}

function escape(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/'/g, "&#39;").replace(/"/g, "&quot;");
}

const answers = {
  status(code) { this.statusCode = code; return this; },
  set(name, value) {
    if (typeof name === "object") Object.entries(name).forEach(([key, each]) => this.setHeader(key, each));
    else this.setHeader(name, value);
    return this;
  },
  get(name) { return this.getHeader(name); },
  append(name, value) { return this.set(name, value); },
  type(kind) { return this.set("Content-Type", kind.includes("/") ? kind : TYPES[kind.replace(".", "")] || kind); },
  cookie(name, value) { return this.set("Set-Cookie", name + "=" + encodeURIComponent(value) + "; Path=/"); },
  clearCookie(name) { return this.set("Set-Cookie", name + "=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT"); },
  send(body) {
    if (body === undefined) body = "";
    if (body === null) body = "";
    if (Buffer.isBuffer(body)) { if (!this.getHeader("Content-Type")) this.type("application/octet-stream"); }
    else if (typeof body === "object" || typeof body === "boolean" || typeof body === "number") return this.json(body);
    else if (!this.getHeader("Content-Type")) this.type("html");
    const size = Buffer.byteLength(body);
    this.setHeader("Content-Length", String(size));
    if (size) this.setHeader("ETag", 'W/"' + size.toString(16) + "-" +
      crypto.createHash("sha1").update(body).digest("base64").slice(0, 27) + '"');
    this.end(body);
    return this;
  },
  json(value) {
    if (!this.getHeader("Content-Type")) this.type("json");
    return this.send(JSON.stringify(value));
  },
  sendStatus(code) { this.statusCode = code; return this.type("txt").send(http.STATUS_CODES[code] || String(code)); },
  redirect(code, target) {
    if (target === undefined) { target = code; code = 302; }
    this.statusCode = code;
    this.set("Location", target);
    return this.type("txt").send(`${code === 301 ? "Moved Permanently" : "Found"}. Redirecting to ${target}`);
  },
  sendFile(file, options, done) {
    const full = options && options.root ? path.join(options.root, file) : file;
    if (!fs.existsSync(full)) {
      const problem = new Error("ENOENT: no such file or directory, stat '" + full + "'");
      problem.status = 404;
      return this.next(problem);
    }
    this.type(path.extname(full).slice(1) || "html");
    return this.send(fs.readFileSync(full, "utf8"));
  },
  render(view) { return this.next(new Error("No default engine was specified and no extension was provided.")); },
};

function Router() {
  const layers = [];
  function router(req, res, done) {
    const base = req.baseUrl || "", whole = req.url;
    let at = 0;
    function next(problem) {
      req.url = whole; req.baseUrl = base;
      if (problem === "route") problem = undefined;
      if (at >= layers.length) return done(problem);
      const layer = layers[at++];
      const name = req.url.split("?")[0];
      const found = layer.regex.exec(name === "/" && !layer.exact ? "/" : name);
      if (!found || (layer.method && layer.method !== req.method && !(req.method === "HEAD" && layer.method === "GET")))
        return next(problem);
      req.params = { ...(req.params || {}) };
      layer.keys.forEach((key, number) => { req.params[key] = decodeURIComponent(found[number + 1] || ""); });
      if (!layer.exact) {
        req.baseUrl = base + found[0].replace(/\/$/, "");
        req.url = req.url.slice(found[0] === "/" ? 0 : found[0].length) || "/";
        if (req.url[0] !== "/") req.url = "/" + req.url;
      }
      res.next = next;
      try {
        if (problem) return layer.action.length === 4 ? layer.action(problem, req, res, next) : next(problem);
        if (layer.action.length === 4) return next();
        layer.action(req, res, next);
      } catch (thrown) { next(thrown); }
    }
    next();
  }
  function add(method, pattern, actions, exact) {
    actions.flat(3).forEach((action) => {
      if (typeof action !== "function") throw new TypeError("Route." + (method || "use").toLowerCase() +
        "() requires a callback function but got a [object " + (action === undefined ? "Undefined" : "Object") + "]");
      const list = Array.isArray(pattern) ? pattern : [pattern];
      list.forEach((each) => layers.push({ method, action, exact, ...compile(each, exact) }));
    });
    return router;
  }
  router.use = (first, ...rest) => typeof first === "function" || Array.isArray(first) ? add("", "/", [first, ...rest], false)
    : add("", first, rest, false);
  router.all = (pattern, ...actions) => add("", pattern, actions, true);
  router.route = (pattern) => {
    const one = {};
    ["get", "post", "put", "patch", "delete", "all"].forEach((verb) => {
      one[verb] = (...actions) => { router[verb](pattern, ...actions); return one; };
    });
    return one;
  };
  ["get", "post", "put", "patch", "delete", "options", "head"].forEach((verb) => {
    router[verb] = (pattern, ...actions) => add(verb.toUpperCase(), pattern, actions, true);
  });
  router.param = () => router;
  return router;
}

function finish(req, res) {
  return (problem) => {
    if (res.headersSent) return;
    res.setHeader("Content-Security-Policy", "default-src 'none'");
    res.setHeader("X-Content-Type-Options", "nosniff");
    res.setHeader("Content-Type", "text/html; charset=utf-8");
    if (!problem) {
      res.statusCode = 404;
      return res.end(page(`Cannot ${req.method} ${escape((req.originalUrl || req.url).split("?")[0])}`));
    }
    res.statusCode = problem.status || problem.statusCode || 500;
    if (process.env.NODE_ENV !== "test" && res.statusCode >= 500) console.error(problem.stack || String(problem));
    const shown = process.env.NODE_ENV === "production" ? http.STATUS_CODES[res.statusCode] || "Error" : problem.stack || String(problem);
    res.end(page(escape(shown).replace(/\n/g, "<br>").replace(/ {2}/g, " &nbsp;")));
  };
}

function express() {
  const router = Router();
  const settings = { env: process.env.NODE_ENV || "development", "x-powered-by": true };
  function app(req, res, done) {
    const [name, query] = req.url.split("?");
    req.path = req.path || name;
    req.originalUrl = req.originalUrl || req.url;
    req.query = Object.fromEntries(new URLSearchParams(query || "").entries());
    req.params = {};
    req.hostname = (req.headers.host || "").split(":")[0];
    req.protocol = "http";
    req.ip = req.socket.remoteAddress;
    req.app = app; req.res = res; res.req = req; res.app = app;
    req.get = req.header = (key) => req.headers[key.toLowerCase()];
    req.is = (kind) => (req.headers["content-type"] || "").includes(kind);
    res.locals = res.locals || {};
    Object.assign(res, answers);
    if (settings["x-powered-by"] && !done) res.setHeader("X-Powered-By", "Express");
    router(req, res, done || finish(req, res));
  }
  Object.assign(app, router);
  app.locals = {};
  app.set = (name, value) => { if (value === undefined) return settings[name]; settings[name] = value; return app; };
  app.enable = (name) => app.set(name, true);
  app.disable = (name) => app.set(name, false);
  app.engine = () => app;
  const lookup = app.get;
  app.get = (name, ...actions) => actions.length ? (lookup(name, ...actions), app) : settings[name];
  ["use", "post", "put", "patch", "delete", "all", "options", "head"].forEach((verb) => {
    const inner = app[verb];
    app[verb] = (...args) => { inner(...args); return app; };
  });
  app.listen = (...args) => http.createServer(app).listen(...args);
  return app;
}

function body(kind, read) {
  return (options) => (req, res, next) => {
    if (req.body === undefined) req.body = {};
    if (!req["(body)"] || !(req.headers["content-type"] || "").includes(kind)) return next();
    try { req.body = read(req["(body)"]); } catch (problem) { problem.status = 400; return next(problem); }
    next();
  };
}

express.json = body("json", (text) => JSON.parse(text));
express.urlencoded = body("x-www-form-urlencoded", (text) => Object.fromEntries(new URLSearchParams(text).entries()));
express.text = body("text/plain", (text) => text);
express.raw = body("octet-stream", (text) => Buffer.from(text));
express.Router = Router;
express.static = (folder) => (req, res, next) => {
  if (req.method !== "GET" && req.method !== "HEAD") return next();
  let file = path.join(folder, decodeURIComponent(req.url.split("?")[0]));
  if (fs.existsSync(file) && fs.statSync(file).isDirectory()) file = path.join(file, "index.html");
  if (!fs.existsSync(file)) return next();
  res.sendFile(file);
};
module.exports = express;
