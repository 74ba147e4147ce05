"""La configuración de una imagen: cómo se ejecuta y de dónde salió.

Formato: OCI image-spec, *Image Configuration*, con lo que Docker añade
(`Healthcheck`, `OnBuild`, `Shell`, `ArgsEscaped`). El id de una imagen es el
sha256 de este JSON, así que se escribe byte a byte como lo hace BuildKit.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from dockerlab.clock import parse_rfc3339, rfc3339
from dockerlab.display import Described
from dockerlab.errors import fault

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def full_platform(platform: str) -> str:
    """`arm64` es `linux/arm64`."""
    return platform if "/" in platform else f"linux/{platform}"


@dataclass(frozen=True, slots=True)
class Healthcheck:
    """La comprobación de estado. Duraciones en nanosegundos (0: la de fábrica)."""

    test: tuple[str, ...] = ()
    interval: int = 0
    timeout: int = 0
    start_period: int = 0
    start_interval: int = 0
    retries: int = 0


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Una línea de `docker history`: `created` en nanosegundos; `empty_layer` si no dejó capa."""

    created: int | None = None
    created_by: str = ""
    comment: str = ""
    empty_layer: bool = False
    author: str = ""


@dataclass(frozen=True)
class ImageConfig(Described):
    """La configuración. Una lista vacía es lo mismo que no decir nada.

    `exposed_ports` y `volumes` son conjuntos ordenados; `labels`, pares. `raw`:
    los bytes leídos, que se conservan mientras nada cambie (si no, el id sería otro).
    """

    env: tuple[str, ...] = ()
    cmd: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    working_dir: str = ""
    user: str = ""
    exposed_ports: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    healthcheck: Healthcheck | None = None
    shell: tuple[str, ...] = ()
    stop_signal: str = ""
    on_build: tuple[str, ...] = ()
    args_escaped: bool = False
    architecture: str = "amd64"
    variant: str = ""
    os: str = "linux"
    author: str = ""
    created: int | None = None
    history: tuple[HistoryEntry, ...] = ()
    diff_ids: tuple[str, ...] = ()
    raw: bytes | None = field(default=None, compare=False, repr=False)

    def replace(self, **changes: Any) -> ImageConfig:
        """La misma configuración con `changes`; deja de conservar los bytes leídos."""
        return dataclasses.replace(self, **{"raw": None, **changes})

    @property
    def environment(self) -> dict[str, str]:
        """`env` como diccionario."""
        return {name: value for name, _, value in (entry.partition("=") for entry in self.env)}

    @property
    def platform(self) -> str:
        """`linux/amd64`, `linux/arm64/v8`..."""
        return "/".join(filter(None, (self.os, self.architecture, self.variant)))

    def fits(self, platform: str) -> bool:
        """¿Es de esa plataforma? Lo que no se dice vale: `arm64` y `linux/arm64` casan con `linux/arm64/v8`."""
        return f"{self.platform}/".startswith(f"{full_platform(platform)}/")

    def facts(self) -> tuple[str, list[tuple[str, str]]]:
        """Título y datos para mostrarla."""
        rows = [(key, json.dumps(value, ensure_ascii=False)) for key, value in self.run_config().items()]
        return "Configuración", rows

    def run_config(self) -> dict[str, Any]:
        """La parte `config` del JSON, sin lo vacío y en el orden de BuildKit."""
        values = {
            "User": self.user,
            "ExposedPorts": {port: {} for port in sorted(self.exposed_ports)},
            "Env": list(self.env),
            "Entrypoint": list(self.entrypoint),
            "Cmd": list(self.cmd),
            "Volumes": {path: {} for path in sorted(self.volumes)},
            "WorkingDir": self.working_dir,
            "Labels": dict(sorted(self.labels)),
            "StopSignal": self.stop_signal,
            "ArgsEscaped": self.args_escaped,
            "Healthcheck": _healthcheck_to_data(self.healthcheck),
            "OnBuild": list(self.on_build),
            "Shell": list(self.shell),
        }
        return {key: value for key, value in values.items() if value}

    def to_data(self) -> dict[str, Any]:
        """Todo el JSON como diccionario, en el orden en que se escribe."""
        data: dict[str, Any] = {"architecture": self.architecture}
        if self.author:
            data["author"] = self.author
        data["config"] = self.run_config()
        if self.created is not None:
            data["created"] = rfc3339(self.created)
        if self.history:
            data["history"] = [_history_to_data(entry) for entry in self.history]
        data["os"] = self.os
        data["rootfs"] = {"type": "layers", "diff_ids": list(self.diff_ids)}
        if self.variant:
            data["variant"] = self.variant
        return data

    @cached_property
    def _json(self) -> bytes:
        return go_json(self.to_data()) if self.raw is None else self.raw

    def to_json(self) -> bytes:
        """Los bytes del JSON; su sha256 es el id de la imagen."""
        return self._json

    @classmethod
    def from_json(cls, raw: bytes) -> ImageConfig:
        """Lee la configuración de una imagen ajena. `ArchiveError` si no lo es."""
        try:
            data = json.loads(raw)
            rootfs = _typed(data, "rootfs", dict) or {}
            return cls(
                **run_fields(_typed(data, "config", dict) or {}),
                architecture=_typed(data, "architecture", str) or "amd64",
                variant=_typed(data, "variant", str) or "", os=_typed(data, "os", str) or "linux",
                author=_typed(data, "author", str) or "", created=_instant(data),
                history=tuple(_history(entry) for entry in _typed(data, "history", list) or ()),
                diff_ids=_strings(rootfs, "diff_ids"), raw=raw)
        except (ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            raise fault("bad-image-config", reason=str(error)) from None


def run_fields(run: Mapping[str, Any]) -> dict[str, Any]:
    """Los campos de `ImageConfig` que dice la parte `config` del JSON; es el inverso de `run_config`.

    `TypeError` si algo no es del tipo que tiene que ser.
    """
    return {
        "env": _strings(run, "Env"), "cmd": _strings(run, "Cmd"), "entrypoint": _strings(run, "Entrypoint"),
        "working_dir": _typed(run, "WorkingDir", str) or "", "user": _typed(run, "User", str) or "",
        "exposed_ports": tuple(sorted(_typed(run, "ExposedPorts", dict) or ())),
        "volumes": tuple(sorted(_typed(run, "Volumes", dict) or ())),
        "labels": tuple(sorted((name, str(value)) for name, value in (_typed(run, "Labels", dict) or {}).items())),
        "healthcheck": _healthcheck(_typed(run, "Healthcheck", dict)),
        "shell": _strings(run, "Shell"), "stop_signal": _typed(run, "StopSignal", str) or "",
        "on_build": _strings(run, "OnBuild"), "args_escaped": bool(run.get("ArgsEscaped")),
    }


def go_json(value: Any) -> bytes:
    """JSON como lo escribe el paquete `encoding/json` de Go: compacto, UTF-8 y con `<>&` escapados."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character, escaped in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"),
                               ("\u2028", "\\u2028"), ("\u2029", "\\u2029")):
        text = text.replace(character, escaped)
    return text.encode("utf-8", "surrogatepass")


_HEALTH = (("Test", "test"), ("Interval", "interval"), ("Timeout", "timeout"),
           ("StartPeriod", "start_period"), ("StartInterval", "start_interval"), ("Retries", "retries"))


def _healthcheck_to_data(check: Healthcheck | None) -> dict[str, Any]:
    if check is None:
        return {}
    pairs = ((key, getattr(check, name)) for key, name in _HEALTH)
    return {key: list(value) if key == "Test" else value for key, value in pairs if value}


def _healthcheck(data: dict[str, Any] | None) -> Healthcheck | None:
    if not data:
        return None
    return Healthcheck(_strings(data, "Test"), *(_typed(data, key, int) or 0 for key, _ in _HEALTH[1:]))


def _history_to_data(entry: HistoryEntry) -> dict[str, Any]:
    data = {"created": None if entry.created is None else rfc3339(entry.created),
            "created_by": entry.created_by, "author": entry.author,
            "comment": entry.comment, "empty_layer": entry.empty_layer}
    return {key: value for key, value in data.items() if value}


def _history(data: Mapping[str, Any]) -> HistoryEntry:
    return HistoryEntry(_instant(data), _typed(data, "created_by", str) or "",
                        _typed(data, "comment", str) or "",
                        bool(data.get("empty_layer")), _typed(data, "author", str) or "")


def _instant(data: Mapping[str, Any]) -> int | None:
    text = _typed(data, "created", str)
    return parse_rfc3339(text) if text else None


def _typed(data: Mapping[str, Any], key: str, kind: type) -> Any:
    value = data.get(key)
    if value is not None and not isinstance(value, kind):
        raise TypeError(f"«{key}» no es de tipo {kind.__name__}")
    return value


def _strings(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    values = _typed(data, key, list) or []
    if not all(isinstance(value, str) for value in values):
        raise TypeError(f"«{key}» no es una lista de textos")
    return tuple(values)
