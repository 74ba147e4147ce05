"""npm, npx y yarn: instalar lo que pide package.json y ejecutar sus guiones."""

from __future__ import annotations

import json
from typing import Any

from dockerlab.errors import FileError

from .. import signals
from ..requests import Signalled, Sleep, Wait
from .kit import basename, join
from .making import make_folder, remove_tree
from .node_version import node_version
from .npm_install import clean_install, install, split
from .npm_registry import table
from .npm_words import Npm
from .options import Options, applet

ALIASES = {"i": "install", "add": "install", "in": "install", "isntall": "install", "clean-install": "ci",
           "it": "install-test",
           "t": "test", "tst": "test", "run-script": "run", "rum": "run", "ls": "list", "ll": "list",
           "rm": "uninstall",
           "remove": "uninstall", "un": "uninstall", "create": "init", "-v": "--version", "c": "config",
           "up": "update"}
LIFECYCLE = ("start", "test", "stop", "restart")


@applet("npm", None)
def npm(sys: Any, opt: Options) -> Any:
    """`npm <orden> ...`; las órdenes están en `COMMANDS`."""
    return (yield from run(sys, Npm(sys), sys.argv[1:]))


def run(sys: Any, tool: Npm, words: list[str]) -> Any:
    quiet = [word for word in words if word in ("-s", "--silent", "--quiet", "-q")]
    words = [word for word in words if word not in quiet and not word.startswith(("--loglevel", "--prefix="))]
    name = ALIASES.get(words[0], words[0]) if words else ""
    sys.memory(60 * 2**20)
    if name in LIFECYCLE:
        return (yield from script(tool, name, words[1:], bool(quiet)))
    if name in COMMANDS:
        result = COMMANDS[name](tool, words[1:])
        return (yield from result) if hasattr(result, "send") else result
    if not name:
        sys.out("npm <command>\n\nUsage:\n\nnpm install        install all the dependencies in your project\n"
                "npm test           run this project's tests\nnpm run <foo>      run the script named <foo>\n")
        return 1
    if tool.major < 7:
        sys.out("\nUsage: npm <command>\n\nwhere <command> is one of:\n    ci, config, init, install, list, "
                "run, start, test, "
                f"uninstall\n\nnpm@{tool.version} /usr/local/lib/node_modules/npm\n")
        return 1
    sys.out(f'Unknown command: "{words[0]}"\n\nTo see a list of supported npm commands, run:\n  npm help\n')
    return 1


def script(tool: Npm, name: str, extra: list[str], quiet: bool = False) -> Any:
    """Ejecuta un guion de package.json (y sus pre- y post-), con su cabecera."""
    sys = tool.sys
    manifest = tool.manifest(required=True)
    if manifest is None:
        return tool.code
    scripts = dict(manifest.get("scripts") or {})
    if name == "start" and "start" not in scripts and sys.fs.exists("server.js"):
        scripts["start"] = "node server.js"
    if name not in scripts:
        return missing(tool, manifest, name)
    extra = extra[1:] if extra[:1] == ["--"] else extra
    for stage in (f"pre{name}", name, f"post{name}"):
        if stage not in scripts:
            continue
        line = scripts[stage] + ("".join(f" {word}" if word.isalnum() else f' "{word}"' for word in extra)
                                 if stage == name else "")
        if not quiet:
            banner(tool, manifest, stage, line)
        code = yield from shell(tool, manifest, stage, line)
        if code:
            return code
    return 0


def banner(tool: Npm, manifest: dict[str, Any], stage: str, line: str) -> None:
    title = "@".join(str(manifest[key]) for key in ("name", "version") if manifest.get(key))
    if tool.major < 7:
        tool.sys.out(f"\n> {title or tool.folder + '@'} {stage} {tool.sys.cwd}\n> {line}\n\n")
    else:
        tool.sys.out(f"\n> {title + ' ' if title else ''}{stage}\n> {line}\n\n")


def shell(tool: Npm, manifest: dict[str, Any], stage: str, line: str) -> Any:
    """`sh -c <guion>`. Las señales TERM e INT se reenvían al shell, no al programa que él ejecuta."""
    sys = tool.sys
    env = {**sys.env, "PATH": f"{join(sys.cwd, 'node_modules/.bin')}:{sys.env.get('PATH', '')}",
           "npm_lifecycle_event": stage, "npm_package_name": str(manifest.get("name", "")),
           "npm_package_version": str(manifest.get("version", "")), "npm_lifecycle_script": line,
           "INIT_CWD": sys.cwd, "npm_config_user_agent": f"npm/{tool.version} node/v{node_version(sys)} "
           "linux x64"}
    sys.catch("TERM", "INT", "HUP")
    try:
        child = sys.spawn(["sh", "-c", line], env=env)
    except FileError:
        return tool.fail("code ENOENT", "syscall spawn sh", "file sh", "errno ENOENT",
                         "enoent spawn sh ENOENT", code=254)
    got = 0
    while True:
        try:
            code = yield Wait(child)
            break
        except Signalled as received:
            got = received.signo
            if got != signals.INT:      # el Ctrl+C ya le llega al hijo desde el terminal
                sys.kill(child, got)
    sys.default("TERM", "INT", "HUP")
    if got and code == 128 + got:
        return (yield from died(tool, manifest, stage, line, got))
    if code:
        broke(tool, manifest, stage, line, code)
    return code


def died(tool: Npm, manifest: dict[str, Any], stage: str, line: str, signo: int) -> Any:
    """El guion murió por una señal: npm se manda la misma; si es el proceso 1 no muere, y acaba con 1."""
    tool.sys.kill(tool.sys.pid, signo)
    yield Sleep(0.5)
    name = f"SIG{signals.name(signo)}"
    if tool.major < 7:
        return tool.fail("code ELIFECYCLE", f"{title(manifest)} {stage}: `{line}`",
                         f"Exit status {128 + signo}", "",
                         f"Failed at the {title(manifest)} {stage} script.",
                         "This is probably not a problem with npm. There is likely additional logging output "
                         "above.")
    return tool.fail(f"path {tool.sys.cwd}", "command failed", f"signal {name}", f"command sh -c {line}")


def title(manifest: dict[str, Any]) -> str:
    return f"{manifest.get('name', '')}@{manifest.get('version', '')}"


def broke(tool: Npm, manifest: dict[str, Any], stage: str, line: str, code: int) -> None:
    """El guion falló. npm 7 y siguientes callan: ya habló el programa."""
    if tool.major >= 7:
        return
    if stage == "test":
        tool.error("Test failed.  See above for more details.")
        return
    tool.fail("code ELIFECYCLE", f"errno {code}", f"{title(manifest)} {stage}: `{line}`",
              f"Exit status {code}", "",
              f"Failed at the {title(manifest)} {stage} script.",
              "This is probably not a problem with npm. There is likely additional logging output above.",
              code=code)


def missing(tool: Npm, manifest: dict[str, Any], name: str) -> int:
    if tool.major < 7:
        return tool.fail(f"missing script: {name}")
    return tool.fail(f'Missing script: "{name}"', "", "To see a list of scripts, run:", "  npm run")


def run_named(tool: Npm, words: list[str]) -> Any:
    """`npm run guion`; sin nombre, la lista."""
    if words:
        return (yield from script(tool, words[0], words[1:]))
    manifest = tool.manifest(required=True)
    if manifest is None:
        return tool.code
    scripts = manifest.get("scripts") or {}
    life = {name: line for name, line in scripts.items() if name in LIFECYCLE}
    rest = {name: line for name, line in scripts.items() if name not in LIFECYCLE}
    for heading, group in ((f"Lifecycle scripts included in {title(manifest)}:", life),
                           ("available via `npm run-script`:", rest)):
        if group:
            tool.sys.out(f"{heading}\n" + "".join(f"  {name}\n    {line}\n" for name, line in group.items()))
    return 0


def init(tool: Npm, words: list[str]) -> int:
    """`npm init -y`: un package.json con lo de siempre."""
    about = {"name": tool.folder, "version": "1.0.0", "description": "", "main": "index.js",
             "scripts": {"test": 'echo "Error: no test specified" && exit 1'}, "keywords": [], "author": "",
             "license": "ISC"}
    if tool.sys.fs.exists("server.js"):
        about |= {"main": "server.js", "scripts": {**about["scripts"], "start": "node server.js"}}
    text = json.dumps(about, indent=2)
    path = join(tool.sys.cwd, "package.json")
    tool.sys.fs.write(path, (text + "\n").encode())
    tool.sys.out(f"Wrote to {path}:\n\n{text}\n\n\n")
    return 0


def version(tool: Npm, words: list[str]) -> int:
    tool.sys.out(tool.version + "\n")
    return 0


def listing(tool: Npm, words: list[str]) -> int:
    """`npm list`: lo instalado de lo que pide package.json."""
    manifest = tool.manifest(required=False) or {}
    tool.sys.out(f"{title(manifest) if manifest else '(empty)'} {tool.sys.cwd}\n")
    wanted = {**(manifest.get("dependencies") or {}), **(manifest.get("devDependencies") or {})}
    status, rows = 0, []
    for name, version in sorted(wanted.items()):
        path = f"node_modules/{name}/package.json"
        if tool.sys.fs.exists(path):
            rows.append(f"{name}@{json.loads(tool.sys.fs.read(path))['version']}")
        else:
            rows.append(f"UNMET DEPENDENCY {name}@{version}")
            status = 1
    for at, row in enumerate(rows):
        tool.sys.out(f"{'└' if at == len(rows) - 1 else '├'}── {row}\n")
    tool.sys.out("" if rows else "└── (empty)\n")
    return status


def uninstall(tool: Npm, words: list[str]) -> Any:
    manifest = tool.manifest(required=False) or {}
    for word in words:
        for group in ("dependencies", "devDependencies"):
            (manifest.get(group) or {}).pop(split(word)[0], None)
    tool.sys.fs.write("package.json", (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode())
    return (yield from install(tool, []))


def cache(tool: Npm, words: list[str]) -> int:
    """`npm cache clean --force`: borra lo descargado."""
    home = tool.sys.env.get("HOME") or "/root"
    if words[:1] in (["clean"], ["verify"]):
        if words[0] == "clean" and "--force" not in words and "-f" not in words:
            return tool.fail("As of npm@5, the npm cache self-heals from corruption issues",
                             "by treating integrity "
                             "mismatches as cache misses.")
        if tool.sys.fs.exists(f"{home}/.npm/_cacache"):
            remove_tree(tool.sys, Options("npm", False), f"{home}/.npm/_cacache")
    if words[:1] == ["clean"]:
        tool.sys.err(f"npm {'WARN' if tool.major < 10 else 'warn'} using --force Recommended protections "
                     "disabled.\n")
    return 0


def silent(tool: Npm, words: list[str]) -> int:
    """Órdenes que en una construcción solo se dejan escritas: config, audit, fund, prune, update."""
    return 0


def audit(tool: Npm, words: list[str]) -> int:
    tool.sys.out("found 0 vulnerabilities\n")
    return 0


def config(tool: Npm, words: list[str]) -> int:
    if words[:1] == ["get"] and words[1:] == ["registry"]:
        tool.sys.out("https://espejo.dockerlab.invalid/\n")
    elif words[:1] == ["set"] and len(words) > 1:
        home = tool.sys.env.get("HOME") or "/root"
        pair = words[1] if "=" in words[1] else f"{words[1]}={(words[2:] or [''])[0]}"
        tool.sys.fs.write(f"{home}/.npmrc", f"{pair}\n".encode(), append=True)
    return 0


COMMANDS = {"install": install, "ci": clean_install, "run": run_named, "init": init, "--version": version,
            "version": version,
            "list": listing, "uninstall": uninstall, "cache": cache, "config": config, "set": config,
            "audit": audit,
            "fund": silent, "prune": silent, "update": install, "rebuild": silent, "dedupe": silent}


@applet("npx", None)
def npx(sys: Any, opt: Options) -> Any:
    """Ejecuta el programa de un paquete: el instalado o, si falta, lo descarga antes."""
    tool, words = Npm(sys), [word for word in sys.argv[1:]
                             if word not in ("-y", "--yes", "--no-install", "-q")]
    if not words or words[0] in ("-v", "--version"):
        return version(tool, [])
    name = split(words[0])[0]
    local = f"node_modules/.bin/{basename(name)}"
    owner = next((package for package, command in table()["ejecutables"].items() if command == name
                  or package == name), None)
    if not sys.fs.exists(local) and sys.which(name) is None:
        if owner is None:
            return tool.not_found(name, "*")
        cache_folder = join(sys.env.get("HOME") or "/root", f".npm/_npx/{basename(name)}")
        make_folder(sys, cache_folder, 0o755, parents=True)
        sys.fs.write(f"{cache_folder}/{name}", f"#!dockerlab npm-tool {owner}\n".encode(), mode=0o755)
        yield Sleep(2)
        local = f"{cache_folder}/{name}"
    pid = sys.spawn([local if sys.fs.exists(local) else name, *words[1:]])
    return (yield Wait(pid))
