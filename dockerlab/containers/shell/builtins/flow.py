"""El hilo del guion: `exit`, `return`, `break`, `eval`, `.`, `exec`, `cd`..."""

from __future__ import annotations

import posixpath
from collections.abc import Generator
from typing import Any

from dockerlab.errors import FileError

from ...requests import Read
from ..state import ExitShell, Jump, ShellError
from . import builtin

Steps = Generator[Any, Any, Any]


@builtin(":", "true")
def true(shell: Any, argv: list[str]) -> int:
    """No hace nada, bien."""
    return 0


@builtin("false")
def false(shell: Any, argv: list[str]) -> int:
    """No hace nada, mal."""
    return 1


def count(shell: Any, text: str) -> int:
    """Un argumento numérico; si no lo es, error del shell."""
    if not text.lstrip("+-").isdecimal() or (text.startswith("-") and shell.state.dialect.name == "dash"):
        shell.complain("number", text=text)
        raise ShellError(1 if shell.state.dialect.name == "bash" and shell.command_name == "shift" else 2)
    return int(text)


@builtin("exit")
def leave(shell: Any, argv: list[str]) -> int:
    """`exit [n]`: acaba el shell con `n`, o con el código de la última orden."""
    if shell.state.interactive and shell.state.dialect.name == "bash":
        shell.sys.err("exit\n")
    raise ExitShell(count(shell, argv[1]) & 0xFF if len(argv) > 1 else shell.state.status)


@builtin("return")
def come_back(shell: Any, argv: list[str]) -> int:
    """`return [n]`: vuelve de una función o de un archivo leído con `.`."""
    state = shell.state
    status = count(shell, argv[1]) & 0xFF if len(argv) > 1 else state.status
    if not state.calls and not state.sourced and "not-in-script" in state.dialect.texts:
        shell.complain("not-in-script")
        return 2
    raise Jump("return", status=status)


@builtin("break", "continue")
def jump(shell: Any, argv: list[str]) -> int:
    """`break [n]` y `continue [n]`: salen de `n` bucles, o siguen en el de `n` niveles más afuera."""
    levels = count(shell, argv[1]) if len(argv) > 1 else 1
    if levels < 1:
        shell.complain("number", text=argv[1])
        raise ShellError(2)
    if not shell.state.loops:
        if "not-in-loop" in shell.state.dialect.texts:
            shell.complain("not-in-loop")
        return 0
    raise Jump(argv[0], levels)


@builtin("eval")
def evaluate(shell: Any, argv: list[str]) -> Steps:
    """`eval texto...`: ejecuta sus argumentos unidos como si fueran parte del guion."""
    words = argv[2:] if argv[1:2] == ["--"] else argv[1:]
    text = " ".join(words)
    return (yield shell.source_text(text, line=shell.state.line))


@builtin(".", "source")
def source(shell: Any, argv: list[str]) -> Steps:
    """`. archivo [argumentos]`: ejecuta el archivo en este mismo shell."""
    if len(argv) < 2:
        return 2 if shell.state.dialect.name == "bash" else 0
    state, path = shell.state, argv[1]
    try:
        text = yield from contents(shell, find_script(shell, path))
    except FileError as error:
        shell.complain("source", path=path, reason=error.text)
        if state.dialect.special_exit and not state.interactive:
            raise ShellError(2) from None
        return 1
    before = state.script, state.line, state.positional, shell.command_name
    state.script, shell.command_name = path, ""
    if argv[2:] and state.dialect.name != "dash":
        state.positional = argv[2:]
    state.sourced += 1
    try:
        return (yield shell.source_text(text))
    except Jump as end:
        if end.kind != "return":
            raise
        return end.status
    finally:
        state.sourced -= 1
        state.script, state.line, positional, shell.command_name = before
        if argv[2:] and state.dialect.name != "dash":
            state.positional = positional


def find_script(shell: Any, path: str) -> str:
    """La ruta de un archivo para `.`: sin barra, se busca en PATH (bash mira también aquí)."""
    if "/" in path:
        return path
    for folder in (shell.state.get("PATH") or "").split(":"):
        candidate = posixpath.join(folder or ".", path)
        if shell.sys.fs.isfile(candidate):
            return candidate
    return path


def contents(shell: Any, path: str) -> Steps:
    """El texto de un archivo. `FileError` si no se puede abrir."""
    if shell.sys.fs.isdir(path):
        raise FileError("Is a directory", key="EISDIR")
    fd = shell.sys.open(path, "r")
    chunks = []
    while chunk := (yield from shell.block(Read(fd))):
        chunks.append(chunk)
    shell.sys.close(fd)
    return b"".join(chunks).decode("utf-8", "surrogateescape")


@builtin("exec")
def execute(shell: Any, argv: list[str]) -> Steps:
    """`exec programa`: el programa ocupa el lugar del shell (mismo número de proceso)."""
    words = argv[2:] if argv[1:2] == ["--"] else argv[1:]
    name, state = words[0], shell.state
    path = name if "/" in name else shell.sys.which(name, {"PATH": state.get("PATH") or ""})
    if path is None:
        shell.message(f"{name}: not found")
        status = 127
    else:
        problem = yield from shell.replace(words, state.environment(), path)
        if problem.key == "ENOEXEC":
            problem = yield from shell.replace(["/bin/sh", path, *words[1:]], state.environment(), "/bin/sh")
        status = shell.cannot_run(name, problem)
    if state.interactive:
        return status
    raise ExitShell(status)


@builtin("cd", "chdir")
def change_directory(shell: Any, argv: list[str]) -> int:
    """`cd [-L|-P] [carpeta]`: sin carpeta, a `$HOME`; `-`, a la anterior."""
    state, words, physical = shell.state, argv[1:], False
    while words and words[0] in ("-L", "-P", "--"):
        option = words.pop(0)
        physical = option == "-P"
        if option == "--":
            break
    if len(words) > 1 and "cd-many" in state.dialect.texts:
        shell.complain("cd-many")
        return 1
    target = words[0] if words else state.get("HOME")
    if target is None:
        if state.dialect.name == "bash":
            shell.message("HOME not set")
            return 1
        return 0
    shown = target == "-"
    if shown:
        target = state.get("OLDPWD") or ("" if state.dialect.name == "bash" else shell.sys.cwd)
        if not target:
            shell.message("OLDPWD not set")
            return 1
    for folder in (state.get("CDPATH") or "").split(":"):
        if folder and not target.startswith(("/", "./", "../")) and shell.sys.fs.isdir(f"{folder}/{target}"):
            target, shown = f"{folder}/{target}", True
            break
    before = state.get("PWD") or shell.sys.cwd
    logical = posixpath.normpath(posixpath.join(before, target or "."))
    try:
        shell.sys.chdir(target if physical or not target else logical)
    except FileError as error:
        shell.complain("cd", path=target, reason=error.text)
        if state.dialect.name != "bash":
            return 2
        return 1
    now = shell.sys.cwd if physical else "/" + logical.lstrip("/")
    state.put("OLDPWD", before)
    state.put("PWD", now)
    if shown:
        shell.sys.out(now + "\n")
    return 0


@builtin("pwd")
def print_directory(shell: Any, argv: list[str]) -> int:
    """`pwd [-P]`: la carpeta actual."""
    shell.sys.out((shell.sys.cwd if "-P" in argv[1:] else shell.state.get("PWD") or shell.sys.cwd) + "\n")
    return 0


@builtin("umask")
def mask(shell: Any, argv: list[str]) -> int:
    """`umask [-S] [modo]`: los permisos que se quitan a lo que se crea."""
    words = [word for word in argv[1:] if word != "-S"]
    if not words:
        current = shell.sys.umask
        letters = ",".join(who + "=" + "".join(letter for bit, letter in ((4, "r"), (2, "w"), (1, "x"))
                                                if not current >> shift & bit)
                           for who, shift in (("u", 6), ("g", 3), ("o", 0)))
        shell.sys.out((letters if "-S" in argv else f"{current:04o}") + "\n")
        return 0
    text = words[0]
    if text.isdigit() and all(digit in "01234567" for digit in text) and len(text) <= 4:
        shell.sys.set_umask(int(text, 8))
        return 0
    if not text.isdigit():
        value = symbolic(text, shell.sys.umask)
        if value is not None:
            shell.sys.set_umask(value)
            return 0
    shell.complain("bad-mode", text=text)
    if shell.state.dialect.name == "bash":
        return 1
    raise ShellError(2)


def symbolic(text: str, current: int) -> int | None:
    """`u=rwx,g-w`: la máscara nueva, o `None` si no se entiende."""
    import re
    allowed = ~current & 0o777
    for clause in text.split(","):
        found = re.fullmatch(r"([ugoa]*)([-+=])([rwx]*)", clause)
        if not found:
            return None
        bits = sum({"r": 4, "w": 2, "x": 1}[letter] for letter in set(found[3]))
        for who in "ugo" if not found[1] or "a" in found[1] else found[1]:
            shift = {"u": 6, "g": 3, "o": 0}[who]
            if found[2] == "=":
                allowed = allowed & ~(7 << shift) | bits << shift
            else:
                allowed = allowed | bits << shift if found[2] == "+" else allowed & ~(bits << shift)
    return ~allowed & 0o777


@builtin("times")
def times(shell: Any, argv: list[str]) -> int:
    """El procesador gastado por el shell y por sus hijos."""
    mine, children = shell.sys.times()
    for nanoseconds in (mine, children):
        minutes, seconds = divmod(nanoseconds / 1e9, 60)
        shell.sys.out(f"{int(minutes)}m{seconds:.6f}s 0m0.000000s\n" if shell.state.dialect.name != "bash"
                      else f"{int(minutes)}m{seconds:.3f}s 0m0.000s\n")
    return 0


LIMITS = {"c": ("core file size (blocks)", "core", 512), "d": ("data seg size (kb)", "data", 1024),
          "e": ("scheduling priority", "nice", 1), "f": ("file size (blocks)", "fsize", 512),
          "i": ("pending signals", "sigpending", 1), "l": ("max locked memory (kb)", "memlock", 1024),
          "m": ("max memory size (kb)", "rss", 1024), "n": ("open files", "nofile", 1),
          "q": ("POSIX message queues (bytes)", "msgqueue", 1), "r": ("real-time priority", "rtprio", 1),
          "s": ("stack size (kb)", "stack", 1024), "t": ("cpu time (seconds)", "cpu", 1),
          "u": ("max user processes", "nproc", 1), "v": ("virtual memory (kb)", "as", 1024),
          "x": ("file locks", "locks", 1)}
"""De `ulimit`: letra → (título, límite del núcleo, unidad en bytes)."""


@builtin("ulimit")
def limits(shell: Any, argv: list[str]) -> int:
    """Los límites del proceso: los que pone Docker, o los de `--ulimit`. Solo se miran."""
    letters = "".join(word[1:] for word in argv[1:] if word.startswith("-"))
    hard, asked = "H" in letters, [letter for letter in letters if letter not in "HSa"]
    if unknown := next((letter for letter in asked if letter not in LIMITS), None):
        shell.sys.err(f"ulimit: invalid option -- '{unknown}'\n")
        raise ShellError(1)
    if any(not word.startswith("-") for word in argv[1:]):
        return 0
    for letter in LIMITS if "a" in letters else asked or ["f"]:
        title, name, unit = LIMITS[letter]
        value = shell.sys.limit(name)[hard]
        shown = "unlimited" if value < 0 else str(value // unit)
        shell.sys.out(f"{title:<32}(-{letter}) {shown}\n" if "a" in letters else f"{shown}\n")
    return 0


@builtin("let")
def let(shell: Any, argv: list[str]) -> int:
    """`let expresión...`: 0 si la última no da cero."""
    value, status = 0, 1 if shell.state.dialect.name == "bash" else 2
    if len(argv) == 1:
        shell.message("expression expected")
        return status
    try:
        for expression in argv[1:]:
            value = shell.expand.arithmetic(expression)
    except ShellError:
        return status
    return int(value == 0)


@builtin("history", "help")
def nothing(shell: Any, argv: list[str]) -> int:
    """Solo cuentan en un shell interactivo de verdad."""
    return 0
