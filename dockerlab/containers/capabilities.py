"""Capacidades: el poder de root, troceado (`capabilities(7)` del manual de Linux).

Root de un contenedor no es root del anfitrión: Docker le deja catorce de las
cuarenta y una. `--cap-add` y `--cap-drop` cambian cuáles; `--privileged` las da todas.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dockerlab.errors import fault
from dockerlab.filesystem.access import EVERY

NAMES = ("CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP",
         "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER",
         "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE",
         "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP",
         "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF",
         "CHECKPOINT_RESTORE")
"""Por su número, el bit que ocupan en `CapEff`."""

DEFAULT = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "NET_BIND_SERVICE",
           "NET_RAW", "SYS_CHROOT", "MKNOD", "AUDIT_WRITE", "SETFCAP")
"""Las que Docker deja si no se dice nada."""


def read(names: Iterable[str] | None, field: str) -> list[str]:
    """Los nombres, sin `CAP_` y en mayúsculas. Falta `capability-unknown`."""
    found = [name.upper().removeprefix("CAP_") for name in names or ()]
    for name in found:
        if name not in (*NAMES, "ALL"):
            raise fault("capability-unknown", name=name, field=field, code=125)
    return found


def full_names(names: Iterable[str], field: str) -> list[str]:
    """Los nombres como los guarda el demonio: `CAP_NET_ADMIN`, `ALL`; por orden. Falta `capability-unknown`."""
    return sorted({name if name == "ALL" else f"CAP_{name}" for name in read(names, field)})


def mask(host: Mapping[str, Any]) -> int:
    """Las capacidades de un contenedor, como bits. Falta `capability-unknown`."""
    if host.get("Privileged"):
        return EVERY
    added, dropped = read(host.get("CapAdd"), "CapAdd"), read(host.get("CapDrop"), "CapDrop")
    base = NAMES if "ALL" in added else () if "ALL" in dropped else DEFAULT
    kept = (*(name for name in base if name not in dropped), *added)
    return sum(1 << number for number, name in enumerate(NAMES) if name in kept)


def number(name: str) -> int:
    """El número de una capacidad: `number("NET_RAW")` es 13."""
    return NAMES.index(name)
