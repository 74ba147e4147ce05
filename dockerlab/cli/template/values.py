"""Los valores que ve una plantilla, y cómo los escribe Go.

Un `Struct` tiene campos fijos y se escribe `{a b}`; un diccionario corriente es
un mapa y se escribe `map[k:v]`; una `Row` es una fila de una tabla: cada columna
se calcula cuando se pide.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any


class Struct(dict[str, Any]):
    """Una estructura de Go: pedir un campo que no tiene es un error.

    `raw`: el JSON del que salió; `defaults`: los campos que tiene y el JSON no escribe.
    """

    def __init__(self, fields: Mapping[str, Any], raw: Any = None, defaults: Mapping[str, Any] | None = None):
        super().__init__(fields)
        self.raw, self.defaults = raw, defaults or {}

    def __missing__(self, name: str) -> Any:
        return self.defaults[name]

    @property
    def whole(self) -> list[Any]:
        """Los valores de todos los campos, en orden."""
        return list({**self.defaults, **self}.values())


class Pointer(Struct):
    """Un puntero a una estructura: dentro de un mapa, Go escribe su dirección."""


class NilList(list[Any]):
    """Una lista que en el JSON es `null`."""


class NilMap(dict[str, Any]):
    """Un mapa que en el JSON es `null`."""


class _NoValue:
    def __repr__(self) -> str:
        return "<no value>"


NO_VALUE = _NoValue()
"""Lo que da un mapa cuando no tiene la clave."""


class Row:
    """Una fila: `columns` dice cómo calcular cada columna a partir de `item`.

    `type_name`: el tipo que citan los errores; `json`: las columnas que salen en `{{json .}}`.
    """

    def __init__(self, item: Any, columns: Mapping[str, Callable[[Any], Any]], type_name: str,
                 json: tuple[str, ...] = ()):
        self.item, self.columns, self.type_name, self.json = item, columns, type_name, json

    def __contains__(self, name: str) -> bool:
        return name in self.columns

    def __getitem__(self, name: str) -> Any:
        return self.columns[name](self.item)


MAPS = frozenset("""Labels Options Ports PortBindings Networks ExposedPorts Volumes Sysctls Tmpfs Annotations
    StorageOpt DriverOpts Config.LogConfig Containers Peers AuxiliaryAddresses Data UsageData Metadata Attributes
    Endpoints""".split())
"""Los campos de `inspect` que son mapas; los demás objetos son estructuras."""
LISTS = frozenset("""Args Env Cmd Entrypoint Binds Mounts RepoTags RepoDigests Layers OnBuild Shell Log ExecIDs
    CapAdd CapDrop Dns DnsOptions DnsSearch ExtraHosts GroupAdd Links SecurityOpt VolumesFrom Devices Ulimits
    BlkioWeightDevice DeviceCgroupRules DeviceRequests MaskedPaths ReadonlyPaths Aliases DNSNames Test
    BlkioDeviceReadBps BlkioDeviceWriteBps BlkioDeviceReadIOps BlkioDeviceWriteIOps""".split())


FIELDS: dict[str, dict[str, Any]] = {
    "State": dict.fromkeys(("Status", "Running", "Paused", "Restarting", "OOMKilled", "Dead", "Pid", "ExitCode",
                            "Error", "StartedAt", "FinishedAt", "Health")),
    "Config": {"Hostname": "", "Domainname": "", "User": "", "AttachStdin": False, "AttachStdout": False,
               "AttachStderr": False, "ExposedPorts": NilMap(), "Tty": False, "OpenStdin": False,
               "StdinOnce": False, "Env": NilList(), "Cmd": NilList(), "Healthcheck": None, "ArgsEscaped": False,
               "Image": "", "Volumes": NilMap(), "WorkingDir": "", "Entrypoint": NilList(),
               "NetworkDisabled": False, "MacAddress": "", "OnBuild": NilList(), "Labels": NilMap(),
               "StopSignal": "", "StopTimeout": None, "Shell": NilList()}}
"""Los campos, en orden, de dos estructuras que el JSON no escribe enteras."""


def typed(value: Any, name: str = "") -> Any:
    """El JSON de `inspect` con los tipos que tenía en Go: qué era estructura, qué mapa, qué lista vacía.

    `name`: el campo en el que está (el de la raíz, vacío).
    """
    if isinstance(value, Mapping):
        if name in MAPS:
            return {key: typed(item, "*" if name == "Networks" else "") for key, item in value.items()}
        fields = {key: typed(item, f"{key}.{name}" if f"{key}.{name}" in MAPS else key)
                  for key, item in value.items()}
        return (Pointer if name == "*" else Struct)(fields, value, FIELDS.get(name))
    if isinstance(value, (list, tuple)):
        return [typed(item) for item in value]
    if value is None and name in LISTS:
        return NilList()
    if value is None and name in MAPS:
        return NilMap()
    return value


def go_string(value: Any, nested: bool = False) -> str:
    """El valor como lo escribe `fmt.Print` de Go."""
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format_float(value)
    if isinstance(value, (list, tuple)):
        return f"[{' '.join(go_string(item, True) for item in value)}]"
    if isinstance(value, Struct):
        if nested and isinstance(value, Pointer):
            return "0xc000123456"
        return "{" + " ".join(go_string(item, True) for item in value.whole) + "}"
    if isinstance(value, Mapping):
        return "map[" + " ".join(f"{key}:{go_string(value[key], True)}" for key in sorted(value)) + "]"
    return str(value)


def format_float(number: float) -> str:
    """`1.5`, `1e+21`: el `%v` de Go."""
    if number == int(number) and abs(number) < 1e21:
        return str(int(number))
    text = repr(number)
    return text if "e" not in text else f"{number:e}"


def _plain(value: Any) -> Any:
    if isinstance(value, Row):
        return {name: _plain(value[name]) for name in sorted(value.json)}
    if isinstance(value, Struct):
        return value.raw if value.raw is not None else {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (NilList, NilMap)):
        return None
    if isinstance(value, Mapping):
        return {key: _plain(value[key]) for key in sorted(value)}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return None if value is NO_VALUE else value


def to_json(value: Any) -> str:
    """`value` en JSON de una línea, como lo escribe Go: mapas ordenados, sin espacios.

    En las filas de una tabla, además, `<`, `>` y `&` van disfrazados.
    """
    text = json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, Row):
        for char in "<>&":
            text = text.replace(char, f"\\u{ord(char):04x}")
    return text
