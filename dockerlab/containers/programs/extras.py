"""Los pequeños que faltaban: el propio BusyBox, `more`, `mknod`, `tree`, `cowsay`, `jq`, `yarn`, `git`..."""

from __future__ import annotations

import json
import re
from typing import Any

from dockerlab.errors import FileError, fault
from dockerlab.filesystem.nodes import Device, Directory, Symlink

from ..process import PROGRAMS, find_program
from ..requests import Cpu, Sleep, Wait
from .kit import basename, contents, join, slurp
from .modes import parse_mode
from .npm import run as run_npm
from .npm_registry import table as npm_table
from .npm_words import Npm
from .options import BUSYBOX, BadUsage, Options, Stop, applet


@applet("busybox", None)
def busybox(sys: Any, opt: Options) -> int:
    """Sin el nombre de un applet, qué es y cuáles lleva; con uno que no conoce, lo dice."""
    words = sys.argv[1:]
    names = sorted(name for name in PROGRAMS if name.isalnum() or name in ("[", "[["))
    if words[:1] == ["--list"]:
        sys.out("".join(f"{name}\n" for name in names))
        return 0
    if words and words[0] != "--help" and find_program(words[0]) is None:
        sys.err(f"{words[0]}: applet not found\n")
        return 127
    sys.out(f"{BUSYBOX}\nBusyBox is copyrighted by many authors between 1998-2015.\nLicensed under GPLv2. "
            "See source distribution for detailed\n"
            "copyright notices.\n\nUsage: busybox [function [arguments]...]\n   or: busybox --list\n\n"
            "Currently defined functions:\n\t"
            + ", ".join(names) + "\n")
    return 0


@applet("more", "", "[FILE]...", "View FILE (or stdin) one screenful at a time", also=("less",))
def more(sys: Any, opt: Options) -> Any:
    """Sin nadie delante que pase páginas, lo escribe todo."""
    status = 0
    for path in opt.args or ["-"]:
        try:
            sys.write(1, (yield contents(sys, path)))
        except FileError as error:
            status = opt.complain(sys, "can't open '{}'", "cannot open {}", path, error)
    return status


@applet("mknod", "m:", "[-m MODE] NAME TYPE [MAJOR MINOR]", "Create a special file (block, character, or pipe)",
        long="mode=m",
        least=2, most=4)
def mknod(sys: Any, opt: Options) -> int:
    """`mknod nombre p`, una tubería; `mknod nombre c 1 3`, un dispositivo (solo root)."""
    path, kind, *numbers = opt.args
    if kind not in ("p", "c", "b") or (kind != "p") != (len(numbers) == 2) or not all(map(str.isdigit, numbers)):
        raise BadUsage("" if opt.busybox else f"invalid device type '{kind}'")
    if kind != "p" and sys.user.uid:
        raise Stop(f"{path}: Operation not permitted")
    try:
        if sys.fs.exists(path, follow=False):
            raise fault("EEXIST", path=path)
        mode = parse_mode(opt["m"] or "666", 0o666, False) & ~sys.umask
        major, minor = map(int, numbers or ("0", "0"))
        sys.fs.put(path, Device(kind, major, minor, mode, sys.user.uid, sys.user.gid, sys.now()))
    except FileError as error:
        return opt.complain(sys, "{}", "{}", path, error)
    return 0


@applet("tree", "adL:I:hsfpi", "[options] [directory ...]")
def tree(sys: Any, opt: Options) -> int:
    """Un dibujo de las carpetas."""
    counts, deepest = {"folders": 0, "files": 0}, opt.number("L", 10**6)

    def draw(path: str, lead: str, depth: int) -> None:
        names = [name for name in sys.fs.listdir(path) if "a" in opt or not name.startswith(".")]
        names = [name for name in names if not any(name == skip for skip in (opt["I"] or "").split("|"))]
        if "d" in opt:
            names = [name for name in names if sys.fs.isdir(join(path, name))]
        for at, name in enumerate(names):
            last, below = at == len(names) - 1, join(path, name)
            node = sys.fs.stat(below, follow=False).node
            arrow = f" -> {node.target}" if isinstance(node, Symlink) else ""
            sys.out(f"{lead}{'└── ' if last else '├── '}{below if 'f' in opt else name}{arrow}\n")
            counts["folders" if isinstance(node, Directory) else "files"] += 1
            if isinstance(node, Directory) and depth < deepest:
                draw(below, lead + ("    " if last else "│\xa0\xa0 "), depth + 1)
    for path in opt.args or ["."]:
        if not sys.fs.isdir(path):
            sys.out(f"{path}  [error opening dir]\n")
            continue
        sys.out(f"{path}\n")
        draw(path, "", 1)
    folders, files = counts["folders"], counts["files"]
    word = "directory" if folders == 1 else "directories"
    sys.out(f"\n{folders} {word}" + ("" if "d" in opt else f", {files} file{'s' * (files != 1)}") + "\n")
    return 0


@applet("cowsay", "f:nl")
def cowsay(sys: Any, opt: Options) -> Any:
    text = " ".join(opt.args) or (yield slurp(sys)).decode("utf-8", "replace").strip()
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + len(word) > 38:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    lines.append(line)
    wide = max(map(len, lines))
    if len(lines) == 1:
        rows = [f"< {lines[0]} >"]
    else:
        ends = [("/", "\\")] + [("|", "|")] * (len(lines) - 2) + [("\\", "/")]
        rows = [f"{left} {row:<{wide}} {right}" for row, (left, right) in zip(lines, ends, strict=True)]
    sys.out(f" {'_' * (wide + 2)}\n" + "\n".join(rows) + f"\n {'-' * (wide + 2)}\n"
            "        \\   ^__^\n         \\  (oo)\\_______\n            (__)\\       )\\/\\\n                "
            "||----w |\n                ||     ||\n")
    return 0


@applet("envsubst", "v", "[OPTION] [SHELL-FORMAT]")
def envsubst(sys: Any, opt: Options) -> Any:
    text = (yield slurp(sys)).decode("utf-8", "replace")
    only = set(re.findall(r"\$\{?(\w+)\}?", opt.args[0])) if opt.args else None
    sys.out(re.sub(r"\$\{(\w+)\}|\$(\w+)", lambda hit: sys.env.get(hit[1] or hit[2], "") if only is None
                   or (hit[1] or hit[2]) in only
                   else hit[0], text))
    return 0


@applet("jq", "rcnseMSaj", "[OPTIONS] FILTER [FILES...]", long="raw-output=r compact-output=c null-input=n "
        "slurp=s exit-status=e", least=1, bad=(2, 2))
def jq(sys: Any, opt: Options) -> Any:
    """Solo caminos: `.`, `.a.b`, `.[0]`, `.[]`, `keys` y `length`, unidos con `|`."""
    try:
        value = json.loads((yield contents(sys, opt.args[1] if len(opt.args) > 1 else "-")))
    except FileError as error:
        sys.err(f"jq: error: Could not open {opt.args[1]}: {error.text}\n")
        return 2
    except ValueError as error:
        sys.err(f"jq: parse error: {error}\n")
        return 2
    values = [value]
    for step in re.findall(r"[^|]+", opt.args[0]):
        for piece in re.findall(r'\.?\["?[^\]"]*"?\]|\.[A-Za-z_]\w*|keys|length|\.', step.strip()):
            try:
                values = [inner for each in values for inner in walk(each, piece)]
            except (TypeError, KeyError, IndexError):
                sys.err(f"jq: error (at <stdin>:0): Cannot index {kind(values[0])} with "
                        f"{piece.strip('.[]')!r}\n")
                return 5
    for each in values:
        raw = "r" in opt and isinstance(each, str)
        sys.out((each if raw else json.dumps(each, ensure_ascii=False, indent=None if "c" in opt else 2,
                                             separators=(",", ":") if "c" in opt else None)) + "\n")
    return 0


def walk(value: Any, piece: str) -> list[Any]:
    """Lo que da un paso de `jq` sobre un valor."""
    if piece == ".":
        return [value]
    if piece == "length":
        return [len(value)]
    if piece == "keys":
        return [sorted(value) if isinstance(value, dict) else list(range(len(value)))]
    inner = piece.strip(".")
    if inner.startswith("["):
        inner = inner[1:-1]
        if not inner:
            return list(value.values() if isinstance(value, dict) else value)
        if inner.lstrip("-").isdigit():
            return [value[int(inner)] if -len(value) <= int(inner) < len(value) else None]
    if value is None:
        return [None]
    if not isinstance(value, dict):
        raise TypeError
    return [value.get(inner.strip('"'))]


def kind(value: Any) -> str:
    return {dict: "object", list: "array", str: "string", bool: "boolean",
            type(None): "null"}.get(type(value), "number")


@applet("yarn", None, also=("yarnpkg",))
def yarn(sys: Any, opt: Options) -> Any:
    """yarn 1: instala y ejecuta como npm, con sus propias frases."""
    words, tool = [word for word in sys.argv[1:] if word not in ("--silent", "-s")], Npm(sys)
    if words[:1] in (["--version"], ["-v"]):
        sys.out("1.22.22\n")
        return 0
    verb = next((word for word in words if not word.startswith("-")), "install")
    rest = words[words.index(verb) + 1:] if verb in words else words
    if verb in ("start", "test", "run") or verb not in ("install", "add", "init", "remove", "cache"):
        name = verb if verb != "run" else (rest or [""])[0]
        scripts = (tool.manifest(required=False) or {}).get("scripts") or {}
        if name in scripts:
            sys.out(f"yarn run v1.22.22\n$ {scripts[name]}\n")
            return (yield from run_npm(sys, tool, ["--silent", "run", name, *rest[verb == "run":]]))
        sys.err(f'error Command "{name}" not found.\ninfo Visit https://yarnpkg.com/en/docs/cli/run for '
                'documentation about this command.\n')
        return 1
    if verb == "cache":
        return 0
    sys.out(f"yarn {verb} v1.22.22\n[1/4] Resolving packages...\n[2/4] Fetching packages...\n[3/4] Linking "
            "dependencies...\n"
            "[4/4] Building fresh packages...\n")
    began = sys.now()
    flags = ["--no-package-lock", *(word for word in words if word in ("--production", "-D"))]
    loud, sys.out = sys.out, lambda text: None
    code = yield from run_npm(sys, tool, ["install", *flags, *(rest if verb == "add" else [])])
    sys.out = loud
    if not code:
        if not sys.fs.exists("yarn.lock"):
            sys.fs.write("yarn.lock", b"# THIS IS AN AUTOGENERATED FILE. DO NOT EDIT THIS FILE DIRECTLY.\n# "
                         b"yarn lockfile v1\n")
            sys.out("success Saved lockfile.\n")
        sys.out(f"Done in {(sys.now() - began) / 1e9:.2f}s.\n")
    return code


@applet("npm-tool", None)
def npm_tool(sys: Any, opt: Options) -> Any:
    """El ejecutable de un paquete de npm. nodemon ejecuta el programa; los demás dicen que no están simulados."""
    name = basename(sys.argv[0]).removesuffix(".js")
    if name == "cli":
        name = sys.dialect
    if name == "nodemon" or sys.dialect == "nodemon":
        script = next((word for word in sys.argv[1:] if not word.startswith("-")), "index.js")
        version = npm_table()["paquetes"]["nodemon"][0]
        sys.out(f"[nodemon] {version}\n[nodemon] to restart at any time, enter `rs`\n[nodemon] watching "
                "path(s): *.*\n"
                f"[nodemon] watching extensions: js,mjs,cjs,json\n[nodemon] starting `node {script}`\n")
        code = yield Wait(sys.spawn(["node", script]))
        sys.out("[nodemon] clean exit - waiting for changes before restart\n" if not code else
                "[nodemon] app crashed - waiting for file changes before starting...\n")
        while True:
            yield Sleep(3600)
    yield Cpu(0.2)
    sys.err(f"dockerlab no sabe hacer lo que hace '{name}': está instalado, pero solo pesa\n")
    return 1


@applet("git", None)
def git(sys: Any, opt: Options) -> int:
    """`git --version`; para lo demás haría falta una red que aquí no hay."""
    if sys.argv[1:2] == ["--version"]:
        sys.out("git version 2.39.5\n")
        return 0
    if sys.argv[1:2] == ["clone"] and len(sys.argv) > 2:
        host = re.sub(r"^\w+://", "", sys.argv[2]).partition("/")[0]
        folder = basename(sys.argv[2]).removesuffix(".git")
        sys.err(f"Cloning into '{folder}'...\nfatal: unable to access '{sys.argv[2]}/': Could not resolve "
                f"host: {host}\n")
        return 128
    sys.err("fatal: not a git repository (or any of the parent directories): .git\n")
    return 128


@applet("apt-mark", None, also=("update-ca-certificates", "ldconfig", "locale-gen", "fc-cache",
                                "update-alternatives"))
def quiet(sys: Any, opt: Options) -> int:
    """Órdenes que en una construcción no dejan nada que ver."""
    if opt.name == "update-ca-certificates":
        sys.out("Updating certificates in /etc/ssl/certs...\n0 added, 0 removed; done.\n")
    return 0
