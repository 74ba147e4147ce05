// El módulo http: clases de servidor, petición y respuesta sobre lo que da el núcleo simulado.
const EventEmitter = require("events");
const native = process.binding("http");

class IncomingMessage extends EventEmitter {
  on(name, listener) {
    super.on(name, listener);
    if (name === "data" && this["(body)"]) setImmediate(() => listener(Buffer.from(this["(body)"])));
    if (name === "end") setImmediate(() => setImmediate(() => listener()));
    return this;
  }
  setEncoding() { return this; }
  resume() { return this; }
}

class ServerResponse extends EventEmitter {
  constructor() { super(); this.statusCode = 200; this.headersSent = false; this.finished = false; }
  setHeader(name, value) { native.setHeader(this, name, value); return this; }
  getHeader(name) { return native.getHeader(this, name); }
  removeHeader(name) { native.removeHeader(this, name); return this; }
  writeHead(status, reason, headers) {
    this.statusCode = status;
    if (typeof reason === "string") this.statusMessage = reason; else headers = reason;
    Object.entries(headers || {}).forEach(([name, value]) => this.setHeader(name, value));
    return this;
  }
  write(data) { return native.write(this, data); }
  end(data, encoding, done) {
    native.end(this, data);
    if (typeof done === "function") done();
    return this;
  }
  flushHeaders() { native.flush(this); }
}

class Server extends EventEmitter {
  constructor(listener) { super(); this.listening = false; if (listener) this.on("request", listener); }
  listen(...args) { native.listen(this, ...args); return this; }
  close(done) { native.close(this, done); return this; }
  address() { return native.address(this); }
  setTimeout() { return this; }
  ref() { return this; }
  unref() { return this; }
}

function request(target, options, done) {
  if (typeof options === "function") { done = options; options = {}; }
  if (typeof target === "object" && !target.href) {
    options = target;
    target = `http://${options.hostname || options.host || "localhost"}:${options.port || 80}${options.path || "/"}`;
  }
  const emitter = new EventEmitter();
  let body = "";
  emitter.write = (data) => { body += data; return true; };
  emitter.setTimeout = () => emitter;
  emitter.setHeader = () => emitter;
  emitter.destroy = () => emitter;
  emitter.end = (data) => {
    if (data) body += data;
    native.request(String(target.href || target), { ...(options || {}), body: body || undefined }).then((answer) => {
      const message = new IncomingMessage();
      message.statusCode = answer.status;
      message.statusMessage = answer.statusText;
      message.headers = answer.headers;
      message["(body)"] = answer.body;
      if (done) done(message);
      emitter.emit("response", message);
    }, (problem) => emitter.emit("error", problem));
    return emitter;
  };
  return emitter;
}

function get(target, options, done) {
  const made = request(target, options, done);
  made.end();
  return made;
}

module.exports = {
  Server, IncomingMessage, ServerResponse, request, get,
  createServer: (options, listener) => new Server(typeof options === "function" ? options : listener),
  METHODS: ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"],
  STATUS_CODES: { 200: "OK", 201: "Created", 204: "No Content", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
    404: "Not Found", 500: "Internal Server Error" },
};
