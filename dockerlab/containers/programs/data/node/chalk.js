// chalk: colores, que sin terminal no se escriben.
const codes = { red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36, white: 37, gray: 90, bold: 1, dim: 2, underline: 4 };
const paint = (open) => {
  const made = (...texts) => process.stdout.isTTY ? `\u001b[${open}m${texts.join(" ")}\u001b[0m` : texts.join(" ");
  Object.entries(codes).forEach(([name, code]) => Object.defineProperty(made, name, { get: () => paint(open + ";" + code) }));
  return made;
};
const chalk = {};
Object.entries(codes).forEach(([name, code]) => { chalk[name] = paint(String(code)); });
module.exports = chalk;
module.exports.default = chalk;
