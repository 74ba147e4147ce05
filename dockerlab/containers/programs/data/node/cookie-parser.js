// cookie-parser, en lo que se nota desde fuera.
module.exports = () => (req, res, next) => { req.cookies = Object.fromEntries((req.headers.cookie || "").split("; ").filter(Boolean).map((pair) => pair.split("="))); next(); };
