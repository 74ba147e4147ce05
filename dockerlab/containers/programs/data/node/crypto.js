// crypto: huellas y azar (el mismo para toda la clase).
const native = process.binding("crypto");
module.exports = { randomUUID: native.randomUUID, randomBytes: native.randomBytes,
  createHash: (kind) => {
    let data = "";
    const maker = { update: (more) => { data += more; return maker; }, digest: (how) => {
      const out = native.hash(kind, data, how === "hex" ? "hex" : "raw");
      return how === "base64" ? out.toString("base64") : out;
    } };
    return maker;
  } };
