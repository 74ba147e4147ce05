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


class Borrowed:
    """El `sys` de un shell con otro `argv`: para ejecutar un programa sin crear un proceso."""

    def __init__(self, shell: Any, argv: list[str]):
        sys = shell.sys
        self.__dict__.update(copy.copy(sys).__dict__)
        self._sys, self._shell = sys, shell
        self.argv, self.env = argv, shell.state.environment()
        self.program = argv[0]
        self.dialect = "busybox" if shell.state.dialect.name == "ash" else shell.state.dialect.name

    @property
    def name(self) -> str:
        """BusyBox firma como el shell; los demás, con el nombre del builtin."""
        return "sh" if self._shell.state.dialect.name == "ash" else self.argv[0]

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


for _name in ("printf", "test", "[", "[["):
    builtin(_name)(borrow)
