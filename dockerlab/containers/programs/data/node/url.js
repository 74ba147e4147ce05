// url: direcciones.
module.exports = { URL, URLSearchParams, parse: (text) => {
  const [head, query] = text.split("?");
  const made = /^[a-z]+:\/\//.test(text) ? new URL(text) : { pathname: head, search: query ? "?" + query : "" };
  return { ...made, path: text, query: Object.fromEntries(new URLSearchParams(query || "").entries()) };
}, fileURLToPath: (target) => String(target.href || target).replace("file://", ""), pathToFileURL: (path) => new URL("file://" + path) };
