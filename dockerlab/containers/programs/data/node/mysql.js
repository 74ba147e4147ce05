// mysql: el mismo cliente que mysql2.
module.exports = require("dockerlab:mysql2");
