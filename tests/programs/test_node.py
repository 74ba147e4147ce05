"""node y npm: lo que hace una aplicación de Express dentro de un contenedor."""

from __future__ import annotations

import json

import pytest

from .machine import Machine

PACKAGE = json.dumps({"name": "saludos", "version": "1.0.0", "private": True,
                      "scripts": {"start": "node server.js"},
                      "dependencies": {"express": "^4.18.2"}})
SERVER = """
const express = require("express");
const app = express();
const port = process.env.PORT || 3000;
let visitas = 0;
app.use(express.json());
app.get("/", (req, res) => { visitas += 1; res.send(`Hola ${visitas}\\n`); });
app.get("/usuarios/:id", (req, res) => res.json({ id: req.params.id, q: req.query.q }));
app.post("/eco", (req, res) => res.status(201).json(req.body));
app.get("/mal", (req, res) => { throw new Error("roto"); });
app.listen(port, () => console.log(`Escuchando en ${port}`));
"""
GRACEFUL = SERVER + 'process.on("SIGTERM", () => { console.log("adios"); process.exit(0); });\n'


def machine(node: str = "18.20.4", **files: str) -> Machine:
    return Machine({name.replace("_", "."): text for name, text in files.items()}, dialect="",
                   env={"NODE_VERSION": node, "HOME": "/root"})


def run_js(code: str, node: str = "18.20.4") -> str:
    outcome = machine(node, app_js=code).run("node", "app.js", seconds=60)
    assert outcome.code == 0, outcome.err
    return outcome.out


def installed(server: str = SERVER, node: str = "18.20.4") -> Machine:
    made = machine(node, package_json=PACKAGE, server_js=server)
    assert made.run("npm", "install").code == 0
    return made.again()


# -- el lenguaje --
@pytest.mark.parametrize("code, shown", [
    ("console.log(1 / 3, 0.1 + 0.2, 1e21, -0, 5 % 3, 2 ** 10)", "0.3333333333333333 0.30000000000000004 "
     "1e+21 -0 2 1024"),
    ("console.log([1, 'a', null, undefined], { a: 1, b: { c: [] } })",
     "[ 1, 'a', null, undefined ] { a: 1, b: { c: [] } }"),
    ("const { a, ...r } = { a: 1, b: 2 }; const [x, , y = 9] = [1, 2]; console.log(a, r, x, y)",
     "1 { b: 2 } 1 9"),
    ("class A { #n = 1; get n() { return this.#n } } class B extends A { s() { return 'b' + super.n } } "
     "console.log(new B().n)", "1"),
    ("console.log([3, 1, 2].sort().map((n) => n * 2).filter((n) => n > 2).reduce((a, b) => a + b, 0))", "10"),
    ("console.log('a-b'.replace(/-/g, '+'), 'x'.padStart(3, '.'), 'Hola'.toUpperCase(), [...'ab'].join())",
     "a+b ..x HOLA a,b"),
    ("console.log(typeof nada, null ?? 'n', ({})?.x?.y, `t ${1 + 1}`)", "undefined n undefined t 2"),
    ("for (const [k, v] of Object.entries({ a: 1 })) console.log(k, v); switch (2) { case 2: "
     "console.log('dos') }", "a 1\ndos"),
    ("try { null.x } catch (e) { console.log(e.message, e instanceof TypeError) }",
     "Cannot read properties of null (reading 'x') true"),
    ("console.log(JSON.stringify({ a: [1, { b: null }], c: undefined }), JSON.parse('[1]')[0])",
     '{"a":[1,{"b":null}]} 1'),
    ("console.log(new Map([['a', 1]]), new Set([1, 1]), new Date(0).toISOString())",
     "Map(1) { 'a' => 1 } Set(1) { 1 } 1970-01-01T00:00:00.000Z"),
])
def test_the_language_says_what_node_says(code, shown):
    assert run_js(code) == shown + "\n"


def test_promises_timers_and_async_run_in_nodes_order():
    out = run_js("""
        setTimeout(() => console.log("tiempo"), 10);
        Promise.resolve().then(() => console.log("promesa"));
        process.nextTick(() => console.log("tic"));
        (async () => { console.log("a"); await null; console.log("b"); })();
        console.log("fin");""")
    assert out.split() == ["a", "fin", "tic", "promesa", "b", "tiempo"]


def test_time_is_the_virtual_clock():
    assert run_js("console.log(new Date().toISOString())") == "2026-10-05T12:00:00.000Z\n"
    made = machine(app_js="setTimeout(() => console.log('listo'), 90000)")
    before = made.kernel.clock.now
    assert made.run("node", "app.js").out == "listo\n"
    assert 90 <= (made.kernel.clock.now - before) / 1e9 < 91


def test_a_syntax_error_points_at_the_place():
    outcome = machine(app_js="const a = 1;\nconst b = ;\n").run("node", "app.js")
    assert outcome.code == 1
    assert outcome.err.startswith("/datos/app.js:2\nconst b = ;\n          ^\n\nSyntaxError: Unexpected "
                                  "token ';'\n")


def test_an_uncaught_error_ends_with_one_and_its_trace():
    outcome = machine(app_js="function f() {\n  throw new Error('fallo');\n}\nf();\n").run("node", "app.js")
    assert outcome.code == 1
    assert "Error: fallo\n    at f (/datos/app.js:2)" in outcome.err and "Node.js v18.20.4" in outcome.err


def test_an_endless_loop_burns_processor_and_can_be_killed():
    made = machine(app_js="while (true) {}")
    process, _ = made.start(["node", "app.js"])
    made.wait(2)
    assert process.alive and process.cpu_ns > 10**9
    made.kernel.signal(process.pid, 9)
    made.wait(0.1)
    assert process.exit_code == 137


def test_huge_texts_and_lists_are_refused():
    assert "RangeError" in machine(app_js="'a'.repeat(1e9)").run("node", "app.js").err
    assert "RangeError" in machine(app_js="new Array(1e9)").run("node", "app.js").err
    assert "Maximum call stack" in machine(app_js="const f = () => f(); f()").run("node", "app.js").err


# -- módulos --
def test_a_missing_module_is_told_as_node_14_and_18_tell_it():
    old = machine("14.21.3", server_js=SERVER).run("node", "server.js")
    new = machine("18.20.4", server_js=SERVER).run("node", "server.js")
    for outcome in (old, new):
        assert outcome.code == 1
        assert "Error: Cannot find module 'express'\nRequire stack:\n- /datos/server.js\n" in outcome.err
        assert "  code: 'MODULE_NOT_FOUND'," in outcome.err
    assert old.err.startswith("internal/modules/cjs/loader.js")
    assert new.err.startswith("node:internal/modules/cjs/loader")


def test_a_missing_file_is_a_missing_module():
    outcome = machine().run("node", "nada.js")
    assert outcome.code == 1 and "Error: Cannot find module '/datos/nada.js'" in outcome.err


def test_files_of_the_project_are_required_and_run_once():
    made = machine(app_js="const a = require('./lib'); const b = require('./lib.js'); console.log(a === b, "
                   "require('./d.json').x)",
                   lib_js="console.log('una vez'); module.exports = { a: 1 };", d_json='{"x": 7}')
    assert made.run("node", "app.js").out == "una vez\ntrue 7\n"


def test_import_needs_type_module():
    made = machine(app_js="import fs from 'fs';\nconsole.log(typeof fs.readFileSync)")
    assert "SyntaxError: Cannot use import statement outside a module" in made.run("node", "app.js").err
    made.put("package.json", '{"type": "module"}')
    assert made.run("node", "app.js").out == "function\n"


def test_files_are_written_in_the_container():
    made = machine(app_js="const fs = require('fs'); fs.mkdirSync('d/e', { recursive: true }); "
                   "fs.writeFileSync('d/e/x', 'uno');"
                          "fs.appendFileSync('d/e/x', ' dos'); console.log(fs.readFileSync('d/e/x', 'utf8'), "
                          "fs.existsSync('no'));"
                          "try { fs.readFileSync('no') } catch (e) { console.log(e.code, e.message) }")
    assert made.run("node",
                    "app.js").out == "uno dos false\nENOENT ENOENT: no such file or directory, open 'no'\n"
    assert made.read("d/e/x") == "uno dos"


# -- el servidor --
def test_an_express_server_answers():
    made = installed()
    process, out = made.start(["node", "server.js"])
    made.wait(1)
    assert out.text() == "Escuchando en 3000\n"
    assert made.run("curl", "-s", "localhost:3000/").out == "Hola 1\n"
    assert made.run("wget", "-qO-", "http://localhost:3000/").out == "Hola 2\n"
    assert made.run("curl", "-s", "localhost:3000/usuarios/7?q=a%20b").out == '{"id":"7","q":"a b"}'
    posted = made.run("curl", "-si", "-H", "Content-Type: application/json", "-d", '{"a":1}',
                      "localhost:3000/eco").out
    assert posted.startswith("HTTP/1.1 201 Created\r\n") and posted.endswith('{"a":1}')
    assert "<pre>Cannot GET /nada</pre>" in made.run("curl", "-s", "localhost:3000/nada").out
    assert "Error: roto" in made.run("curl", "-s", "localhost:3000/mal").out
    assert process.alive


def test_the_port_comes_from_the_environment_and_may_be_taken():
    made = installed()
    process, out = made.start(["node", "server.js"], env={"PORT": "8080"})
    made.wait(1)
    assert out.text() == "Escuchando en 8080\n"
    outcome = made.run("node", "server.js", env={"PORT": "8080"})
    assert outcome.code == 1 and "Error: listen EADDRINUSE: address already in use :::8080" in outcome.err


def test_node_as_process_one_ignores_term_unless_it_handles_it():
    deaf, polite = installed(), installed(GRACEFUL)
    for made, code in ((deaf, None), (polite, 0)):
        process, out = made.start(["node", "server.js"])
        made.wait(1)
        made.kernel.signal(process.pid, 15)
        made.wait(1)
        assert process.exit_code == code
    assert out.text().endswith("adios\n")


def test_a_live_server_goes_on_after_being_saved_and_reopened():
    """Se guarda como datos: al volver, el programa se repite con su diario y sigue donde estaba."""
    from dockerlab.containers.kernel import Kernel
    made = installed()
    process, _ = made.start(["node", "server.js"])
    made.wait(1)
    made.run("curl", "-s", "localhost:3000/")
    made.run("curl", "-s", "localhost:3000/")
    data = json.loads(json.dumps(made.kernel.to_data()))
    made.kernel = Kernel.from_data(data, {made.space.id: made.space})
    assert made.run("curl", "-s", "localhost:3000/").out == "Hola 3\n"


# -- npm --
def test_install_writes_modules_with_their_weight_and_a_lock():
    made = installed()
    assert json.loads(made.read("node_modules/express/package.json"))["version"].startswith("4.")
    assert 2_000 < int(made.run("du", "-s", "node_modules").out.split()[0]) < 6_000
    lock = json.loads(made.read("package-lock.json"))
    assert lock["packages"]["node_modules/express"]["resolved"].startswith("https://espejo.dockerlab.invalid/")


def test_installing_twice_gives_the_same_bytes_and_nothing_new():
    one, other = installed(), installed()
    assert one.read("package-lock.json") == other.read("package-lock.json")
    assert one.run("npm", "install").out.startswith("\nup to date, audited ")


@pytest.mark.parametrize("node, said", [
    ("14.21.3", "added 69 packages from "), ("18.20.4", "added 69 packages, and audited 70 packages in ")])
def test_the_summary_is_the_one_of_that_npm(node, said):
    made = machine(node, package_json=PACKAGE)
    assert said in made.run("npm", "install").out
    assert "found 0 vulnerabilities" in made.run("npm", "install").out


def test_ci_needs_the_lock_and_follows_it():
    made = machine(package_json=PACKAGE)
    assert "can only install with an existing package-lock.json" in made.run("npm", "ci").err
    assert made.run("npm", "ci").code == 1
    made.run("npm", "install")
    made.run("rm", "-r", "node_modules")
    assert made.run("npm", "ci").code == 0
    assert made.fs.exists("/datos/node_modules/express/package.json")


def test_production_leaves_the_development_packages_out():
    package = json.dumps({"name": "a", "version": "1.0.0", "dependencies": {"cors": "*"},
                          "devDependencies": {"typescript": "^5.0.0"}})
    made = machine(package_json=package)
    made.run("npm", "install", "--omit=dev")
    assert made.fs.exists("/datos/node_modules/cors") and not made.fs.exists("/datos/node_modules/typescript")
    made.run("npm", "install")
    assert made.fs.exists("/datos/node_modules/typescript")


def test_an_unknown_package_is_a_404_of_the_mirror():
    outcome = machine(package_json="{}").run("npm", "install", "no-existe-nada")
    assert outcome.code == 1
    assert "npm error code E404" in outcome.err
    assert "GET https://espejo.dockerlab.invalid/no-existe-nada - Not found" in outcome.err


def test_install_of_one_package_adds_it_to_package_json():
    made = machine(package_json='{"name": "a", "version": "1.0.0"}')
    assert made.run("npm", "install", "lodash").code == 0
    assert json.loads(made.read("package.json"))["dependencies"]["lodash"].startswith("^4.")


@pytest.mark.parametrize("node, banner", [
    ("14.21.3", "\n> saludos@1.0.0 start /datos\n> node server.js\n\n"),
    ("18.20.4", "\n> saludos@1.0.0 start\n> node server.js\n\n")])
def test_start_prints_its_banner(node, banner):
    made = installed(node=node)
    process, out = made.start(["npm", "start"])
    made.wait(1)
    assert out.text() == banner + "Escuchando en 3000\n"
    assert made.run("curl", "-s", "localhost:3000").out == "Hola 1\n"


def test_errors_of_package_json_are_npms():
    assert machine().run("npm", "start").code == 254
    assert "enoent" in machine().run("npm", "start").err
    broken = machine(package_json='{"name": }').run("npm", "install")
    assert broken.code == 1 and "EJSONPARSE" in broken.err
    missing = machine(package_json='{"name": "a"}').run("npm", "run", "nada")
    assert missing.code == 1 and 'Missing script: "nada"' in missing.err


def test_a_failing_script_gives_its_code():
    made = machine("14.21.3",
                   package_json='{"name": "a", "version": "1.0.0", "scripts": {"start": "exit 3"}}')
    outcome = made.run("npm", "start")
    assert outcome.code == 3 and "npm ERR! code ELIFECYCLE\nnpm ERR! errno 3\n" in outcome.err


def test_versions():
    made = machine("20.18.3")
    assert made.run("node", "--version").out == "v20.18.3\n"
    assert made.run("node", "-e", "console.log(process.version)").out == "v20.18.3\n"
    assert made.run("node", "-p", "1 + 1").out == "2\n"
    assert made.run("npm", "--version").out == "10.8.2\n"
