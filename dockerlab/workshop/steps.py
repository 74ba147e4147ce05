"""Lo que se ha hecho en un taller, paso a paso: lo justo para repetirlo en otro sitio."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """Un paso.

    `kind`: `order` (una línea del terminal), `save` y `delete` (un archivo del
    panel), `outside` (lo hicieron otras celdas) o `reset`. `typed`: lo que se
    tecleó durante la orden; `ended`: si acabó con Ctrl+D; `changed`: ¿cambió algo?
    """

    kind: str
    text: str = ""
    body: str = ""
    typed: tuple[str, ...] = ()
    ended: bool = False
    code: int = 0
    changed: bool = True

    @property
    def label(self) -> str:
        """El paso en pocas palabras."""
        return {"order": self.text, "save": f"guardar {self.text}", "delete": f"borrar {self.text}",
                "outside": "lo hecho desde otras celdas", "reset": "volver a empezar"}[self.kind]

    @property
    def counted(self) -> bool:
        """¿Cuenta como orden de Docker? Mirar es gratis: solo cuentan las que cambian algo."""
        return self.kind == "order" and self.changed and self.text.lstrip(" !").startswith("docker ")


def to_data(steps: Iterable[Step]) -> list[Any]:
    """Los pasos en JSON, cada uno lo más corto que se puede."""
    written: list[Any] = []
    for step in steps:
        if step.kind == "order":
            written.append([step.text, list(step.typed), int(step.ended)] if step.typed or step.ended else step.text)
        elif step.kind in ("save", "delete"):
            written.append({step.kind[0]: step.text, **({"x": step.body} if step.kind == "save" else {})})
    return written


def from_data(data: Sequence[Any]) -> list[Step]:
    """Los pasos que `to_data` escribió. `ValueError` si no lo son."""
    steps = []
    for item in data:
        match item:
            case str():
                steps.append(Step("order", item))
            case [str() as text, [*typed], ended] if all(isinstance(line, str) for line in typed):
                steps.append(Step("order", text, typed=tuple(typed), ended=bool(ended)))
            case {"s": str() as name, "x": str() as body}:
                steps.append(Step("save", name, body))
            case {"d": str() as name}:
                steps.append(Step("delete", name))
            case _:
                raise ValueError("un paso que no se entiende")
    return steps

