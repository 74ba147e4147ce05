// helmet, en lo que se nota desde fuera.
module.exports = () => (req, res, next) => { res.removeHeader("X-Powered-By"); res.setHeader("X-Content-Type-Options", "nosniff"); next(); };
