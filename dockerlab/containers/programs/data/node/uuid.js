// uuid: identificadores al azar (los mismos para toda la clase).
const crypto = require("crypto");
module.exports = { v4: crypto.randomUUID, v1: crypto.randomUUID, validate: (text) => /^[0-9a-f-]{36}$/.test(text) };
