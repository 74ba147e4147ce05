// dotenv: las variables de un archivo .env, sin pisar las que ya están.
const fs = require("fs");
const path = require("path");

function parse(text) {
  const values = {};
  String(text).split(/\r?\n/).forEach((line) => {
    const found = /^\s*(?:export\s+)?([\w.-]+)\s*=\s*(.*?)\s*$/.exec(line);
    if (found) values[found[1]] = found[2].replace(/^(['"])(.*)\1$/, "$2");
  });
  return values;
}

function config(options) {
  const file = (options && options.path) || path.join(process.cwd(), ".env");
  if (!fs.existsSync(file)) return { error: new Error("ENOENT: no such file or directory, open '" + file + "'"), parsed: {} };
  const parsed = parse(fs.readFileSync(file, "utf8"));
  Object.entries(parsed).forEach(([name, value]) => { if (process.env[name] === undefined) process.env[name] = value; });
  return { parsed };
}
module.exports = { config, parse };
