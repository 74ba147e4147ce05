const express = require("express");

const app = express();
const port = process.env.PORT || 3000;
const saludo = process.env.SALUDO || "Hola";

app.get("/", (request, response) => {
  response.send(`${saludo} desde un contenedor\n`);
});

const server = app.listen(port, () => {
  console.log(`Escuchando en el puerto ${port}`);
});

process.on("SIGTERM", () => {
  server.close(() => process.exit(0));
});
