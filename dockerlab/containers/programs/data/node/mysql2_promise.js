// mysql2/promise: la cara de mysql2 con promesas.
module.exports = require("dockerlab:mysql2").promise;
