// path: las rutas de POSIX.
function normalize(text) {
  const out = [];
  text.split("/").forEach((part) => {
    if (part === "..") { if (out.length && out[out.length - 1] !== "..") out.pop(); else if (text[0] !== "/") out.push(part); }
    else if (part && part !== ".") out.push(part);
  });
  return (text[0] === "/" ? "/" : "") + out.join("/") || (text[0] === "/" ? "/" : ".");
}
const join = (...parts) => normalize(parts.filter(Boolean).join("/") || ".");
function resolve(...parts) {
  let text = "";
  for (let at = parts.length - 1; at >= 0 && text[0] !== "/"; at--) if (parts[at]) text = parts[at] + (text ? "/" + text : "");
  return normalize(text[0] === "/" ? text : process.cwd() + "/" + text);
}
function basename(text, suffix) {
  const name = text.replace(/\/+$/, "").split("/").pop();
  return suffix && name.endsWith(suffix) && name !== suffix ? name.slice(0, -suffix.length) : name;
}
const extname = (text) => { const name = basename(text), at = name.lastIndexOf("."); return at > 0 ? name.slice(at) : ""; };
const dirname = (text) => {
  const parts = text.replace(/\/+$/, "").split("/");
  parts.pop();
  return parts.join("/") || (text[0] === "/" ? "/" : ".");
};
const parse = (text) => ({ root: text[0] === "/" ? "/" : "", dir: dirname(text), base: basename(text), ext: extname(text),
  name: basename(text, extname(text)) });
const relative = (from, to) => {
  const one = resolve(from).split("/"), other = resolve(to).split("/");
  while (one.length && other.length && one[0] === other[0]) { one.shift(); other.shift(); }
  return [...one.map(() => ".."), ...other].join("/");
};
const isAbsolute = (text) => text[0] === "/";
module.exports = { normalize, join, resolve, basename, extname, dirname, parse, relative, isAbsolute, sep: "/", delimiter: ":" };
module.exports.posix = module.exports;
