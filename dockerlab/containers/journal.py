"""El diario de un proceso: lo que el núcleo le fue contestando.

Un generador de Python no se puede guardar en disco, pero sí volver a ejecutar:
si se le dan las mismas respuestas, llega al mismo punto. El diario guarda solo
las que traen algo (un dato leído, un error, una señal); una respuesta vacía se
reconoce porque su número de llamada no está.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dockerlab.errors import DockerlabError, FileError, fault

from .codec import saved
from .requests import Signalled

VALUE, ERROR, SIGNAL = "v", "e", "s"


@saved
@dataclass(slots=True)
class Journal:
    """`calls`: llamadas contestadas; `entries`: (número de llamada, clase, valor).

    `at` y `next`: por qué llamada y por qué entrada va la repetición.
    """

    calls: int = 0
    entries: list[tuple[int, str, Any]] = field(default_factory=list)
    at: int = field(default=0, metadata={"saved": False})
    next: int = field(default=0, metadata={"saved": False})
    closed: bool = False         # el proceso acabó: sus generadores ya no pueden pedir nada

    @property
    def replaying(self) -> bool:
        """¿Se está volviendo a ejecutar lo ya vivido?"""
        return self.at < self.calls

    def record(self, kind: str, value: Any) -> None:
        """Anota la respuesta a la llamada siguiente."""
        if kind != VALUE or value is not None:
            self.entries.append((self.calls, kind, value))
            self.next += 1
        self.calls += 1
        self.at += 1

    def recall(self) -> tuple[str, Any]:
        """La respuesta que se dio a la llamada siguiente, durante la repetición."""
        number, self.at = self.at, self.at + 1
        if self.next < len(self.entries) and self.entries[self.next][0] == number:
            self.next += 1
            return self.entries[self.next - 1][1:]
        return VALUE, None

    def perform(self, action: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Hace la llamada y la anota; durante la repetición solo da la respuesta de entonces."""
        if self.closed:
            raise GeneratorExit
        if self.replaying:
            kind, value = self.recall()
            if kind == ERROR:
                raise revive(value)
            return value
        try:
            value = action(*args, **kwargs)
        except FileError as error:
            self.record(ERROR, (error.key, error.text, dict(error.data)))
            raise
        self.record(VALUE, value.copy() if isinstance(value, (list, dict)) else value)
        return value

    def rewind(self) -> None:
        """Vuelve al principio: la repetición va a empezar."""
        self.at = self.next = 0


def revive(value: tuple[str, str, dict[str, Any]]) -> DockerlabError:
    """El error que se anotó."""
    key, text, data = value
    if key:
        return fault(key, **data)
    return FileError(text, data=data)


def answer(kind: str, value: Any) -> BaseException | None:
    """La excepción que corresponde a una respuesta, o `None` si es un valor."""
    if kind == SIGNAL:
        return Signalled(value)
    return revive(value) if kind == ERROR else None
