// mysql2 (y mysql): el cliente de MySQL, con función o con promesa.
const { Connection, quote, table } = require("dockerlab:database");

class Client {
  constructor(options) {
    const given = typeof options === "string" ? {} : options || {};
    const place = typeof options === "string" || given.uri ? new URL(given.uri || options) : null;
    this.connection = new Connection({ host: place ? place.hostname : given.host || "localhost",
      port: Number((place && place.port) || given.port || 3306), user: place ? place.username : given.user || "root",
      password: place ? place.password : given.password || "", database: place ? place.pathname.slice(1) : given.database || "" });
  }
  async run(text, values) {
    let at = 0;
    const sql = (text.sql || text).replace(/\?/g, () => quote((values || [])[at++]));
    const results = await this.connection.ask(sql), last = results[results.length - 1];
    const rows = last && last.columns.length ? table(last) : { affectedRows: last ? last.count : 0 };
    return [rows, last ? last.columns.map((name) => ({ name })) : []];
  }
  query(text, values, done) {
    const action = typeof values === "function" ? values : done;
    const result = this.run(text, typeof values === "function" ? [] : values);
    if (!action) return result;
    result.then(([rows, fields]) => action(null, rows, fields), (problem) => action(problem));
    return this;
  }
  execute(...args) { return this.query(...args); }
  connect(done) {
    const result = this.connection.connect().then(() => this.connection.ask(""));
    if (!done) return result;
    result.then(() => done(null), (problem) => done(problem));
    return this;
  }
  async getConnection() { await this.connect(); return this; }
  release() {}
  on() { return this; }
  ping(done) { return this.query("SELECT 1", [], done); }
  end(done) { this.connection.close(); if (typeof done === "function") done(); return Promise.resolve(); }
}

const make = (options) => new Client(options);
module.exports = { createConnection: make, createPool: make };
module.exports.promise = { createConnection: async (options) => { const made = make(options); await made.connect(); return made; },
  createPool: make };
