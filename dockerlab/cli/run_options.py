"""De las opciones de `docker run` y `docker create` a lo que se le pide al motor.

El resultado tiene los nombres de la API de Docker (*ContainerCreate*): `config`
es lo que la imagen también podría decir; `host`, lo que depende del equipo.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dockerlab.errors import fault

from .flags import Parsed, Parser
from .options import hosts, resources
from .options.envfile import parse_lines
from .options.mounts import parse_mount
from .options.networks import MAC, endpoints, first_network, parse_network
from .options.ports import parse_expose, parse_ports
from .options.volumes import absolute_bind, parse_volume

CHECKS: Mapping[str, Parser] = {
    "decimal": resources.parse_cpus, "memory-swap": resources.parse_swap, "ulimit": resources.parse_ulimit,
    "gpu-request": resources.parse_gpus, "network": parse_network, "net": parse_network,
    "add-host": hosts.parse_extra_host, "attach": hosts.parse_attach, "dns": hosts.parse_address,
    "dns-search": hosts.parse_dns_search, "env": hosts.parse_env, "label": hosts.parse_label,
    "link": hosts.check_link, "sysctl": hosts.parse_sysctl, "blkio-weight-device": resources.parse_weight,
    "device-read-bps": resources.parse_bps, "device-write-bps": resources.parse_bps,
    "device-read-iops": resources.parse_iops, "device-write-iops": resources.parse_iops}
"""Cómo se lee cada opción con gramática propia, por su nombre o por su tipo."""


@dataclass(frozen=True, slots=True)
class RunSpec:
    """Un contenedor pedido. `config`, `host`, `networking`: los cuerpos de *ContainerCreate*."""

    image: str
    name: str
    detach: bool
    platform: str
    pull: str
    config: Mapping[str, Any]
    host: Mapping[str, Any]
    networking: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Desde dónde se escribe la orden: carpeta, entorno y cómo leer un archivo (falta si no se puede)."""

    cwd: str
    environment: Mapping[str, str]
    read: Callable[[str], str]


def checks(place: Place) -> Mapping[str, Parser]:
    """`CHECKS`, con los montajes leídos desde la carpeta presente."""
    return {**CHECKS, "mount": lambda text: parse_mount(text, place.cwd)}


HOST_FIELDS = {
    "ContainerIDFile": "cidfile", "OomScoreAdj": "oom-score-adj", "AutoRemove": "rm", "Privileged": "privileged",
    "PublishAllPorts": "publish-all", "ReadonlyRootfs": "read-only", "ShmSize": "shm-size", "Isolation": "isolation",
    "CpuShares": "cpu-shares", "Memory": "memory", "CgroupParent": "cgroup-parent", "BlkioWeight": "blkio-weight",
    "BlkioWeightDevice": "blkio-weight-device", "BlkioDeviceReadBps": "device-read-bps",
    "BlkioDeviceWriteBps": "device-write-bps", "BlkioDeviceReadIOps": "device-read-iops",
    "BlkioDeviceWriteIOps": "device-write-iops", "CpuPeriod": "cpu-period", "CpuQuota": "cpu-quota",
    "CpuRealtimePeriod": "cpu-rt-period", "CpuRealtimeRuntime": "cpu-rt-runtime", "CpusetCpus": "cpuset-cpus",
    "CpusetMems": "cpuset-mems", "MemoryReservation": "memory-reservation", "MemorySwap": "memory-swap",
    "MemorySwappiness": "memory-swappiness", "OomKillDisable": "oom-kill-disable", "PidsLimit": "pids-limit",
    "Ulimits": "ulimit", "CapAdd": "cap-add", "CapDrop": "cap-drop", "Dns": "dns", "DnsSearch": "dns-search",
    "ExtraHosts": "add-host", "GroupAdd": "group-add", "IpcMode": "ipc", "Links": "link", "PidMode": "pid",
    "UTSMode": "uts", "UsernsMode": "userns", "CgroupnsMode": "cgroupns", "SecurityOpt": "security-opt",
    "Sysctls": "sysctl", "Runtime": "runtime", "VolumeDriver": "volume-driver", "VolumesFrom": "volumes-from",
    "DeviceCgroupRules": "device-cgroup-rule", "NanoCpus": "cpus", "Annotations": "annotation"}
"""Campos de `HostConfig` que son una opción tal cual."""

LISTS = ("VolumesFrom", "CapAdd", "CapDrop", "Dns", "ExtraHosts", "GroupAdd", "Links", "SecurityOpt",
         "DeviceCgroupRules", "Sysctls", "Annotations")
"""Los que sin ningún valor son `null`."""

MODES = {"pid": ("PID", True), "uts": ("UTS", False), "userns": ("USER", False)}
"""Opciones de espacio de nombres: cómo se llama en el error y si admite `container:nombre`."""


def check_modes(flags: Parsed) -> None:
    """Los valores de `--pid`, `--uts`, `--userns` y `--cgroupns`. Falta `mode-invalid`."""
    for name, (title, shares) in MODES.items():
        mode = flags[name]
        if mode not in ("", "host") and not (shares and mode.startswith("container:") and mode != "container:"):
            raise fault("mode-invalid", flag=name, title=title)
    if flags["cgroupns"] not in ("", "host", "private"):
        raise fault("mode-invalid", flag="cgroupns", title="CGROUP")


def healthcheck(flags: Parsed) -> dict[str, Any] | None:
    """`--health-*` o `--no-healthcheck`; `None` si no se dijo nada. Faltas `health-*`."""
    values = {"Interval": flags["health-interval"], "Timeout": flags["health-timeout"],
              "StartPeriod": flags["health-start-period"], "StartInterval": flags["health-start-interval"],
              "Retries": flags["health-retries"]}
    asked = flags["health-cmd"] or any(values.values())
    if flags["no-healthcheck"]:
        if asked:
            raise fault("health-conflict")
        return {"Test": ["NONE"]}
    if not asked:
        return None
    for key, name in (("Interval", "health-interval"), ("Timeout", "health-timeout"),
                      ("Retries", "health-retries"), ("StartPeriod", "health-start-period"),
                      ("StartInterval", "health-start-interval")):
        if values[key] < 0:
            raise fault("health-negative", flag=name)
    test = {"Test": ["CMD-SHELL", flags["health-cmd"]]} if flags["health-cmd"] else {}
    return {**test, **values}


def publish_spec(text: str) -> str:
    """La forma larga de `-p` (`published=8080,target=80`) en la corta."""
    if "=" not in text:
        return text
    fields = dict(item.partition("=")[::2] for item in text.split(","))
    protocol = f"/{fields['protocol']}" if "protocol" in fields else ""
    return ":".join(filter(None, (fields.get("published", ""), fields.get("target", "") + protocol)))


def merged_lines(flags: Parsed, place: Place, files: str, values: str, environment: Mapping[str, str] | None
                 ) -> list[str]:
    """Las parejas de los archivos y después las escritas en la orden."""
    lines = [line for path in flags[files] for line in parse_lines(place.read(path), environment)]
    return lines + list(flags[values])


def config_of(flags: Parsed, place: Place, volumes: list[str], exposed: list[str]) -> dict[str, Any]:
    """`Config`."""
    image, *command = [*flags.arguments, *([""] if not flags.arguments else [])]
    attached = set(flags["attach"]) or {"stdout", "stderr"}
    stdin = flags["interactive"]
    env = [hosts.with_value(text, place.environment)
           for text in merged_lines(flags, place, "env-file", "env", place.environment)]
    labels = dict(line.partition("=")[::2] for line in merged_lines(flags, place, "label-file", "label", None))
    entrypoint = [flags["entrypoint"]] if "entrypoint" in flags.given else None
    config: dict[str, Any] = {
        "Hostname": flags["hostname"], "Domainname": flags["domainname"], "User": flags["user"],
        "AttachStdin": "stdin" in attached or (stdin and not flags["attach"]),
        "AttachStdout": "stdout" in attached, "AttachStderr": "stderr" in attached,
        "ExposedPorts": {port: {} for port in exposed} or None, "Tty": flags["tty"], "OpenStdin": stdin,
        "StdinOnce": False, "Env": env or None, "Cmd": command or None, "Image": image,
        "Volumes": {path: {} for path in volumes}, "WorkingDir": flags["workdir"], "Entrypoint": entrypoint,
        "Labels": labels, "StopSignal": flags["stop-signal"] or None,
        "StopTimeout": flags["stop-timeout"] if "stop-timeout" in flags.given else None,
        "Healthcheck": healthcheck(flags)}
    config["AttachStdin"] = config["AttachStdin"] or stdin
    config["StdinOnce"] = config["OpenStdin"] and config["AttachStdin"]
    return {key: value for key, value in config.items() if value is not None or key in ("Env", "Cmd", "Entrypoint")}


def host_of(flags: Parsed, binds: list[str], bindings: Mapping[str, Any], network_mode: str) -> dict[str, Any]:
    """`HostConfig`."""
    if flags["memory-swappiness"] != -1 and not 0 <= flags["memory-swappiness"] <= 100:
        raise fault("swappiness", value=flags["memory-swappiness"])
    check_modes(flags)
    restart = resources.parse_restart(flags["restart"])
    if flags["rm"] and restart["Name"] not in ("", "no"):
        raise fault("options-conflict", reason="cannot specify both --restart and --rm")
    log_options = flags.pairs("log-opt")
    if flags["log-driver"] == "none" and log_options:
        raise fault("log-options", driver="none")
    devices, requests = resources.parse_devices(flags["device"])
    host = {field: flags[name] for field, name in HOST_FIELDS.items()}
    host.update((field, host[field] or None) for field in LISTS)
    return {**host, "Binds": binds or None, "LogConfig": {"Type": flags["log-driver"], "Config": log_options},
            "NetworkMode": network_mode, "PortBindings": dict(bindings), "RestartPolicy": restart,
            "DnsOptions": [*flags["dns-option"], *flags["dns-opt"]], "ConsoleSize": [0, 0],
            "NanoCpus": flags["cpus"] or 0, "MemorySwap": flags["memory-swap"] or 0, "Devices": devices,
            "DeviceRequests": [*(request for group in flags["gpus"] for request in group), *requests] or None,
            "Tmpfs": dict(item.partition(":")[::2] for item in flags["tmpfs"]) or None,
            "Mounts": list(flags["mount"]) or None, "StorageOpt": flags.pairs("storage-opt") or None,
            "Init": flags["init"] if "init" in flags.given else None}


def run_spec(flags: Parsed, place: Place) -> RunSpec:
    """Lo pedido, ya comprobado por la línea de órdenes. Faltas: las de cada opción."""
    if flags["mac-address"] and not MAC.fullmatch(flags["mac-address"]):
        raise fault("mac-invalid", address=flags["mac-address"])
    volumes = [(text, parse_volume(text)) for text in flags["volume"]]
    binds = [absolute_bind(text, place.cwd) if spec.type == "bind" else text for text, spec in volumes if spec.source]
    published, bindings = parse_ports(map(publish_spec, flags["publish"]))
    exposed = published + [port for text in flags["expose"] for port in parse_expose(text)]
    networks = [*flags["network"], *flags["net"]] or [parse_network("default")]
    networks[0] = first_network(networks[0], flags)
    mode = networks[0]["Target"] or "default"
    host = host_of(flags, binds, bindings, mode)
    config = config_of(flags, place, [spec.target for _, spec in volumes if not spec.source],
                       list(dict.fromkeys(exposed)))
    if flags["pull"] not in ("always", "missing", "never"):
        raise fault("pull-option", value=flags["pull"])
    return RunSpec(config["Image"], flags["name"], bool(flags.get("detach")), flags["platform"], flags["pull"],
                   config, host, {"EndpointsConfig": endpoints(networks)})


def read_text(cwd: str) -> Callable[[str], str]:
    """Cómo leer un archivo del anfitrión desde `cwd`. Falta `open-failed`."""
    def read(path: str) -> str:
        try:
            with open(os.path.join(cwd, path), encoding="utf-8") as file:
                return file.read()
        except OSError as error:
            raise fault("open-failed", path=path, reason=(error.strerror or str(error)).lower()) from None
    return read
