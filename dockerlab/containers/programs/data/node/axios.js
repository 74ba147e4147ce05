// axios: peticiones HTTP con promesas.
const native = process.binding("http");

async function request(options) {
  let target = (options.baseURL || "") + options.url;
  if (options.params) target += "?" + new URLSearchParams(options.params).toString();
  const json = options.data !== undefined && typeof options.data === "object";
  const answer = await native.request(target, { method: options.method || "GET", body: json ? JSON.stringify(options.data) : options.data,
    headers: { Accept: "application/json, text/plain, */*", ...(json ? { "Content-Type": "application/json" } : {}), ...(options.headers || {}) } });
  let data = answer.body;
  try { data = JSON.parse(answer.body); } catch (problem) { data = answer.body; }
  const response = { status: answer.status, statusText: answer.statusText, headers: answer.headers, data, config: options };
  if (answer.status >= 400) {
    const problem = new Error("Request failed with status code " + answer.status);
    problem.response = response;
    problem.code = answer.status >= 500 ? "ERR_BAD_RESPONSE" : "ERR_BAD_REQUEST";
    throw problem;
  }
  return response;
}

function instance(defaults) {
  const axios = (target, options) => request({ ...defaults, ...(typeof target === "string" ? { ...options, url: target } : target) });
  ["get", "delete", "head"].forEach((verb) => {
    axios[verb] = (url, options) => request({ ...defaults, ...options, url, method: verb.toUpperCase() });
  });
  ["post", "put", "patch"].forEach((verb) => {
    axios[verb] = (url, data, options) => request({ ...defaults, ...options, url, data, method: verb.toUpperCase() });
  });
  axios.create = (options) => instance({ ...defaults, ...options });
  axios.request = axios;
  axios.defaults = defaults;
  return axios;
}
module.exports = instance({});
module.exports.default = module.exports;
