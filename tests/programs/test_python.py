"""El Python simulado: el lenguaje, sus errores, Flask y el servidor de archivos."""

from __future__ import annotations

import pytest

from .machine import Machine

APP = """
from flask import Flask, jsonify, request
import os
app = Flask(__name__)
visitas = 0

@app.route("/")
def portada():
    global visitas
    visitas += 1
    return f"Hola {os.environ.get('NOMBRE', 'mundo')} {visitas}\\n"

@app.route("/doble/<int:n>")
def doble(n):
    return jsonify(n=n * 2, q=request.args.get("q"))

@app.post("/eco")
def eco():
    return request.get_json(), 201

@app.route("/mal")
def mal():
    return 1 / 0

if __name__ == "__main__":
    app.run(host="0.0.0.0", port=5000)
"""


def machine(**files: str) -> Machine:
    return Machine({name.replace("_", "."): text for name, text in files.items()}, dialect="",
                   env={"PYTHON_VERSION": "3.12.9", "HOME": "/root"})


@pytest.mark.parametrize("code, shown", [
    ("print('a', 1, None, [1, 'x'], {'k': (1,)}, sep='|')", "a|1|None|[1, 'x']|{'k': (1,)}"),
    ("a, *b = 1, 2, 3\nprint(a, b, b[::-1], [i * i for i in range(4) if i % 2])", "1 [2, 3] [3, 2] [1, 9]"),
    ("def f(x, *a, k=2, **m):\n    return x, a, k, m\nprint(f(1, 2, k=3, z=4))", "(1, (2,), 3, {'z': 4})"),
    ("class A:\n    n = 0\n    def __init__(self): A.n += 1\n    def __str__(self): return 'soy A'\n"
     "print(A(), A.n)", "soy A 1"),
    ("class A:\n    def s(self): return 'a'\nclass B(A):\n    def s(self): return 'b' + super().s()\n"
     "print(B().s())", "ba"),
    ("print(f'{3.14159:.2f}|{\"x\":>3}|{1 + 1}', '%s-%d' % ('a', 2), '{} {}'.format(1, 2))",
     "3.14|  x|2 a-2 1 2"),
    ("try:\n    {}['x']\nexcept (KeyError, ValueError) as e:\n    print(type(e).__name__, e)\nfinally:\n    "
     "print('fin')", "KeyError 'x'\nfin"),
    ("import json, os\nprint(json.loads('{\"a\": [1]}')['a'], json.dumps({'b': None}), os.path.join('a', "
     "'b'))", "[1] {\"b\": null} a/b"),
    ("n = 0\nwhile True:\n    n += 1\n    if n > 3: break\nelse:\n    n = 0\nprint(n, sum(range(5)), "
     "sorted('bca', reverse=True))",
     "4 10 ['c', 'b', 'a']"),
    ("print(sorted({'c', 'a', 'b'}), ','.join({'y', 'x'}), list({3, 1}))", "['a', 'b', 'c'] x,y [1, 3]"),
    ("from collections import Counter\nprint(Counter('aab'), any([0, 1]), max(['a', 'bb'], key=len))",
     "{'a': 2, 'b': 1} True bb"),
])
def test_the_language_says_what_python_says(code, shown):
    outcome = machine(a_py=code).run("python", "a.py")
    assert (outcome.out, outcome.err, outcome.code) == (shown + "\n", "", 0)


def test_files_and_sleep_are_the_containers():
    made = machine(a_py="import time\nwith open('x.txt', 'w') as f:\n    f.write('uno\\n')\ntime.sleep(60)\n"
                   "print(open('x.txt').read())")
    before = made.kernel.clock.now
    assert made.run("python", "a.py").out == "uno\n\n"
    assert made.read("x.txt") == "uno\n" and made.kernel.clock.now - before >= 60 * 10**9


@pytest.mark.parametrize("code, last", [
    ("1 / 0", "ZeroDivisionError: division by zero"), ("open('/no')", "FileNotFoundError: [Errno 2] No such "
                                                       "file or directory: '/no'"),
    ("import nada", "ModuleNotFoundError: No module named 'nada'"),
    ("x", "NameError: name 'x' is not defined"),
    ("'a' + 1", 'TypeError: can only concatenate str (not "int") to str'),
    ("raise ValueError('mal')", "ValueError: mal"), ("[][1]", "IndexError: list index out of range"),
    ("'a' * 10 ** 12", "MemoryError"), ("9 ** 9 ** 9", "MemoryError"),
    ("def f(): f()\nf()", "RecursionError: maximum recursion depth exceeded")])
def test_errors_are_pythons(code, last):
    outcome = machine(a_py=code).run("python", "a.py")
    assert outcome.code == 1
    assert outcome.err.startswith("Traceback (most recent call last):\n") and outcome.err.endswith(last + "\n")


def test_a_syntax_error_shows_the_line():
    outcome = machine(a_py="x = 1\nprint('a'\n").run("python", "a.py")
    assert outcome.code == 1
    assert outcome.err == (
        "  File \"/datos/a.py\", line 2\n    print('a'\n         ^\nSyntaxError: '(' was never closed\n")


def test_nothing_of_the_real_python_can_be_reached():
    for code in ("print(().__class__)", "print('{0.__class__}'.format(1))", "eval('1')", "import subprocess",
                 "open.__globals__", "__import__('os')"):
        outcome = machine(a_py=code).run("python", "a.py")
        assert outcome.code == 1 and "<class" not in outcome.out, code


def test_exit_codes_and_versions():
    made = machine()
    assert made.run("python", "-c", "import sys; sys.exit(7)").code == 7
    assert made.run("python3", "--version").out == "Python 3.12.9\n"
    assert made.run("python", "nada.py").code == 2
    assert made.run("python", "-", stdin=b"print(2 ** 10)\n").out == "1024\n"


def flask() -> Machine:
    made = machine(app_py=APP)
    assert made.run("pip", "install", "flask", "gunicorn").code == 0
    return made.again()


def test_flask_must_be_installed():
    assert machine(app_py=APP).run("python", "app.py").err.endswith("ModuleNotFoundError: No module named "
                                                                    "'flask'\n")


@pytest.mark.parametrize("command", [["python", "app.py"], ["flask", "run", "--host=0.0.0.0"],
                                     ["gunicorn", "-b", "0.0.0.0:5000", "app:app"]])
def test_a_flask_application_answers(command):
    made = flask()
    process, out = made.start(command, env={"NOMBRE": "clase"})
    made.wait(1)
    assert made.run("curl", "-s", "localhost:5000/").out == "Hola clase 1\n"
    assert made.run("curl", "-s", "localhost:5000/doble/4?q=z").out == '{"n":8,"q":"z"}\n'
    assert made.run("curl", "-s", "-H", "Content-Type: application/json", "-d", '{"a":1}',
                    "localhost:5000/eco").out == '{"a":1}\n'
    assert "404 Not Found" in made.run("curl", "-s", "localhost:5000/nada").out
    assert made.run("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "localhost:5000/mal").out == "500"
    assert "ZeroDivisionError: division by zero" in out.text(2)
    assert process.alive


@pytest.mark.parametrize(("words", "error"), [
    (["run", "0.0.0.0"], "Got unexpected extra argument (0.0.0.0)"),
    (["run", "--host"], "Option '--host' requires an argument."),
    (["run", "--hots", "0.0.0.0"], "No such option: --hots"),
    (["run", "-p", "cinco"], "Invalid value for '--port' / '-p': 'cinco' is not a valid integer."),
    (["corre"], "No such command 'corre'."),
])
def test_flask_says_what_is_wrong_in_the_order(words, error):
    outcome = flask().run("flask", *words)
    assert outcome.code == 2 and outcome.err.endswith(f"\n\nError: {error}\n")
    assert outcome.err.startswith("Usage: flask")


@pytest.mark.parametrize("command", [["flask", "run", "--host=localhost"],
                                     ["gunicorn", "-b", "localhost:5000", "app:app"]])
def test_an_application_may_listen_on_a_name(command):
    made = flask()
    made.start(command)
    made.wait(1)
    assert made.run("curl", "-s", "localhost:5000/").out == "Hola mundo 1\n"
    assert "127.0.0.1:5000" in made.run("netstat", "-ltn").out


def test_files_are_served():
    made = machine(index_html="<h1>hola</h1>")
    process, out = made.start(["python", "-m", "http.server", "8000"])
    made.wait(1)
    assert made.run("wget", "-qO-", "http://localhost:8000/").out == "<h1>hola</h1>"
    assert made.run("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "localhost:8000/nada").out == "404"
    assert "Serving HTTP on 0.0.0.0 port 8000" in out.text(1) and '"GET / HTTP/1.1" 200 -' in out.text(2)


def test_a_handler_of_the_program_serves():
    made = machine(s_py="""
from http.server import BaseHTTPRequestHandler, HTTPServer
class Saludo(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(f"hola {self.path}\\n".encode())
HTTPServer(("0.0.0.0", 8000), Saludo).serve_forever()
""")
    made.start(["python", "s.py"])
    made.wait(1)
    assert made.run("curl", "-s", "localhost:8000/x").out == "hola /x\n"


def test_files_are_written_read_and_walked_line_by_line():
    made = machine(a_py="import json\nwith open('d.json', 'w') as f:\n    json.dump({'n': [1, 2]}, f)\n"
                        "print(json.load(open('d.json')))\nf = open('l', 'a')\nprint('uno\\ndos', file=f)\nf.close()\n"
                        "f = open('l')\nprint(repr(f.readline()), [line for line in f], f.name)\n"
                        "print(open('l', 'rb').read(3), open('l').readlines())\n")
    assert made.run("python", "a.py").out == ("{'n': [1, 2]}\n'uno\\n' ['dos\\n'] l\n"
                                              "b'uno' ['uno\\n', 'dos\\n']\n")


def test_redis_is_reached_from_python():
    made = machine(a_py="import redis\nr = redis.Redis(host='localhost', decode_responses=True)\n"
                   "print(r.incr('v'), r.incr('v'), r.get('v'))\n")
    made.run("pip", "install", "redis")
    assert "Error 111 connecting to localhost:6379. Connection refused." in made.run("python", "a.py").err
    made.start(["redis-server"])
    made.wait(1)
    assert made.run("python", "a.py").out == "1 2 2\n"


def test_redis_is_reached_again_when_it_is_another_one():
    made = machine(a_py="import redis\nimport time\nr = redis.Redis(host='localhost')\n"
                   "print(r.incr('v'))\ntime.sleep(9)\nprint(r.incr('v'))\ntime.sleep(9)\nprint(r.incr('v'))\n")
    made.run("pip", "install", "redis")
    made.start(["redis-server", "--save", ""])
    made.wait(1)
    process, out = made.start(["python", "a.py"])
    made.wait(4)
    made.run("pkill", "-9", "redis-server")
    made.start(["redis-server", "--save", ""])
    made.wait(8)
    assert out.text(1) == "1\n1\n" and process.alive
    made.run("pkill", "-9", "redis-server")
    made.wait(9)
    assert "Error 111 connecting to localhost:6379. Connection refused." in out.text(2) and not process.alive


def test_nobody_reading_is_an_error_of_python():
    made = machine(a_py="while True:\n    print('y')\n")
    shown = made.run("sh", "-c", "python a.py | head -n 2")
    assert shown.out == "y\ny\n" and shown.err.endswith("\nBrokenPipeError: [Errno 32] Broken pipe\n")


BOOK = """
import sqlite3
db = sqlite3.connect("/tmp/libro.db")
db.execute("CREATE TABLE IF NOT EXISTS visitas (id INTEGER PRIMARY KEY, nombre TEXT NOT NULL)")
with db:
    db.execute("INSERT INTO visitas (nombre) VALUES (?)", ("Ana O'Hara",))
db.execute("INSERT INTO visitas (nombre) VALUES ('sin confirmar')")
db.close()
print(sqlite3.connect("/tmp/libro.db").execute("SELECT id, nombre FROM visitas").fetchall())
"""


def test_sqlite_keeps_in_its_file_what_was_committed():
    made = machine(a_py=BOOK)
    assert made.run("python", "a.py").out == "[(1, \"Ana O'Hara\")]\n"
    assert made.run("python", "a.py").out == "[(1, \"Ana O'Hara\"), (2, \"Ana O'Hara\")]\n"
    assert made.fs.stat("/tmp/libro.db").size == 8192


@pytest.mark.parametrize(("code", "last"), [
    ("db.execute('SELECT * FROM nada')", "sqlite3.OperationalError: no such table: nada"),
    ("db.execute('CREATE TABLE t (a TEXT UNIQUE)')\nfor n in range(2):\n    "
     "db.execute(\"INSERT INTO t VALUES ('x')\")", "sqlite3.IntegrityError: UNIQUE constraint failed: t.a"),
    ("db.execute('CREAR')", 'sqlite3.OperationalError: near "CREAR": syntax error'),
    ("sqlite3.connect('/no/esta.db')", "sqlite3.OperationalError: unable to open database file"),
    ("sqlite3.connect('a.py').execute('SELECT 1')", "sqlite3.DatabaseError: file is not a database")])
def test_sqlite_complains_as_sqlite(code, last):
    made = machine(a_py=f"import sqlite3\ndb = sqlite3.connect(':memory:')\n{code}\n")
    assert made.run("python", "a.py").err.splitlines()[-1] == last
