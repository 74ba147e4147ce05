"""Lo común a todas las preguntas, y lo que se contesta."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Reply:
    """Lo que se contesta: si vale, un encabezado, el porqué y qué partes fallaron (para el progreso)."""

    right: bool
    heading: str
    text: str
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Lo común a todas. `where`: qué volver a leer si se falla; `page`: el notebook donde está, si es otro.

    Cada clase tiene `answer`, la respuesta buena como se teclea; `read`, que
    la entiende o lanza `Unreadable`; `judge`, que decide sobre lo leído;
    `known`, las respuestas malas que se conocen con su razón; `choices`, lo
    que se enseña con letras; `sample`, cómo se escribe; y `reveal`, las
    razones de la versión plegable.
    """

    ask: str
    id: str = ""
    claims: tuple[str, ...] = ()
    where: str = ""
    page: str = ""
    kind: ClassVar[str]
    hint: ClassVar[str]
    sample: ClassVar[str]
    folded: ClassVar[bool] = False  # ¿se despliega cada opción? (si no, hay que enseñarlas aparte)

    def describe(self, fault: str) -> str:
        """Un fallo de `Reply.faults`, dicho con palabras; si no se reconoce, tal cual."""
        return fault

    def lines(self) -> list[str]:
        """La pregunta en texto, sin la respuesta: primero lo que se pregunta."""
        return [self.asked, *(f"   {letter}) {text}" for letter, text in self.choices)]

    @property
    def asked(self) -> str:
        """Lo que se pregunta y, si no es elegir una, cómo se contesta."""
        return f"{self.ask} ({self.hint})" if self.hint else self.ask

    @property
    def choices(self) -> list[tuple[str, str]]:
        """(«a», texto), («b», texto)..."""
        return []


def quoted(samples: tuple[str, str], answer: str) -> str:
    """La primera de las muestras que no sea la respuesta, entre comillas."""
    return f'"{samples[samples[0] == answer]}"'

