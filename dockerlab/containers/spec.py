"""Lo que se pide y lo que trae la imagen, mezclado como lo mezcla el demonio.

Docker real: `daemon.mergeAndVerifyConfig` y las comprobaciones de `HostConfig`
antes de crear. Entra y sale la forma de la API (*ContainerCreate*).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..errors import fault
from . import capabilities, signals

NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+")
MIN_MEMORY = 6 * 1024 * 1024
POLICIES = ("no", "always", "on-failure", "unless-stopped")

CONFIG = {"Hostname": "", "Domainname": "", "User": "", "AttachStdin": False, "AttachStdout": False,
          "AttachStderr": False, "ExposedPorts": None, "Tty": False, "OpenStdin": False,
          "StdinOnce": False, "Env": None, "Cmd": None, "Healthcheck": None, "Image": "",
          "Volumes": None, "WorkingDir": "", "Entrypoint": None, "NetworkDisabled": None,
          "MacAddress": None, "OnBuild": None, "Labels": {}, "StopSignal": None, "StopTimeout": None,
          "Shell": None}
"""Los campos de `Config` en el orden en que los escribe `docker inspect`."""

OPTIONAL = {"ExposedPorts", "Healthcheck", "NetworkDisabled", "MacAddress", "StopSignal", "StopTimeout", "Shell"}
"""Los que no se escriben si no tienen valor."""

FILLED = {"IpcMode": "private", "CgroupnsMode": "host", "ShmSize": 64 * 1024 * 1024}
"""De `HostConfig`, lo que el demonio pone si no se pide."""
LOG_DRIVERS = ("", "json-file", "local", "none", "syslog", "journald", "gelf", "fluentd", "awslogs", "splunk",
               "gcplogs", "logentries", "etwlogs")


def valid_name(name: str) -> str:
    """El nombre sin barra inicial; falta `container-name-invalid` si no vale."""
    name = name.removeprefix("/")
    if not NAME.fullmatch(name):
        raise fault("container-name-invalid", name=name)
    return name


def env_merge(asked: list[str], inherited: list[str]) -> list[str]:
    """Las variables pedidas primero; de las de la imagen, las que no se repiten."""
    names = {item.partition("=")[0] for item in asked}
    return [*asked, *(item for item in inherited if item.partition("=")[0] not in names)]


def merge_config(asked: Mapping[str, Any], image: Mapping[str, Any], identity: str) -> dict[str, Any]:
    """`Config` del contenedor: lo pedido manda, la imagen completa.

    Quien cambia ENTRYPOINT pierde el CMD de la imagen. Falta `no-command` si al
    final no hay nada que ejecutar.
    """
    config = {**CONFIG, **{key: value for key, value in asked.items() if value is not None}}
    config["Hostname"] = config["Hostname"] or identity[:12]
    if asked.get("Entrypoint") is None:
        config["Entrypoint"] = list(image.get("Entrypoint") or ()) or None
        if asked.get("Cmd") is None:
            config["Cmd"] = list(image.get("Cmd") or ()) or None
    elif list(asked["Entrypoint"]) == [""]:
        config["Entrypoint"] = None
    config["Env"] = env_merge(list(asked.get("Env") or ()), list(image.get("Env") or ())) or None
    for key in ("User", "WorkingDir", "StopSignal", "Healthcheck", "Shell"):
        config[key] = config[key] or image.get(key) or CONFIG[key]
    if asked.get("Healthcheck") and image.get("Healthcheck"):
        config["Healthcheck"] = {**image["Healthcheck"], **{k: v for k, v in asked["Healthcheck"].items() if v}}
    if config["Healthcheck"]:
        config["Healthcheck"] = {key: value for key, value in config["Healthcheck"].items() if value}
    if asked.get("StopSignal"):
        try:
            signals.number(asked["StopSignal"])
        except ValueError:
            raise fault("stop-signal", signal=asked["StopSignal"], code=125) from None
    for key in ("ExposedPorts", "Volumes", "Labels"):
        both = {**(image.get(key) or {}), **(asked.get(key) or {})}
        config[key] = both or CONFIG[key]
    if not [*(config["Entrypoint"] or ()), *(config["Cmd"] or ())]:
        raise fault("no-command")
    directory = config["WorkingDir"]
    if directory and not directory.startswith("/"):
        raise fault("workdir-relative", path=directory)
    return {key: value for key, value in config.items() if not (key in OPTIONAL and value in (None, "", {}))}


def fill_host_config(host: Mapping[str, Any]) -> dict[str, Any]:
    """Lo que el demonio completa: la red de siempre, y el doble de memoria contando el intercambio."""
    filled = {**host, **{key: value for key, value in FILLED.items() if not host.get(key)}}
    log = filled.get("LogConfig") or {}
    filled["LogConfig"] = {"Type": log.get("Type") or "json-file", "Config": dict(log.get("Config") or {})}
    if filled.get("NetworkMode") in (None, "", "default"):
        filled["NetworkMode"] = "bridge"
    if (filled.get("Memory") or 0) > 0 and not filled.get("MemorySwap"):
        filled["MemorySwap"] = 2 * filled["Memory"]
    return filled


def check_host_config(host: Mapping[str, Any], cpus: int, asked_hostname: str = "") -> None:
    """Las reglas del demonio sobre los límites y la política de reinicio.

    Faltas: `memory-minimum`, `memory-swap`, `memory-reservation`, `cpus-range`,
    `restart-policy`, `restart-policy-count`, `restart-policy-negative`, `restart-autoremove`,
    `capability-unknown`, `log-driver`, `isolation`, `hostname-uts`.
    """
    memory, swap = host.get("Memory") or 0, host.get("MemorySwap") or 0
    if 0 < memory < MIN_MEMORY:
        raise fault("memory-minimum")
    if swap > 0 and not memory:
        raise fault("memory-swap-alone")
    if 0 < swap < memory:
        raise fault("memory-swap")
    reservation = host.get("MemoryReservation") or 0
    if memory and reservation > memory:
        raise fault("memory-reservation")
    if not 0 <= (host.get("NanoCpus") or 0) <= cpus * 1_000_000_000:
        raise fault("cpus-range", cpus=cpus)
    policy = host.get("RestartPolicy") or {}
    name = policy.get("Name") or "no"
    if name not in POLICIES:
        raise fault("restart-policy", policy=name)
    if policy.get("MaximumRetryCount") and name != "on-failure":
        raise fault("restart-policy-count")
    if (policy.get("MaximumRetryCount") or 0) < 0:
        raise fault("restart-policy-negative")
    if name != "no" and host.get("AutoRemove"):
        raise fault("restart-autoremove")
    capabilities.mask(host)
    driver = (host.get("LogConfig") or {}).get("Type") or ""
    if driver not in LOG_DRIVERS:
        raise fault("log-driver", driver=driver, code=125)
    if (host.get("Isolation") or "default") != "default":
        raise fault("isolation", isolation=host["Isolation"])
    if host.get("UTSMode") == "host" and asked_hostname:
        raise fault("hostname-uts", code=125)
