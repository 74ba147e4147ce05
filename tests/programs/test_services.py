"""nginx, MySQL, PostgreSQL, Redis y los dos httpd: arrancar, contestar, quejarse y despedirse."""

from __future__ import annotations

import json

import pytest

from dockerlab.containers.kernel import Kernel
from dockerlab.filesystem import User
from dockerlab.filesystem.nodes import Directory, Symlink

from .machine import Machine

ANA = User(1000, 1000, ())
MINE = Directory(uid=1000, gid=1000)
NGINX = """
user nobody;
worker_processes 2;
error_log /var/log/nginx/error.log notice;
pid /var/run/nginx.pid;
events { worker_connections 1024; }
http { include /etc/nginx/conf.d/*.conf; }
"""


def nginx(site: str, **files: str) -> Machine:
    return Machine({
        "/etc/nginx/nginx.conf": NGINX, "/etc/nginx/conf.d/default.conf": site,
        "/usr/share/nginx/html/index.html": "<h1>hola</h1>\n",
        "/var/log/nginx/access.log": Symlink("/dev/stdout"),
        "/var/log/nginx/error.log": Symlink("/dev/stderr"),
        "/var/run/x": "", "/var/cache/nginx/x": "", **files}, dialect="")


STATIC = "server { listen 80; server_name localhost; location / { root /usr/share/nginx/html; index index.html; } }"


def started(made: Machine, *argv: str, seconds: float = 1, **options):
    process, out = made.start(list(argv), **options)
    made.wait(seconds)
    return process, out


# -- nginx --
def test_nginx_serves_and_logs():
    made = nginx(STATIC)
    process, out = started(made, "nginx", "-g", "daemon off;")
    assert made.run("curl", "-s", "localhost").out == "<h1>hola</h1>\n"
    assert "<h1>404 Not Found</h1>" in made.run("curl", "-s", "localhost/nada").out
    assert '"GET / HTTP/1.1" 200 14 "-" "curl/' in out.text(1)
    assert 'open() "/usr/share/nginx/html/nada" failed (2: No such file or directory)' in out.text(2)
    assert "start worker process 2" in out.text(2) and process.alive


def test_nginx_workers_belong_to_another_user():
    made = nginx(STATIC)
    started(made, "nginx", "-g", "daemon off;")
    rows = [line.split() for line in made.run("ps", "-ef").out.splitlines() if "nginx:" in line]
    assert [(row[0], row[1], row[8]) for row in rows] == [("root", "1", "master"), ("nobody", "2", "worker"),
                                                          ("nobody", "3", "worker")]


@pytest.mark.parametrize("signo", [3, 15])
def test_nginx_leaves_with_zero(signo):
    made = nginx(STATIC)
    process, out = started(made, "nginx", "-g", "daemon off;")
    made.kernel.signal(process.pid, signo)
    made.wait(1)
    assert process.exit_code == 0 and out.text().rstrip().endswith("exit")


def test_nginx_passes_requests_on_and_says_when_nobody_answers():
    made = nginx("server { listen 80; location /api/ { proxy_pass http://localhost:8000/; } }",
                 **{"s/x": "del otro\n"})
    process, out = started(made, "nginx", "-g", "daemon off;")
    assert "502 Bad Gateway" in made.run("curl", "-s", "localhost/api/x").out
    assert "connect() failed (111: Connection refused) while connecting to upstream" in out.text(2)
    started(made, "python", "-m", "http.server", "8000", "-d", "/datos/s")
    assert made.run("curl", "-s", "localhost/api/x").out == "del otro\n"


@pytest.mark.parametrize("site, error", [
    ("server { listen 80; location / { proxy_pass http://api:3000; } }",
     'host not found in upstream "api" in /etc/nginx/conf.d/default.conf:1'),
    ("server { listen 80; nada on; }", 'unknown directive "nada" in /etc/nginx/conf.d/default.conf:1'),
    ("server { listen 80;", 'unexpected end of file, expecting "}" in /etc/nginx/conf.d/default.conf:1')])
def test_nginx_refuses_bad_configurations(site, error):
    outcome = nginx(site).run("nginx", "-g", "daemon off;")
    assert outcome.code == 1 and outcome.err.endswith(f"nginx: [emerg] {error}\n")


def test_nginx_reloads_its_configuration():
    made = nginx(STATIC)
    started(made, "nginx", "-g", "daemon off;")
    made.put("/etc/nginx/conf.d/default.conf", "server { listen 80; return 200 'otra'; }")
    assert made.run("nginx", "-t").code == 0
    assert made.run("nginx", "-s", "reload").code == 0
    made.wait(1)
    assert made.run("curl", "-s", "localhost").out == "otra"


def test_a_folder_without_index_is_forbidden_and_redirections_work():
    made = nginx("server { listen 80; location /viejo { return 301 /nuevo; } location / { root "
                 "/usr/share/nginx; } }")
    process, out = started(made, "nginx", "-g", "daemon off;")
    assert "403 Forbidden" in made.run("curl", "-s", "localhost/").out and "is forbidden" in out.text(2)
    assert "\nLocation: /nuevo\n" in made.run("curl", "-sI", "localhost/viejo").out.replace("\r", "")


# -- MySQL --
def mysql(**env: str) -> Machine:
    return Machine({"/var/lib/mysql": MINE, "/var/run": Directory(0o777)}, dialect="",
                   env={"MYSQL_ROOT_PASSWORD": "s3", "MYSQL_DATABASE": "tienda", **env})


def sql(made: Machine, text: str, *more: str):
    return made.run("mysql", "-uroot", "-ps3", "tienda", *more, "-e", text)


def test_mysql_takes_its_time_and_then_answers():
    made = mysql()
    started(made, "mysqld", user=ANA)
    assert made.run("mysqladmin", "ping").code == 1
    made.wait(10)
    assert made.run("mysqladmin", "-uroot", "-ps3", "ping").out == "mysqld is alive\n"
    assert weight(made, "/var/lib/mysql") > 150_000


def test_tables_hold_what_is_put_in_them():
    made = mysql()
    started(made, "mysqld", user=ANA, seconds=10)
    assert sql(made, "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, n VARCHAR(9) NOT NULL, p "
               "DECIMAL(5,2))").code == 0
    assert sql(made, "INSERT INTO t (n, p) VALUES ('pan', 1.5), ('sal', 2), ('te', NULL)").code == 0
    assert sql(made, "SELECT n, p FROM t WHERE p > 1 ORDER BY id DESC").out == "n\tp\nsal\t2\npan\t1.5\n"
    changed = sql(made, "UPDATE t SET p = p * 2 WHERE n = 'pan'; SELECT COUNT(*), MAX(p) FROM t")
    assert changed.out == "COUNT(*)\tMAX(p)\n3\t3.0\n"
    assert sql(made, "DELETE FROM t WHERE p IS NULL; SELECT * FROM t LIMIT 1",
               "-t").out.split("\n")[1] == "| id | n   | p   |"


@pytest.mark.parametrize("text, error", [
    ("SELECT * FROM nada", "ERROR 1146 (42S02) at line 1: Table 'tienda.nada' doesn't exist"),
    ("SELEC 1", "ERROR 1064 (42000) at line 1: You have an error in your SQL syntax"),
    ("USE nada", "ERROR 1049 (42000) at line 1: Unknown database 'nada'"),
    ("CREATE DATABASE tienda",
     "ERROR 1007 (HY000) at line 1: Can't create database 'tienda'; database exists")])
def test_mysql_errors_are_its_own(text, error):
    made = mysql()
    started(made, "mysqld", user=ANA, seconds=10)
    outcome = sql(made, text)
    assert outcome.code == 1 and error in outcome.err


def test_mysql_checks_who_calls():
    made = mysql(MYSQL_USER="ana", MYSQL_PASSWORD="a1")
    started(made, "mysqld", user=ANA, seconds=10)
    wrong = made.run("mysql", "-uroot", "-pmal", "-e", "SELECT 1")
    assert "ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: YES)" in wrong.err
    assert made.run("mysql", "-uana", "-pa1", "-e", "SELECT 1").code == 0
    assert "ERROR 2005 (HY000): Unknown MySQL server host 'db' (-2)" in made.run("mysql", "-hdb").err


def test_the_data_outlive_the_server():
    made = mysql()
    process, out = started(made, "mysqld", user=ANA, seconds=10)
    sql(made, "CREATE TABLE t (n INT); INSERT INTO t VALUES (7)")
    made.kernel.signal(process.pid, 15)
    made.wait(3)
    assert process.exit_code == 0 and "Shutdown complete" in out.text()
    other = made.again()
    started(other, "mysqld", user=ANA, seconds=3)
    assert sql(other, "SELECT n FROM t").out == "n\n7\n"


def test_mysqld_does_not_start_as_root():
    outcome = mysql().run("mysqld")
    assert outcome.code == 1 and "how to run mysqld as root!" in outcome.err


# -- PostgreSQL --
def postgres(**env: str) -> Machine:
    return Machine({"/var/lib/postgresql/data": MINE, "/var/run": Directory(0o777)}, dialect="", env=env)


def test_postgres_demands_a_password():
    outcome = postgres().run("postgres", user=ANA)
    assert outcome.code == 1
    assert outcome.err.startswith("Error: Database is uninitialized and superuser password is not "
                                  "specified.\n")


def test_postgres_gets_ready_and_answers():
    made = postgres(POSTGRES_PASSWORD="s3")
    process, out = started(made, "postgres", user=ANA, seconds=0.2)
    assert made.run("pg_isready").code == 2
    made.wait(6)
    assert made.run("pg_isready").out == "/var/run/postgresql:5432 - accepting connections\n"
    made.run("psql", "-U", "postgres", "-c", "CREATE TABLE t (id SERIAL PRIMARY KEY, n TEXT)")
    assert made.run("psql", "-U", "postgres", "-c",
                    "INSERT INTO t (n) VALUES ('a'), ('b')").out == "INSERT 0 2\n"
    assert made.run("psql", "-U", "postgres", "-c", "SELECT * FROM t").out == (
        " id | n \n----+---\n  1 | a\n  2 | b\n(2 rows)\n\n")
    assert made.run("psql", "-U", "postgres", "-tAc", "SELECT count(*) FROM t").out == "2\n"
    assert made.run("psql", "-U", "postgres", "-c",
                    "SELECT * FROM x").err == 'ERROR:  relation "x" does not exist\n'
    made.kernel.signal(process.pid, 2)
    made.wait(1)
    assert process.exit_code == 0 and "database system is shut down" in out.text()


# -- Redis --
def test_redis_keeps_and_saves():
    made = Machine({"/data": Directory()}, dialect="")
    process, out = started(made, "redis-server", cwd="/data")
    cli = [made.run("redis-cli", *line.split()).out for line in (
        "ping", "set a 1", "incr a", "get a", "lpush l x y", "lrange l 0 -1", "exists a z", "expire a 100",
        "ttl a", "nada")]
    assert cli == ["PONG\n", "OK\n", "2\n", "2\n", "2\n", "y\nx\n", "1\n", "1\n", "100\n",
                   "ERR unknown command 'nada', with args beginning with: \n"]
    made.kernel.signal(process.pid, 15)
    made.wait(1)
    assert process.exit_code == 0 and "DB saved on disk" in out.text()
    other = made.again()
    started(other, "redis-server", cwd="/data")
    assert other.run("redis-cli", "get", "a").out == "2\n"


def test_redis_keys_expire_with_the_clock():
    made = Machine(dialect="")
    started(made, "redis-server")
    made.run("redis-cli", "set", "a", "1", "EX", "10")
    made.wait(11)
    assert made.run("redis-cli", "get", "a").out == "\n"


def test_redis_password_and_unreachable():
    made = Machine(dialect="")
    assert made.run("redis-cli",
                    "ping").err == "Could not connect to Redis at 127.0.0.1:6379: Connection refused\n"
    started(made, "redis-server", "--requirepass", "s3")
    assert made.run("redis-cli", "get", "a").out == "NOAUTH Authentication required.\n"
    assert made.run("redis-cli", "-a", "s3", "set", "a", "1").out == "OK\n"


@pytest.mark.parametrize("start, ask, answer", [
    (["redis-server"], ["redis-cli", "incr", "n"], "2\n"),
    (["nginx", "-g", "daemon off;"], ["curl", "-s", "localhost"], "<h1>hola</h1>\n"),
    (["httpd", "-f", "-h", "/usr/share/nginx/html"], ["curl", "-s", "localhost"], "<h1>hola</h1>\n")])
def test_live_services_go_on_after_being_saved_and_reopened(start, ask, answer):
    made = nginx(STATIC)
    if start[0] == "httpd":
        made.put("/bin/httpd", b"#!dockerlab httpd busybox\n")
        made.fs.chmod("/bin/httpd", 0o755)
    started(made, *start)
    made.run(*ask)
    data = json.loads(json.dumps(made.kernel.to_data()))
    made.kernel = Kernel.from_data(data, {made.space.id: made.space})
    assert made.run(*ask).out == answer


# -- httpd --
def test_the_httpd_of_busybox():
    made = Machine({"/www/index.html": "web\n", "/www/d/index.html": "dentro\n"})
    process, _ = started(made, "httpd", "-f", "-p", "8080", "-h", "/www")
    assert made.run("wget", "-qO-", "http://localhost:8080").out == "web\n"
    assert made.run("wget", "-qO-", "http://localhost:8080/d").out == "dentro\n"
    assert made.run("wget", "http://localhost:8080/x").err.endswith("wget: server returned error: HTTP/1.1 "
                                                                    "404 Not Found\n")
    made.kernel.signal(process.pid, 15)
    made.wait(1)
    assert process.alive, "el proceso 1 no atiende TERM"


def test_apache_serves_and_says_goodbye():
    made = Machine({"/usr/local/apache2/htdocs/index.html": "It works!\n"}, dialect="")
    process, out = started(made, "httpd-foreground")
    assert made.run("curl", "-s", "localhost").out == "It works!\n"
    assert "404 Not Found" in made.run("curl", "-s", "localhost/x").out
    made.kernel.signal(process.pid, 28)
    made.wait(1)
    assert process.exit_code == 0 and "resuming normal operations" in out.text(2) and "shutting down" in out.text(2)


def weight(made: Machine, path: str) -> int:
    return int(made.run("du", "-s", path).out.split()[0])


# -- clientes de los lenguajes --
NODE_CLIENTS = {
    "redis": ("redis-server", "const { createClient } = require('redis');\n"
              "(async () => { const c = createClient({ url: 'redis://localhost:6379' }); await c.connect();"
              "await c.set('a', 'uno'); console.log(await c.get('a'), await c.incr('n'), await c.keys('*')); await "
              "c.quit(); })();",
              "uno 1 [ 'a', 'n' ]\n"),
    "mysql2": ("mysqld", "const mysql = require('mysql2/promise');\n"
               "(async () => { const c = await mysql.createConnection({ host: 'localhost', user: 'root', password: "
               "'s3', database: 'tienda' });"
               "await c.query('CREATE TABLE t (n INT, t VARCHAR(9))'); await c.execute('INSERT INTO t VALUES (?, ?)', "
               "[7, \"o'o\"]);"
               "const [rows] = await c.query('SELECT * FROM t'); console.log(rows); await c.end(); })();",
               "[ { n: 7, t: \"o'o\" } ]\n".replace("\"o'o\"", "'o\\'o'")),
    "pg": ("postgres", "const { Pool } = require('pg');\n"
           "(async () => { const p = new Pool({ host: 'localhost', password: 's3' }); await p.query('CREATE TABLE t "
           "(n INT)');"
           "await p.query('INSERT INTO t VALUES ($1)', [5]); console.log((await p.query('SELECT n FROM t')).rows); "
           "await p.end(); })();",
           "[ { n: 5 } ]\n")}


def everything() -> Machine:
    return Machine({"/var/lib/mysql": MINE, "/var/lib/postgresql/data": MINE, "/var/run": Directory(0o777)},
                   dialect="",
                   env={"MYSQL_ROOT_PASSWORD": "s3", "MYSQL_DATABASE": "tienda", "POSTGRES_PASSWORD": "s3",
                        "NODE_VERSION": "20.18.3", "PYTHON_VERSION": "3.12.9", "HOME": "/root"})


@pytest.mark.parametrize("package", NODE_CLIENTS)
def test_node_reaches_the_databases(package):
    server, code, shown = NODE_CLIENTS[package]
    made = everything()
    made.put("app.js", code)
    made.run("npm", "install", package)
    assert "ECONNREFUSED" in made.run("node", "app.js").err
    started(made, server, user=ANA, seconds=12)
    outcome = made.run("node", "app.js", seconds=20)
    assert (outcome.out, outcome.err) == (shown, "")


@pytest.mark.parametrize("package, module, server, where", [
    ("psycopg2-binary", "psycopg2", "postgres", "host='localhost', user='postgres', password='s3'"),
    ("pymysql", "pymysql", "mysqld", "host='localhost', user='root', password='s3', database='tienda'"),
    ("mysql-connector-python", "mysql.connector", "mysqld", "host='localhost', user='root', password='s3', "
     "database='tienda'")])
def test_python_reaches_the_databases(package, module, server, where):
    made = everything()
    made.put("a.py", f"import {module}\nc = {module}.connect({where})\nk = c.cursor()\nk.execute('CREATE TABLE t (n "
             "INT, t TEXT)')\n"
                     "k.execute('INSERT INTO t VALUES (%s, %s)', (3, \"o'o\"))\nc.commit()\nk.execute('SELECT * FROM "
                     "t')\nprint(k.fetchall())\n")
    made.run("pip", "install", package)
    assert "OperationalError" in made.run("python", "a.py").err
    started(made, server, user=ANA, seconds=12)
    assert made.run("python", "a.py").out == "[(3, \"o'o\")]\n"
