// redis: el cliente (versión 4), sobre una conexión simulada y el protocolo RESP.
const EventEmitter = require("events");
const native = process.binding("http");

function encode(words) {
  const pieces = words.map((word) => { const text = String(word); return `$${Buffer.byteLength(text)}\r\n${text}\r\n`; });
  return `*${words.length}\r\n${pieces.join("")}`;
}

// El primer valor de un texto RESP: [valor, lo que sobra], o null si está a medias.
function decode(text) {
  const end = text.indexOf("\r\n");
  if (end < 0) return null;
  const line = text.slice(1, end), rest = text.slice(end + 2);
  if (text[0] === "+") return [line, rest];
  if (text[0] === "-") return [new Error(line), rest];
  if (text[0] === ":") return [Number(line), rest];
  if (text[0] === "$") {
    const size = Number(line);
    if (size < 0) return [null, rest];
    return rest.length < size + 2 ? null : [rest.slice(0, size), rest.slice(size + 2)];
  }
  const items = [];
  let left = rest;
  for (let at = 0; at < Number(line); at++) {
    const found = decode(left);
    if (!found) return null;
    items.push(found[0]);
    left = found[1];
  }
  return [items, left];
}

class Client extends EventEmitter {
  constructor(options) {
    super();
    const socket = (options && options.socket) || options || {};
    const place = options && options.url ? new URL(options.url) : { hostname: socket.host || "127.0.0.1", port: socket.port || 6379 };
    this.host = place.hostname;
    this.port = Number(place.port || 6379);
    this.password = place.password || (options && options.password) || "";
    this.waiting = [];
    this.pending = "";
    this.isOpen = this.isReady = false;
  }
  connect() {
    return new Promise((resolve, reject) => {
      this.handle = native.connect(this.host, this.port, (event, value) => {
        if (event === "connect") {
          this.isOpen = this.isReady = true;
          this.emit("connect");
          this.emit("ready");
          const go = () => resolve(this);
          if (this.password) this.sendCommand(["AUTH", this.password]).then(go, reject); else go();
        } else if (event === "error") {
          if (this.listenerCount("error")) this.emit("error", value);
          reject(value);
        } else if (event === "close") {
          this.isOpen = this.isReady = false;
          this.emit("end");
          this.waiting.splice(0).forEach((one) => one.reject(new Error("Socket closed unexpectedly")));
          if (this.listenerCount("error")) this.emit("error", new Error("Socket closed unexpectedly"));
        } else {
          this.pending += value;
          let found;
          while ((found = decode(this.pending))) {
            this.pending = found[1];
            const one = this.waiting.shift();
            if (found[0] instanceof Error) one.reject(found[0]); else one.resolve(found[0]);
          }
        }
      });
    });
  }
  sendCommand(words) {
    if (!this.isOpen) return Promise.reject(new Error("The client is closed"));
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      native.send(this.handle, encode(words));
    });
  }
  set(key, value, options) {
    return this.sendCommand(["SET", key, value, ...(options && options.EX ? ["EX", options.EX] : [])]);
  }
  async quit() { if (this.isOpen) native.hangUp(this.handle); this.isOpen = false; return "OK"; }
  async disconnect() { await this.quit(); }
  async hGetAll(key) {
    const list = await this.sendCommand(["HGETALL", key]), out = {};
    for (let at = 0; at < list.length; at += 2) out[list[at]] = list[at + 1];
    return out;
  }
  hSet(key, field, value) {
    const pairs = typeof field === "object" ? Object.entries(field).flat() : [field, value];
    return this.sendCommand(["HSET", key, ...pairs]);
  }
}

["get", "del", "exists", "keys", "incr", "decr", "incrBy", "decrBy", "expire", "ttl", "ping", "lPush", "rPush", "lPop", "rPop",
  "lRange", "lLen", "hGet", "hDel", "append", "setEx", "flushAll", "dbSize", "type", "mGet"].forEach((name) => {
  Client.prototype[name] = function (...args) { return this.sendCommand([name.toUpperCase(), ...args.flat()]); };
});

module.exports = { createClient: (options) => new Client(options) };
