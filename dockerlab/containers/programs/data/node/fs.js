// fs: las tres formas de cada operación: Sync, con función y con promesa.
const native = process.binding("fs");
const names = ["readFile", "writeFile", "appendFile", "mkdir", "rm", "unlink", "rmdir", "readdir", "rename", "chmod", "copyFile",
  "access", "stat"];
const promises = {};
const api = { promises, existsSync: native.exists, exists: (name, done) => setImmediate(() => done(native.exists(name))),
  constants: { F_OK: 0, R_OK: 4, W_OK: 2, X_OK: 1 } };
names.forEach((name) => {
  const action = native[name];
  api[name + "Sync"] = action;
  promises[name] = async (...args) => action(...args);
  api[name] = (...args) => {
    const done = args.pop();
    if (typeof done !== "function") {
      throw new TypeError('The "cb" argument must be of type function. Received ' + typeof done);
    }
    let problem = null, result;
    try { result = action(...args); } catch (thrown) { problem = thrown; }
    setImmediate(() => problem ? done(problem) : done(null, result));
  };
});
api.lstatSync = api.statSync;
api.createWriteStream = (name) => ({ write: (data) => native.appendFile(name, data), end: (data) => data && native.appendFile(name, data),
  on() { return this; } });
module.exports = api;
