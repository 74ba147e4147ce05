"""Builtins que también son programas: `echo`, `printf`, `test`, `[`... Los hace el mismo código."""

from __future__ import annotations

import copy
import re
from collections.abc import Generator
from typing import Any

from ...process import find_program
from . import builtin

UNKNOWN = re.compile(r"(?<!\\)(?:\\\\)*\\(?=[xE1-7])")
"""Los escapes que el `echo` de dash deja como están."""


WORDS = {name: tuple((re.compile(pattern), new) for pattern, new in pairs) for name, pairs in {
    "dash": ((r"^(.*): bad number$", r"Illegal number: \1"), (r"^(.*): unknown operand$", r"\1: unexpected operator"),
             (r"^\(\d+\): No such process$", "No such process\n"),
             (r"^invalid number '(.*)'$", r"\1: expected numeric value"),
             (r"^unknown signal '(.).*'$", r"Illegal option -\1")),
    "bash": ((r"^(.*): bad number$", r"\1: integer expression expected"), (r"^missing \]$", "missing `]'"),
             (r"^(.*): unknown operand$", r"\1: binary operator expected"), (r"^\((\d+)\): No such", r"(\1) - No such"),
             (r"^invalid number '(.*)'$", r"\1: invalid number"),
             (r"^unknown signal '(.*)'$", r"\1: invalid signal specification")),
}.items()}
"""Cómo dicen dash y bash lo que los programas dicen a la manera de BusyBox o de GNU."""


class Borrowed:
    """El `sys` de un shell con otro `argv`: para ejecutar un programa sin crear un proceso."""

    def __init__(self, shell: Any, argv: list[str]):
        sys = shell.sys
        self.__dict__.update(copy.copy(sys).__dict__)
        self._sys, self._shell = sys, shell
        self.argv, self.env = argv, shell.state.environment()
        self.program = argv[0]
        self.dialect = "busybox" if shell.state.dialect.name == "ash" else shell.state.dialect.name

    def err(self, text: str) -> None:
        """Las quejas del programa, con las señas y las palabras de este shell."""
        own = f"{self.argv[0]}: "
        if not text.startswith(own):
            self._sys.err(text)
        elif self._shell.state.dialect.name == "ash":
            self._sys.err("sh: " + text[len(own):])
        else:
            words = text[len(own):].rstrip("\n")
            for pattern, new in WORDS[self._shell.state.dialect.name]:
                words = pattern.sub(new, words)
            self._shell.message(words)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sys, name)


def borrow(shell: Any, argv: list[str]) -> Generator[Any, Any, int] | int:
    """Ejecuta el programa `argv[0]` dentro del shell."""
    program = find_program(argv[0])
    if program is None:
        return shell.not_found(argv[0])
    return program.main(Borrowed(shell, argv))


@builtin("echo")
def echo(shell: Any, argv: list[str]) -> Any:
    """`echo`: en dash entiende `\\n` y compañía sin `-e`."""
    if shell.state.dialect.echo_escapes:
        plain = argv[1:2] == ["-n"]
        text = UNKNOWN.sub(r"\\\g<0>", " ".join(argv[2 if plain else 1:]))
        text = "\\0055" + text[1:] if text.startswith("-") else text
        argv = ["echo", "-ne" if plain else "-e", text]
    return borrow(shell, argv)


for _name in ("printf", "test", "["):
    builtin(_name)(borrow)
