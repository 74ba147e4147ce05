// fs/promises: las operaciones con promesa.
module.exports = require("fs").promises;
