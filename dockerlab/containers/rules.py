"""De `HostConfig` a lo que se les permite a los procesos de un contenedor.

Docker real: la parte de la especificación OCI que rellena `oci_linux.go`.
"""

from __future__ import annotations

from typing import Any

from dockerlab.errors import fault

from .container import Container
from .procfs import DEVICES, HOST_DEVICES
from .space import Rules

LONGEST_HOSTNAME = 64


def rules(container: Container) -> Rules:
    """Lo pedido con `--security-opt`, `--ulimit`, `--sysctl`, `--device`, `--shm-size`..."""
    host = container.host_config
    options = [str(option).replace(":", "=", 1) for option in host.get("SecurityOpt") or ()]
    privileged = bool(host.get("Privileged"))
    return Rules(
        no_new_privileges=any(option in ("no-new-privileges", "no-new-privileges=true") for option in options),
        seccomp=not privileged and "seccomp=unconfined" not in options,
        ulimits={item["Name"]: (item["Soft"], item["Hard"]) for item in host.get("Ulimits") or ()},
        sysctls=dict(host.get("Sysctls") or {}), devices=HOST_DEVICES if privileged else lent_devices(host),
        shm=host.get("ShmSize") or Rules().shm, oom_score=host.get("OomScoreAdj") or 0,
        cpus=host.get("CpusetCpus") or "",
        domain=container.config.get("Domainname") or "")


def lent_devices(host: Any) -> dict[str, tuple[int, int]]:
    """Los de `--device`, con el nombre que tienen dentro."""
    return {item["PathInContainer"].removeprefix("/dev/"): HOST_DEVICES[item["PathOnHost"].removeprefix("/dev/")]
            for item in host.get("Devices") or ()}


def check_process(container: Container) -> None:
    """Lo que solo falla al arrancar. Faltas `gpu-missing`, `device-missing`, `hostname-long`."""
    host = container.host_config
    if any("gpu" in kind for request in host.get("DeviceRequests") or ()
           for kinds in request.get("Capabilities") or () for kind in kinds):
        raise fault("gpu-missing", code=125)
    for item in host.get("Devices") or ():
        if item["PathOnHost"].removeprefix("/dev/") not in {**DEVICES, **HOST_DEVICES}:
            raise fault("device-missing", path=item["PathOnHost"])
    if len(container.config["Hostname"]) > LONGEST_HOSTNAME:
        raise fault("hostname-long", code=125)
