"""El terminal: por dónde entra y sale lo que una orden lee y escribe.

La línea de órdenes no sabe si está en un cuaderno, en un terminal o en una
prueba: escribe aquí. Lo de Docker va por `out` y `err`, tal cual; lo nuestro, en
español, por `note` y `explain`, y solo si alguien lo lee.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dockerlab.errors import DockerlabError


@dataclass(slots=True)
class Terminal:
    """Un terminal.

    `out` y `err` reciben texto; `binary(flujo, bytes)`, si se da, los bytes tal
    cual; `stdin`: los bytes de la entrada, una función que los lee, o `None` si
    está cerrada; `cwd`, `environment`: carpeta y entorno de quien escribe;
    `tty`: ¿es una pantalla lo que hay al otro lado?; `ask`: pide una línea a la persona
    que teclea (lanza `EOFError` al acabar), o `None` si no hay nadie;
    `explaining`, `noting`: dónde va la explicación de un error y dónde una nota.
    """

    out: Callable[[str], Any]
    err: Callable[[str], Any]
    stdin: bytes | Callable[[], bytes] | None = None
    cwd: str = "."
    environment: Mapping[str, str] = field(default_factory=dict)
    tty: bool = False
    width: int = 80
    binary: Callable[[int, bytes], Any] | None = None
    ask: Callable[[str], str] | None = None
    explaining: Callable[[DockerlabError], Any] | None = None
    noting: Callable[[str], Any] | None = None
    decoders: dict[int, Any] = field(default_factory=dict)

    def emit(self, stream: int, data: bytes) -> None:
        """Escribe bytes de un contenedor o de un archivo en la salida (1) o en los errores (2)."""
        if self.binary:
            self.binary(stream, data)
            return
        decoder = self.decoders.setdefault(stream, codecs.getincrementaldecoder("utf-8")("replace"))
        text = decoder.decode(data)
        if text:
            (self.err if stream == 2 else self.out)(text)

    def read(self) -> bytes:
        """Toda la entrada; vacía si está cerrada."""
        return self.stdin() if callable(self.stdin) else self.stdin or b""

    def explain(self, error: DockerlabError) -> None:
        """Explica un error en español, aparte, si hay quien lo lea."""
        if self.explaining and error.what:
            self.explaining(error)

    def note(self, text: str) -> None:
        """Una nota en español, aparte, si hay quien la lea."""
        if self.noting:
            self.noting(text)


def explanation(error: DockerlabError) -> list[tuple[str, str]]:
    """Las partes de la explicación que el error tiene: (título, texto)."""
    parts = (("Qué ha pasado", error.what), ("Por qué", error.why), ("Qué probar", error.tip))
    return [(title, text) for title, text in parts if text]


def plain_explanation(error: DockerlabError) -> str:
    """La explicación en texto, para un terminal."""
    return "\n".join(f"  │ {title}: {text}" for title, text in explanation(error)) + "\n"


@dataclass(frozen=True, slots=True)
class Captured:
    """Lo que dejó una orden: su código y lo que escribió; `text`, las dos salidas en su orden."""

    code: int
    out: str
    err: str
    text: str


def memory_terminal(stdin: bytes | None = None, **options: Any) -> tuple[Terminal, list[str], list[str]]:
    """Un terminal que guarda lo escrito: (terminal, salida, errores)."""
    out: list[str] = []
    err: list[str] = []
    return Terminal(out.append, err.append, stdin, **options), out, err
