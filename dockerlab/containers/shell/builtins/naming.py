"""Qué es cada nombre: `type`, `command`, `alias`, `unalias`, `hash`."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from ...requests import Cpu
from ..tokens import KEYWORDS
from ..trace import single, source
from . import SPECIAL, builtin

Steps = Generator[Any, Any, Any]


def describe(shell: Any, name: str) -> str | None:
    """«ls is /bin/ls», o `None` si no es nada."""
    state = shell.state
    if name in state.aliases:
        return f"{name} is aliased to `{state.aliases[name]}'" if state.dialect.name == "bash" \
            else f"{name} is an alias for {state.aliases[name]}"
    if name in KEYWORDS or (name in ("[[", "]]", "function", "select", "time") and state.dialect.name == "bash"):
        return f"{name} is a shell keyword"
    if name in state.functions:
        return f"{name} is a function\n{name} () \n{source(state.functions[name])}" if state.dialect.name == "bash" \
            else f"{name} is a function" if state.dialect.name == "ash" else f"{name} is a shell function"
    if shell.builtin(name):
        special = name in SPECIAL and state.dialect.name != "bash"
        return f"{name} is a {'special ' if special else ''}shell builtin"
    path = find(shell, name)
    return f"{name} is {path}" if path else None


def find(shell: Any, name: str) -> str | None:
    """La ruta de un programa."""
    if "/" in name:
        return name if shell.sys.fs.access(name, 1) else None
    return shell.sys.which(name, {"PATH": shell.state.get("PATH") or ""})


@builtin("type")
def kind(shell: Any, argv: list[str]) -> int:
    """`type nombre...`: alias, palabra reservada, función, builtin o programa."""
    status = 0
    words = [word for word in argv[1:] if not word.startswith("-")]
    for name in words:
        text = describe(shell, name)
        if text is not None:
            shell.sys.out(_short(shell, name, text) if "-t" in argv[1:] else text + "\n")
            continue
        status = 1 if shell.state.dialect.name == "bash" else 127
        if "-t" in argv[1:]:
            continue
        if shell.state.dialect.name == "bash":
            shell.complain("no-such", name=name) if "no-such" in shell.state.dialect.texts else shell.message(
                f"{name}: not found")
        else:
            shell.sys.out(f"{name}: not found\n")
    return status


def _short(shell: Any, name: str, text: str) -> str:
    """`type -t`: una sola palabra."""
    for mark, word in ((" aliased ", "alias"), (" keyword", "keyword"), (" function", "function"),
                       (" builtin", "builtin")):
        if mark in text.split("\n")[0]:
            return word + "\n"
    return "file\n"


@builtin("command")
def command(shell: Any, argv: list[str]) -> Steps:
    """`command orden`: sin mirar las funciones; `-v` y `-V` dicen qué es."""
    words, verbose = argv[1:], ""
    while words and words[0].startswith("-") and len(words[0]) > 1:
        option = words.pop(0)
        if option == "--":
            break
        verbose = "V" if "V" in option else "v" if "v" in option else verbose
    if not words:
        return 0
    if verbose == "V":
        return kind(shell, ["type", *words])
    if verbose == "v":
        return locate(shell, words)
    yield from shell.block(Cpu(0))
    name = words[0]
    function = shell.builtin(name)
    if function:
        return (yield shell.built_in(name, function, words, False))
    shell.command_name = ""
    return (yield shell.external(words, False))


def locate(shell: Any, names: list[str]) -> int:
    """`command -v`: el nombre, la ruta o el alias."""
    status, state = 0, shell.state
    for name in names if state.dialect.name == "bash" else names[:1]:
        if name in state.aliases:
            shell.sys.out(f"alias {name}={single(state.aliases[name])}\n")
        elif name in state.functions or name in KEYWORDS or shell.builtin(name):
            shell.sys.out(f"{name}\n")
        elif path := find(shell, name):
            shell.sys.out(f"{path}\n")
        else:
            status = 1 if state.dialect.name == "bash" else 127
    return status


@builtin("alias")
def alias(shell: Any, argv: list[str]) -> int:
    """`alias [nombre[=texto]...]`."""
    aliases, status = shell.state.aliases, 0
    lead = "alias " if shell.state.dialect.name == "bash" else ""
    if len(argv) == 1:
        for name in sorted(aliases):
            shell.sys.out(f"{lead}{name}={single(aliases[name])}\n")
    for word in argv[1:]:
        name, equals, value = word.partition("=")
        if equals:
            aliases[name] = value
        elif name in aliases:
            shell.sys.out(f"{lead}{name}={single(aliases[name])}\n")
        else:
            if shell.state.dialect.name == "bash":
                shell.message(f"{name}: not found")
            else:
                shell.sys.err(f"alias: {name} not found\n")
            status = 1
    return status


@builtin("unalias")
def unalias(shell: Any, argv: list[str]) -> int:
    """`unalias nombre...`, o `-a` para todos."""
    if "-a" in argv[1:]:
        shell.state.aliases.clear()
        return 0
    missing = [name for name in argv[1:] if shell.state.aliases.pop(name, None) is None]
    for name in missing:
        shell.message(f"{name}: not found") if shell.state.dialect.name == "bash" else shell.sys.err(
            f"unalias: {name} not found\n")
    return int(bool(missing))


@builtin("hash")
def remember(shell: Any, argv: list[str]) -> int:
    """`hash [-r] [nombre...]`: aquí no se recuerdan rutas; solo dice si existen."""
    status = 0
    if len(argv) == 1 and shell.state.dialect.name == "bash":
        shell.sys.out("hash: hash table empty\n")
    for name in argv[1:]:
        if not name.startswith("-") and not shell.builtin(name) and name not in shell.state.functions \
                and find(shell, name) is None:
            shell.message(f"{name}: not found")
            status = 1
    return status


@builtin("shopt")
def shopt(shell: Any, argv: list[str]) -> int:
    """Las opciones de bash que no cambian nada aquí."""
    return 0
