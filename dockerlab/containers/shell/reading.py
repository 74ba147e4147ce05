"""El programa `sh`: de dónde salen las órdenes (`-c`, un archivo, la entrada, un terminal) y cómo acaba todo."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from dockerlab.errors import FileError

from ..process import program
from ..requests import Read
from .children import SUBSHELL
from .dialects import dialect
from .dollars import ShellSyntaxError
from .interpreter import Interpreter
from .parser import Parser
from .state import MORE_BASH, OPTIONS, UNLETTERED, Crash, ExitShell, Jump, ShellError, initial, restored

Steps = Generator[Any, Any, Any]
BLOCK = 1023


def run_text(shell: Interpreter, text: str, tail: bool = False, line: int = 1) -> Steps:
    """Ejecuta un texto orden a orden; contesta el último código."""
    parser = Parser(text, shell.state.dialect, line, shell.state.aliases if shell.state.dialect.aliases else None)
    shell.state.status, status = shell.state.status, 0
    while True:
        try:
            node = parser.next_command()
        except ShellSyntaxError as error:
            syntax(shell, error, parser.text)
            raise ShellError(error_status(shell, error)) from None
        if node is None:
            return status
        if "noexec" not in shell.state.options:
            status = yield shell.run(node, shell.tested, tail and parser.peek().kind == "eof")


def error_status(shell: Interpreter, error: ShellSyntaxError) -> int:
    """El código con el que acaba un guion mal escrito: 2; para bash, una sustitución mal hecha da 1."""
    return 1 if error.kind == "bad-substitution" and shell.state.dialect.name == "bash" else 2


def syntax(shell: Interpreter, error: ShellSyntaxError, text: str) -> None:
    """El mensaje de un error de sintaxis, con la línea y el dialecto."""
    state = shell.state
    dialect, before = state.dialect, shell.command_name
    state.line, shell.command_name = error.line, ""
    expecting = f' (expecting "{error.expecting}")' if error.expecting else ""
    if dialect.name != "bash":
        shell.complain(error.kind, found=error.found, expecting=expecting)
    else:
        _bash_syntax(shell, error, text)
    shell.command_name = before


def _bash_syntax(shell: Interpreter, error: ShellSyntaxError, text: str) -> None:
    state, script = shell.state, shell.state.script
    state.script = script or (f"{state.zero}: -c" if "command" in state.options else "")
    if error.kind == "bad-substitution":
        state.script = script
    ended = error.found == "end of file"
    if ended:
        state.line += 1 + (0 if text.endswith("\n") else 0)
    lines = text.splitlines()
    if error.kind in ("unexpected", "loop-variable", "bad-function") and not ended:
        shell.complain(error.kind, token=error.found.strip('"'))
        if not state.interactive and error.line <= len(lines):
            shell.message(f"`{lines[error.line - 1]}'")
    else:
        shell.complain("eof" if ended and not error.nested else "missing-arithmetic" if ended else error.kind,
                       found=error.found, expecting="")
    state.script = script


class Input:
    """Un guion que llega por un descriptor: se lee según hace falta."""

    def __init__(self, shell: Interpreter, fd: int):
        self.shell, self.fd = shell, fd
        self.buffer, self.ended, self.line = "", False, 1

    def more(self) -> Steps:
        """Añade al menos una línea; falso si no hay más."""
        block = self.shell.state.dialect.block_read and not self.shell.state.interactive
        data = yield from self.shell.block(Read(self.fd, BLOCK, line=not block), interruptible=True)
        if data is None:
            return True
        self.buffer += data.decode("utf-8", "surrogateescape")
        self.ended = not data
        return bool(data)

    def command(self) -> Steps:
        """La orden siguiente, o `None` al final."""
        state, prompt = self.shell.state, "PS1"
        while True:
            if "\n" not in self.buffer and not self.ended:
                if state.interactive:
                    self.shell.sys.err(self.shell_prompt(prompt))
                yield from self.more()
                if self.shell.received:
                    self.buffer = ""
                    self.shell.sys.err("\n" if state.dialect.name != "ash" else "")
                    yield self.shell.pending_traps()
                continue
            parser = Parser(self.buffer, state.dialect, self.line, state.aliases, final=self.ended)
            try:
                node = parser.next_command()
            except ShellSyntaxError as error:
                if error.incomplete and not self.ended:
                    prompt = "PS2"
                    if state.interactive:
                        self.shell.sys.err(self.shell_prompt(prompt))
                    yield from self.more()
                    continue
                syntax(self.shell, error, self.buffer)
                self.buffer = "" if state.interactive else self.buffer
                raise ShellError(error_status(self.shell, error)) from None
            rest = parser.text[parser.token.start if parser.token and parser.token.kind != "eof" else parser.at:]
            self.line += parser.text[:len(parser.text) - len(rest)].count("\n")
            self.buffer = rest
            if node is None and not self.ended:
                continue
            return node

    def shell_prompt(self, name: str) -> str:
        """`PS1` con sus escapes (`\\w`, `\\u`, `\\h`, `\\$`)."""
        shell, user = self.shell, self.shell.sys.user.uid
        text = shell.state.get(name) or ""
        home, cwd = shell.state.get("HOME") or "", shell.sys.cwd
        short = "~" + cwd[len(home):] if home not in ("", "/") and (cwd + "/").startswith(home + "/") else cwd
        if shell.state.dialect.name == "dash":
            return text
        host = shell.sys.uname()["nodename"]
        marks = {"\\w": short, "\\$": "$" if user else "#", "\\h": host, "\\H": host,
                 "\\u": account(shell.sys, user), "\\W": short.rpartition("/")[2] or "/", "\\n": "\n",
                 "\\s": shell.state.zero}
        for mark, value in marks.items():
            text = text.replace(mark, value)
        return text


def account(sys: Any, uid: int) -> str:
    """El nombre de un usuario por su número."""
    try:
        rows = [row.split(":") for row in sys.fs.read("/etc/passwd").decode("utf-8", "replace").splitlines()]
    except FileError:
        return "I have no name!"
    return next((row[0] for row in rows if len(row) > 2 and row[2] == str(uid)), "I have no name!")


def from_input(shell: Interpreter, fd: int) -> Steps:
    """Ejecuta lo que llega por `fd`, orden a orden."""
    reader = Input(shell, fd)
    while True:
        try:
            node = yield from reader.command()
            if node is None:
                return shell.state.status
            yield shell.run(node)
        except (ShellError, Jump) as error:
            if not shell.state.interactive or isinstance(error, Jump):
                raise
            shell.state.status = error.status


def options(shell: Interpreter, words: list[str]) -> list[str] | None:
    """Las opciones de la línea de órdenes; contesta lo que queda, o `None` si alguna no existe."""
    state = shell.state
    while words and words[0][:1] in "-+" and len(words[0]) > 1:
        word = words.pop(0)
        if word in ("--", "-"):
            break
        if word.startswith("--"):
            if word in ("--login", "--norc", "--noprofile", "--posix", "--noediting"):
                continue
            shell.complain("bad-option", option=word)
            return None
        for letter in word[1:]:
            names = {"c": "command", "s": "stdin", "i": "interactive", "l": "login"} | OPTIONS
            if letter == "o" and words:
                name = words.pop(0)
                if name not in (*OPTIONS.values(), *UNLETTERED, *MORE_BASH):
                    shell.complain("option-name", option=name)
                    return None
            elif letter in names:
                name = names[letter]
            else:
                shell.complain("bad-option", option=word[0] + letter)
                return None
            (state.options.add if word[0] == "-" else state.options.discard)(name)
    return words


def main(sys: Any) -> Steps:
    """El programa `sh`."""
    family = dialect(sys.dialect if sys.program == "sh" else sys.program)
    shell = Interpreter(sys, initial(family, sys.argv[0] if sys.argv else "sh", sys))
    return (yield life(shell, start(shell, list(sys.argv[1:]))))


def start(shell: Interpreter, words: list[str]) -> Steps:
    """Mira las opciones y ejecuta lo que toque."""
    state, sys = shell.state, shell.sys
    if state.zero.startswith("-"):
        state.zero = state.zero[1:]
    rest = options(shell, words)
    if rest is None:
        return 2
    if "command" in state.options:
        if not rest:
            state.line = 0
            shell.complain("c-argument") if state.dialect.name != "bash" else sys.err(
                f"{state.zero}: {state.dialect.texts['c-argument']}\n")
            return 2
        text = rest.pop(0)
        state.zero, state.positional = (rest[0] if rest else state.zero), rest[1:]
        return (yield run_text(shell, text, tail=state.dialect.exec_last))
    if rest and "stdin" not in state.options:
        return (yield script(shell, rest))
    state.positional = rest
    state.options.add("stdin")
    state.interactive = "interactive" in state.options or (sys.isatty(0) and sys.isatty(2))
    if state.interactive:
        interactive(shell)
    return (yield from_input(shell, 0))


def script(shell: Interpreter, rest: list[str]) -> Steps:
    """Ejecuta un archivo con sus argumentos."""
    state, sys = shell.state, shell.sys
    path = rest[0]
    try:
        if sys.fs.isdir(path):
            raise FileError("Is a directory", key="EISDIR")
        fd = sys.open(path, "r")
    except FileError as error:
        if "/" not in path and (found := sys.which(path)):
            return (yield script(shell, [found, *rest[1:]]))
        state.line = 0
        if state.dialect.name != "bash":
            shell.complain("script", path=path, reason=error.text)
            return 2
        sys.err(f"{state.zero}: {path}: {error.text}\n")
        return 126 if error.key == "EISDIR" else 127
    chunks = []
    while chunk := (yield from shell.block(Read(fd))):
        chunks.append(chunk)
    sys.close(fd)
    state.zero = state.script = path
    state.positional = rest[1:]
    return (yield run_text(shell, b"".join(chunks).decode("utf-8", "surrogateescape").replace("\0", "")))


def interactive(shell: Interpreter) -> None:
    """Prepara un shell con terminal: Ctrl+C no lo mata y cada orden tiene su aviso."""
    state, sys = shell.state, shell.sys
    sys.catch("INT")
    sys.ignore("TERM", "QUIT")
    root = sys.user.uid == 0
    default = {"ash": "\\w \\$ ", "dash": "# " if root else "$ ", "bash": "\\u@\\h:\\w\\$ "}[state.dialect.name]
    if state.get("PS1") is None:
        state.put("PS1", default)


def life(shell: Interpreter, steps: Steps) -> Steps:
    """Ejecuta `steps` hasta el final del shell, con la trampa de EXIT; contesta el código."""
    try:
        status = yield steps
        while signo := shell.sys.pending():
            shell.received.append(signo)
            shell.state.status = status
            yield shell.pending_traps()
    except Crash as end:
        return end.status
    except (ExitShell, ShellError, Jump) as end:
        inside = isinstance(end, ShellError) and shell.sys.payload is not None and shell.state.dialect.name == "bash"
        status = 1 if inside else end.status
    shell.state.status = status
    action = shell.state.traps.pop("EXIT", "")
    if action:
        try:
            yield shell.source_text(action)
        except (ShellError, Jump):
            return shell.state.status
        except ExitShell as end:
            status = end.status
    return status


@program(SUBSHELL, "shell")
def subshell(sys: Any) -> Steps:
    """Un subshell: nace con la copia del estado de su padre y ejecuta una sola orden."""
    snapshot = sys.payload
    shell = Interpreter(sys, restored(snapshot))
    shell.tested, shell.command_name = snapshot.tested, snapshot.command
    return (yield life(shell, shell.run(snapshot.node, snapshot.tested, tail=True)))


for _name in ("sh", "ash", "dash", "bash"):
    program(_name, "shell")(main)
