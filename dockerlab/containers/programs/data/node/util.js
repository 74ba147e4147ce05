// util: unas pocas ayudas.
const promisify = (action) => (...args) => new Promise((resolve, reject) => {
  action(...args, (problem, result) => problem ? reject(problem) : resolve(result));
});
const inspect = (value) => typeof value === "object" ? JSON.stringify(value) : String(value);
const format = (first, ...rest) => rest.reduce((text, value) => text.includes("%s") ? text.replace("%s", value) : text + " " + value,
  String(first));
const inherits = (maker, base) => { Object.setPrototypeOf(maker.prototype, base.prototype); };
module.exports = { promisify, inspect, format, inherits, types: {}, isDeepStrictEqual: (a, b) => JSON.stringify(a) === JSON.stringify(b) };
