// EventEmitter: quien emite sucesos y quien los escucha.
class EventEmitter {
  on(name, listener) {
    this._events = this._events || {};
    (this._events[name] = this._events[name] || []).push(listener);
    return this;
  }
  addListener(name, listener) { return this.on(name, listener); }
  once(name, listener) {
    const wrapper = (...args) => { this.off(name, wrapper); listener.apply(this, args); };
    return this.on(name, wrapper);
  }
  off(name, listener) {
    const all = (this._events || {})[name] || [];
    if (all.includes(listener)) all.splice(all.indexOf(listener), 1);
    return this;
  }
  removeListener(name, listener) { return this.off(name, listener); }
  removeAllListeners(name) { if (this._events) delete this._events[name]; return this; }
  listenerCount(name) { return ((this._events || {})[name] || []).length; }
  setMaxListeners() { return this; }
  emit(name, ...args) {
    const all = ((this._events || {})[name] || []).slice();
    if (!all.length && name === "error") throw args[0];
    all.forEach((listener) => listener.apply(this, args));
    return all.length > 0;
  }
}
EventEmitter.EventEmitter = EventEmitter;
module.exports = EventEmitter;
