"""Lo que se pide y lo que trae la imagen, mezclado como lo mezcla el demonio.

Docker real: `daemon.mergeAndVerifyConfig` y las comprobaciones de `HostConfig`
antes de crear. Entra y sale la forma de la API (*ContainerCreate*).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any

from dockerlab.errors import fault

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

FILLED = {"IpcMode": "private", "CgroupnsMode": "host", "ShmSize": 64 * 1024 * 1024, "Runtime": "runc"}
"""De `HostConfig`, lo que el demonio pone si no se pide."""
UNSET = {"MemorySwappiness": (-1, None), "PidsLimit": (0, None)}
"""Lo que la línea de órdenes manda cuando no se pide, y cómo lo guarda el demonio."""
LOG_DRIVERS = ("", "json-file", "local", "none", "syslog", "journald", "gelf", "fluentd", "awslogs", "splunk",
               "gcplogs", "logentries", "etwlogs")
ABOUT = {"env", "env-regex", "labels", "labels-regex", "tag"}
LOG_OPTIONS = {"json-file": {*ABOUT, "max-size", "max-file", "compress", "mode", "max-buffer-size"},
               "local": {"max-size", "max-file", "compress", "mode", "max-buffer-size"}}
"""Lo que admite `--log-opt` en cada forma de guardar los registros; de las demás no se mira."""
SECURITY = {"no-new-privileges", "label", "apparmor", "seccomp", "systempaths", "writable-cgroups"}
RUNTIMES = {"runc", "io.containerd.runc.v2"}


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
    if directory:   # la imagen la guarda como se escribió; el contenedor, limpia
        config["WorkingDir"] = posixpath.normpath("/" + directory.lstrip("/"))
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
    for key, (asked, kept) in UNSET.items():
        if filled.get(key) == asked:
            filled[key] = kept
    for key in ("CapAdd", "CapDrop"):
        if filled.get(key):
            filled[key] = capabilities.full_names(filled[key], key)
    if filled.get("Privileged"):
        filled["SecurityOpt"] = [*(filled.get("SecurityOpt") or ()), "label=disable"]
        filled["MaskedPaths"] = filled["ReadonlyPaths"] = None
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
    check_logging(host.get("LogConfig") or {})
    if (host.get("Isolation") or "default") != "default":
        raise fault("isolation", isolation=host["Isolation"])
    if host.get("UTSMode") == "host" and asked_hostname:
        raise fault("hostname-uts", code=125)
    mode = host.get("NetworkMode") or ""
    if mode.startswith("container:"):
        for key, given in (("hostname-network", asked_hostname), ("ports-network", host.get("PortBindings"))):
            if given:
                raise fault(key, code=125)
    check_machine(host, cpus)


def check_logging(config: Mapping[str, Any]) -> None:
    """`--log-driver` y `--log-opt`. Faltas `log-driver`, `log-option`, `log-option-local`."""
    driver = config.get("Type") or ""
    if driver not in LOG_DRIVERS:
        raise fault("log-driver", driver=driver, code=125)
    for option in config.get("Config") or ():
        if option not in LOG_OPTIONS.get(driver or "json-file", {option}):
            raise fault("log-option-local" if driver == "local" else "log-option", option=option, code=125)


def check_machine(host: Mapping[str, Any], cpus: int) -> None:
    """Lo que depende de la máquina: este anfitrión no tiene tarjetas gráficas ni más motores que `runc`.

    Faltas: `cpuset-range`, `security-option`, `runtime-unknown`, `storage-option`, `sysctl-host`.
    """
    asked = host.get("CpusetCpus") or ""
    if asked and not cpu_numbers(asked) <= set(range(cpus)):
        raise fault("cpuset-range", asked=asked, available=f"0-{cpus - 1}", code=125)
    for option in host.get("SecurityOpt") or ():
        if option.partition("=")[0].partition(":")[0] not in SECURITY:
            raise fault("security-option", option=option, code=125)
    if (host.get("Runtime") or "runc") not in RUNTIMES:
        raise fault("runtime-unknown", runtime=host["Runtime"], code=125)
    if host.get("StorageOpt"):
        raise fault("storage-option", code=125)


def cpu_numbers(text: str) -> set[int]:
    """`0-2,5` → {0, 1, 2, 5}."""
    found: set[int] = set()
    for item in text.split(","):
        first, _, last = item.partition("-")
        if first.strip().isdecimal() and (not last or last.strip().isdecimal()):
            found |= set(range(int(first), int(last or first) + 1))
    return found
