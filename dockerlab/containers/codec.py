"""Guardar en JSON los valores del núcleo, y volver a leerlos.

Un proceso vivo se guarda como datos, nunca como código: solo viajan números,
textos, bytes, listas, tablas y las clases de datos que se anotan aquí. Los
objetos que cambian (una tubería con dos extremos) se escriben una vez y después
se nombran por su número, así que al volver siguen siendo el mismo.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from typing import Any

CLASSES: dict[str, type] = {}
INLINE = 512
"""Bytes que todavía caben dentro del JSON."""
PLAIN = (str, int, float, bool, type(None))


def saved(cls: type) -> type:
    """Anota una clase de datos como guardable. Los campos con `metadata={"saved": False}` no viajan."""
    if CLASSES.setdefault(cls.__name__, cls).__module__ != cls.__module__:
        raise KeyError(f"dos clases guardables se llaman {cls.__name__}")
    CLASSES[cls.__name__] = cls
    return cls


def _fields(cls: type) -> list[Field[Any]]:
    return [field for field in fields(cls) if field.metadata.get("saved", True)]


def _frozen(cls: type) -> bool:
    return cls.__dataclass_params__.frozen


class Encoder:
    """De valores a JSON.

    `outside`: clases que se guardan aparte, con la función que da su nombre;
    `blob`: guarda aparte unos bytes grandes y da su nombre.
    """

    def __init__(self, outside: Mapping[type, Callable[[Any], str]] | None = None,
                 blob: Callable[[bytes], str] | None = None):
        self.outside = outside or {}
        self.blob = blob
        self.numbers: dict[int, int] = {}
        self.alive: list[Any] = []

    def encode(self, value: Any) -> Any:
        """`value` en forma JSON. `TypeError` si lleva una clase sin anotar."""
        if isinstance(value, PLAIN) and type(value) in PLAIN:
            return value
        if isinstance(value, list):
            return [self.encode(item) for item in value]
        if isinstance(value, tuple):
            return {"t": [self.encode(item) for item in value]}
        if self.blob and isinstance(value, bytes) and len(value) > INLINE:
            return {"B": self.blob(value)}
        if isinstance(value, (bytes, bytearray)):
            tag = "b" if isinstance(value, bytes) else "ba"
            return {tag: base64.b64encode(value).decode()}
        if isinstance(value, Mapping):
            return {"m": [[self.encode(key), self.encode(item)] for key, item in value.items()]}
        if isinstance(value, (set, frozenset)):
            return {"s": [self.encode(item) for item in sorted(value)]}
        return self._object(value)

    def _object(self, value: Any) -> Any:
        cls = type(value)
        if cls in self.outside:
            return {"x": [cls.__name__, self.outside[cls](value)]}
        if CLASSES.get(cls.__name__) is not cls:
            raise TypeError(f"{cls.__name__} no está anotada para guardarse")
        if _frozen(cls):
            return {"o": cls.__name__, "f": [self.encode(getattr(value, f.name)) for f in _fields(cls)]}
        if id(value) in self.numbers:
            return {"r": self.numbers[id(value)]}
        number = self.numbers[id(value)] = len(self.numbers)
        self.alive.append(value)
        return {"o": cls.__name__, "n": number,
                "f": [self.encode(getattr(value, f.name)) for f in _fields(cls)]}


class Decoder:
    """De JSON a valores. `outside`: por clase, la función que da el objeto por su nombre; `blob`: los bytes."""

    def __init__(self, outside: Mapping[str, Callable[[str], Any]] | None = None,
                 blob: Callable[[str], bytes] | None = None):
        self.outside = outside or {}
        self.blob = blob
        self.objects: dict[int, Any] = {}

    def decode(self, data: Any) -> Any:
        """El valor que `Encoder.encode` guardó."""
        if isinstance(data, list):
            return [self.decode(item) for item in data]
        if not isinstance(data, dict):
            return data
        if "t" in data:
            return tuple(self.decode(item) for item in data["t"])
        if "b" in data:
            return base64.b64decode(data["b"])
        if "B" in data:
            return self.blob(data["B"])
        if "ba" in data:
            return bytearray(base64.b64decode(data["ba"]))
        if "m" in data:
            return {self.decode(key): self.decode(item) for key, item in data["m"]}
        if "s" in data:
            return {self.decode(item) for item in data["s"]}
        if "x" in data:
            name, identity = data["x"]
            return self.outside[name](identity)
        if "r" in data:
            return self.objects[data["r"]]
        return self._object(data)

    def _object(self, data: dict[str, Any]) -> Any:
        cls = CLASSES[data["o"]]
        names = [f.name for f in _fields(cls)]
        if "n" not in data:
            return cls(**dict(zip(names, map(self.decode, data["f"]), strict=True)))
        value = self.objects[data["n"]] = cls.__new__(cls)
        for name, item in zip(names, data["f"], strict=True):
            setattr(value, name, self.decode(item))
        for field in fields(cls):
            if not field.metadata.get("saved", True):
                default = field.default_factory() if field.default_factory is not MISSING else field.default
                setattr(value, field.name, None if default is MISSING else default)
        return value
