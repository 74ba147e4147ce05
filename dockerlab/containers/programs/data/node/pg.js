// pg: el cliente de PostgreSQL.
const { Connection, quote, table } = require("dockerlab:database");

function identity(options) {
  const text = (options && options.connectionString) || (typeof options === "string" ? options : "");
  const place = text ? new URL(text) : null, given = options || {}, env = process.env;
  const user = place ? place.username : given.user || env.PGUSER || "postgres";
  return { user, host: place ? place.hostname : given.host || env.PGHOST || "localhost",
    port: Number((place && place.port) || given.port || env.PGPORT || 5432),
    password: place ? decodeURIComponent(place.password) : given.password || env.PGPASSWORD || "",
    database: place ? place.pathname.slice(1) : given.database || env.PGDATABASE || user };
}

class Client {
  constructor(options) { this.connection = new Connection(identity(options)); }
  async connect() { await this.connection.connect(); await this.connection.ask(""); return this; }
  async query(text, values) {
    const sql = (text.text || text).replace(/\$(\d+)/g, (all, number) => quote((values || text.values || [])[number - 1]));
    const results = await this.connection.ask(sql.replace(/\s+RETURNING\s+[\s\S]*$/i, "")), last = results[results.length - 1];
    return last ? { command: last.command, rowCount: last.count, rows: last.columns.length ? table(last) : [] } : { rows: [], rowCount: 0 };
  }
  on() { return this; }
  release() {}
  async end() { this.connection.close(); }
}

class Pool extends Client { async connect() { await super.connect(); return this; } }
module.exports = { Client, Pool };
