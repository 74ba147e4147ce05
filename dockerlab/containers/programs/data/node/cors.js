// cors, en lo que se nota desde fuera.
module.exports = () => (req, res, next) => { res.setHeader("Access-Control-Allow-Origin", "*"); next(); };
