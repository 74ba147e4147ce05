// morgan: una línea por petición.
module.exports = (format) => (req, res, next) => {
  const start = Date.now(), url = req.url, when = new Date();
  res.on("finish", () => {
    const size = res.getHeader("Content-Length") || "-", spent = (Date.now() - start).toFixed(3);
    if (format === "combined" || format === "common") {
      const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
      const two = (number) => String(number).padStart(2, "0");
      const date = `${two(when.getDate())}/${months[when.getMonth()]}/${when.getFullYear()}:${two(when.getHours())}:` +
        `${two(when.getMinutes())}:${two(when.getSeconds())} +0000`;
      const agent = format === "combined" ? ` "-" "${req.headers["user-agent"] || "-"}"` : "";
      console.log(`${req.socket.remoteAddress} - - [${date}] "${req.method} ${url} HTTP/1.1" ${res.statusCode} ${size}${agent}`);
    } else {
      console.log(`${req.method} ${url} ${res.statusCode} ${spent} ms - ${size}`);
    }
  });
  next();
};
