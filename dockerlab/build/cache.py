"""La caché de construcción: ¿este paso ya se dio, exactamente igual?

Un paso se guarda con una clave. Si al repetirlo la clave es la misma, su capa se
aprovecha y no se ejecuta nada. La clave no es un secreto: son cinco partes, y
cuando el paso se repite, `difference` dice cuál cambió.

    >>> antes = CacheKey("base", "RUN cat /a", environment=(("V", "1"),))
    >>> ahora = CacheKey("base", "RUN cat /a", environment=(("V", "2"),))
    >>> ahora.difference(antes)
    ('environment',)

Docker real: BuildKit, *Build cache invalidation*. Las fechas y los dueños de los
archivos no cuentan; sus nombres, permisos y contenido, sí.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, fields, replace
from typing import Any

from dockerlab.filesystem import Layer, Overlay
from dockerlab.images import chain_ids

Pairs = tuple[tuple[str, str], ...]
ALIKE = 0.5  # parecido, de 0 a 1, a partir del cual una instrucción pasa por otra ya retocada
MANY = 300   # archivos a partir de los cuales una clave guardada solo recuerda su resumen


@dataclass(frozen=True, slots=True)
class CacheKey:
    """La clave de un paso.

    `parent`: la clave del paso anterior, o el id de la imagen base: si cambia un
    paso, cambian todos los que vienen detrás. `instruction`: lo que se hace, ya
    con las variables puestas. `settings`: con qué se hace (usuario, carpeta,
    dueño que se da...). `environment`: las variables que ve (solo en RUN: por eso
    un ENV deja pasar un COPY). `files`: qué se copia, archivo a archivo.
    """

    parent: str = ""
    instruction: str = ""
    settings: Pairs = ()
    environment: Pairs = ()
    files: Pairs = ()

    @property
    def content(self) -> str:
        """El resumen de todo lo que se copia; vacío si no se copia nada."""
        if len(self.files) == 1 and self.files[0][0] == "*":
            return self.files[0][1]
        return _sha256(self.files) if self.files else ""

    @property
    def digest(self) -> str:
        """El nombre de la clave: cambia si cambia cualquiera de sus partes."""
        return _sha256((self.parent, self.instruction, self.settings, self.environment, self.content))

    def difference(self, other: CacheKey) -> tuple[str, ...]:
        """En qué partes se distingue de `other`."""
        pairs = ((part.name, getattr(self, part.name), getattr(other, part.name)) for part in fields(self)[:-1])
        changed = tuple(name for name, mine, theirs in pairs if mine != theirs)
        return changed if self.content == other.content else (*changed, "files")

    def brief(self) -> CacheKey:
        """La misma clave, lista para guardarse: de muchos archivos solo queda el resumen."""
        return self if len(self.files) <= MANY else replace(self, files=(("*", self.content),))

    def parts(self) -> Pairs:
        """Sus partes con nombre, en corto, para enseñarlas."""
        values = {"parent": self.parent[:19], "instruction": self.instruction,
                  "settings": _list(self.settings), "environment": _list(self.environment),
                  "files": self.content[:19]}
        return tuple((name, value) for name, value in values.items() if value)


def digest_of(rows: Iterable[tuple[str, str]]) -> str:
    """El mismo resumen que el de la lista entera, fila a fila."""
    digest = hashlib.sha256(b"[")
    for number, row in enumerate(rows):
        text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
        digest.update(b"," * (number > 0) + text.encode("utf-8", "surrogatepass"))
    digest.update(b"]")
    return f"sha256:{digest.hexdigest()}"


def _sha256(value: Any) -> str:
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _list(pairs: Pairs) -> str:
    return " ".join(f"{name}={value}" for name, value in pairs)


@dataclass(frozen=True, slots=True)
class Record:
    """Algo guardado en la caché: una fila de `docker builder du`.

    `kind`: regular (el resultado de un paso), source.local (lo que llegó del
    equipo) o exec.cachemount (lo que guarda `RUN --mount=type=cache`). `layers`:
    las capas del resultado, de abajo arriba. `sent`: de lo que llegó, cada archivo y
    su señal (`wire.mark`). Instantes en nanosegundos.
    """

    id: str
    kind: str = "regular"
    description: str = ""
    key: CacheKey = CacheKey()
    layers: tuple[str, ...] = ()
    size: int = 0
    parents: tuple[str, ...] = ()
    created: int = 0
    used: int = 0
    uses: int = 1
    sent: Pairs = ()

    @property
    def chain(self) -> str:
        """El nombre de su pila de capas, o vacío si no tiene."""
        return chain_ids(self.layers)[-1] if self.layers else ""


@dataclass(slots=True)
class Cache:
    """Los pasos ya dados. `records`: nombre de la clave → lo guardado; `layers`: sus capas."""

    records: dict[str, Record] = field(default_factory=dict)
    layers: dict[str, Layer] = field(default_factory=dict)

    # ── pasos ────────────────────────────────────────────────────────────────

    def find(self, key: CacheKey, now: int) -> Record | None:
        """El resultado de este mismo paso, si ya se dio."""
        return self._touch(key.digest, now)

    def nearest(self, key: CacheKey) -> CacheKey | None:
        """La clave guardada con la que se compara para explicar un fallo.

        La que hacía lo mismo y se distingue en menos partes; si no la hay, la que
        venía detrás del mismo paso y se le parece.
        """
        rows = [(record, key.difference(record.key)) for record in self.records.values() if record.key.instruction]
        same = [(len(changed), -record.used, record.key) for record, changed in rows if "instruction" not in changed]
        if same:
            return min(same, key=lambda row: row[:2])[2]
        edited = [(_likeness(key, record.key), record.used, record.key) for record, changed in rows
                  if "parent" not in changed]
        best = max(edited, key=lambda row: row[:2], default=(0.0, 0, None))
        return best[2] if best[0] >= ALIKE else None

    def add(self, key: CacheKey, layers: Iterable[Layer], description: str, parent: str, now: int) -> Record:
        """Guarda el resultado de un paso; `parent`, el id de lo guardado del paso anterior."""
        layers = tuple(layers)
        for layer in layers:
            self.layers[layer.diff_id] = layer
        record = Record(_id(key.digest), "regular", description, key.brief(),
                        tuple(layer.diff_id for layer in layers), layers[-1].size if layers else 0,
                        (parent,) if parent else (), now, now)
        self.records[key.digest] = record
        return record

    def result(self, record: Record) -> tuple[Layer, ...]:
        """Las capas de lo guardado, de abajo arriba."""
        return tuple(self.layers[digest] for digest in record.layers)

    # ── lo demás que ocupa sitio ─────────────────────────────────────────────

    def note(self, name: str, kind: str, description: str, size: int, now: int,
             layers: Iterable[Layer] = (), sent: Pairs = ()) -> Record:
        """Anota algo que no es el resultado de un paso: la base, o lo que llegó del equipo."""
        layers = tuple(layers)
        for layer in layers:
            self.layers[layer.diff_id] = layer
        before = self._touch(name, now)
        self.records[name] = replace(before, size=size, sent=sent) if before else Record(
            _id(name), kind, description, CacheKey(), tuple(layer.diff_id for layer in layers), size, (), now, now,
            sent=sent)
        return self.records[name]

    def mount(self, name: str, now: int) -> Overlay:
        """Lo que guarda la caché `name` de `RUN --mount=type=cache`."""
        record = self._touch(f"mount:{name}", now)
        return Overlay((), dict(self.layers[record.layers[0]].entries) if record else None)

    def keep_mount(self, name: str, tree: Overlay, now: int) -> None:
        """Guarda lo que un RUN dejó en la caché `name`."""
        layer = tree.freeze()
        self.layers[layer.diff_id] = layer
        before = self.records.get(f"mount:{name}")
        base = before or Record(_id(f"mount:{name}"), "exec.cachemount", f"cached mount {name}", created=now)
        self.records[f"mount:{name}"] = replace(base, layers=(layer.diff_id,), size=layer.size, used=now)

    def holds(self, chain: str) -> bool:
        """¿Guarda esta pila de capas?"""
        return any(record.kind == "regular" and record.chain == chain for record in self.records.values())

    # ── limpiar ──────────────────────────────────────────────────────────────

    def prune(self, shared: Collection[str] = (), everything: bool = False,
              wanted: Callable[[Record], bool] = lambda record: True) -> tuple[Record, ...]:
        """`docker builder prune`: quita lo que ninguna imagen usa (`shared`: sus pilas de capas), o todo.

        `wanted`: de lo que se puede quitar, qué (`--filter`).
        """
        gone = {name: record for name, record in self.records.items()
                if (everything or record.kind != "regular" or record.chain not in shared) and wanted(record)}
        self.records = {name: record for name, record in self.records.items() if name not in gone}
        kept = {digest for record in self.records.values() for digest in record.layers}
        self.layers = {digest: layer for digest, layer in self.layers.items() if digest in kept}
        return tuple(gone.values())

    # ── guardarla ────────────────────────────────────────────────────────────

    def to_data(self, keep: Callable[[Layer], object] = lambda layer: None) -> dict[str, Any]:
        """La caché en JSON; `keep` guarda cada capa aparte."""
        for layer in self.layers.values():
            keep(layer)
        return {name: {**{f.name: getattr(record, f.name) for f in fields(record)},
                       "key": [getattr(record.key, f.name) for f in fields(record.key)]}
                for name, record in self.records.items()}

    @classmethod
    def from_data(cls, data: dict[str, Any], load: Callable[[str], Layer]) -> Cache:
        """El inverso de `to_data`; `load` da una capa por su `diff_id`."""
        cache = cls()
        for name, item in data.items():
            record = Record(**_tuples({**item, "key": CacheKey(*_tuples(item["key"]))}))
            cache.records[name] = record
            for digest in record.layers:
                if digest not in cache.layers:
                    cache.layers[digest] = load(digest)
        return cache

    def _touch(self, name: str, now: int) -> Record | None:
        record = self.records.get(name)
        if record is not None:
            self.records[name] = record = replace(record, used=now, uses=record.uses + 1)
        return record


def _likeness(key: CacheKey, other: CacheKey) -> float:
    """Cuánto se parecen dos instrucciones de la misma clase."""
    if key.instruction.partition(" ")[0] != other.instruction.partition(" ")[0]:
        return 0.0
    from difflib import SequenceMatcher
    return SequenceMatcher(None, key.instruction, other.instruction, autojunk=False).ratio()


def _id(name: str) -> str:
    """Un identificador de 25 letras y cifras, como los de BuildKit."""
    number, letters = int(hashlib.sha256(name.encode()).hexdigest(), 16), ""
    while len(letters) < 25:
        number, digit = divmod(number, 36)
        letters += "0123456789abcdefghijklmnopqrstuvwxyz"[digit]
    return letters


def _tuples(value: Any) -> Any:
    """Las listas de JSON, otra vez tuplas."""
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    if isinstance(value, dict):
        return {key: _tuples(item) for key, item in value.items()}
    return value
