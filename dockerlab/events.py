"""Lo que ha pasado en el motor, en pasado y para siempre.

El motor no sabe si alguien mira: anota sucesos. Quien dibuja, se suscribe.
`Event` es el suceso de `docker events` (Docker Engine API, *Monitor events*);
los de construcción cuentan cada paso con lo necesario para dibujarlo.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """Un suceso del motor.

    `time`: nanosegundos; `type`: container, image, volume, network o builder;
    `action`: create, start, die...; `actor`: la identidad (el id completo del
    contenedor, el nombre del volumen...); `attributes`: pares nombre-valor.
    """

    time: int
    type: str
    action: str
    actor: str
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class BuildStarted:
    """Empieza una construcción: los pasos que se van a dar y el texto del Dockerfile."""

    time: int
    dockerfile: str
    steps: tuple[tuple[str, int, int], ...]  # (texto del paso, primera línea, última línea)
    context_size: int = 0                    # bytes que viajan al constructor


@dataclass(frozen=True, slots=True)
class BuildTask:
    """Algo que el constructor hace por su cuenta: leer el Dockerfile, recibir el contexto, exportar.

    `name`: como lo llama BuildKit («[internal] load build context»); `notes`: lo
    que fue diciendo; `seconds`: lo que tardó; `error`: por qué falló, si falló.
    """

    time: int
    name: str
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    cached: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True)
class StepStarted:
    """Empieza el paso `index` (desde 1) de `total`: `name` es «[2/5] WORKDIR /app»."""

    time: int
    index: int
    total: int
    name: str
    instruction: str
    lines: tuple[int, int]
    stage: str = ""


@dataclass(frozen=True, slots=True)
class StepOutput:
    """Un trozo de lo que escribió el paso (`stream` 1: salida; 2: errores)."""

    time: int
    index: int
    stream: int
    text: str


FIRST_TIME = "Es la primera vez que se da este paso."   # un `why` que no es un fallo de nada


@dataclass(frozen=True, slots=True)
class StepFinished:
    """Acaba un paso.

    `cached`: acierto de caché; `why`: en qué se distinguió la clave (vacío si
    acertó); `layer`: `diff_id` de la capa nueva, o vacío si la instrucción solo
    cambia la configuración; `size`: bytes que aporta la capa; `changed`: pares
    (clave de la configuración, valor legible) que el paso cambió. `key`: las partes
    de su clave de caché, con nombre; `differs`: los nombres de las que cambiaron.
    """

    time: int
    index: int
    name: str
    instruction: str
    lines: tuple[int, int]
    cached: bool
    why: str = ""
    layer: str = ""
    size: int = 0
    changed: tuple[tuple[str, str], ...] = ()
    error: str = ""
    key: tuple[tuple[str, str], ...] = ()
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BuildFinished:
    """La construcción acabó: `image` es el id nuevo, o vacío si falló con `error`."""

    time: int
    image: str
    tags: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Rewound:
    """El motor ha pasado a ser otro de golpe: se deshizo algo o se abrió un estado guardado. Solo se anuncia."""

    time: int


@dataclass(slots=True)
class EventLog:
    """La lista de sucesos, quien la escucha y, por su nombre, señales puestas en ella: cuántos había entonces."""

    events: list[Event] = field(default_factory=list)
    marks: dict[str, int] = field(default_factory=dict)
    listeners: list[Callable[[Any], None]] = field(default_factory=list)

    def emit(self, event: Any) -> None:
        """Anota el suceso (si no es un `Event`, solo se anuncia) y avisa a quien escucha."""
        if isinstance(event, Event):
            self.events.append(event)
        for listener in tuple(self.listeners):
            listener(event)

    def subscribe(self, listener: Callable[[Any], None]) -> Callable[[], None]:
        """Llama a `listener` con cada suceso nuevo; devuelve la función que lo da de baja."""
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)
