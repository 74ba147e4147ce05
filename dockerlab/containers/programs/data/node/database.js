// Lo común a pg, mysql y mysql2: una conversación de líneas JSON con el servidor simulado.
const native = process.binding("http");

class Connection {
  constructor(identity) { this.identity = identity; this.pending = ""; this.waiting = []; this.open = null; }
  connect() {
    if (this.open) return this.open;
    this.open = new Promise((resolve, reject) => {
      this.handle = native.connect(this.identity.host, this.identity.port, (event, value) => {
        if (event === "connect") resolve(this);
        else if (event === "error") { this.open = null; reject(value); }
        else if (event === "close") {
          this.open = null;
          this.waiting.splice(0).forEach((one) => one.reject(new Error("Connection terminated unexpectedly")));
        } else {
          this.pending += value;
          const lines = this.pending.split("\n");
          this.pending = lines.pop();
          lines.forEach((line) => this.waiting.shift().resolve(JSON.parse(line)));
        }
      });
    });
    return this.open;
  }
  async ask(sql) {
    await this.connect();
    const answer = await new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      native.send(this.handle, JSON.stringify({ user: this.identity.user, password: this.identity.password,
        database: this.identity.database, sql }) + "\n");
    });
    if (answer.error) throw new Error(answer.error.replace(/^(ERROR|FATAL):? +/, "").replace(/^\d+ \(\w+\)( at line \d+)?: /, ""));
    return answer.results;
  }
  close() { if (this.open) native.hangUp(this.handle); this.open = null; }
}

const quote = (value) => value === null || value === undefined ? "NULL" : typeof value === "number" ? String(value)
  : typeof value === "boolean" ? String(value).toUpperCase() : "'" + String(value).replace(/'/g, "''") + "'";
const table = (result) => result.rows.map((row) => Object.fromEntries(result.columns.map((name, at) => [name, row[at]])));

module.exports = { Connection, quote, table };
