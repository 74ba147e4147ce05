"""Plataformas: `linux/amd64`, `linux/arm64/v8`, `windows`.

La misma arquitectura tiene varios nombres (`x86_64`, `amd64`); aquí se escribe
siempre con el de Docker (containerd, *platforms*).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dockerlab.errors import fault

from .golang import quote

SYSTEMS = frozenset("aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd "
                    "plan9 solaris windows zos".split())
ARCHITECTURES = frozenset("386 amd64 amd64p32 arm armbe arm64 arm64be ppc64 ppc64le loong64 mips mipsle "
                          "mips64 mips64le mips64p32 mips64p32le ppc riscv riscv64 s390 s390x sparc "
                          "sparc64 wasm".split())
OS = re.compile(r"([A-Za-z0-9_-]+)(?:\(([A-Za-z0-9_.%-]*)((?:\+[A-Za-z0-9_.%-]+)*)\))?")
PART = re.compile(r"[A-Za-z0-9_.-]+")
OS_SHOWN = r"^([A-Za-z0-9_-]+)(?:\\(([A-Za-z0-9_.%-]*)((?:\\+[A-Za-z0-9_.%-]+)*)\\))?$"
PART_SHOWN = r"^[A-Za-z0-9_.-]+$"
NAMES = {"i386": ("386", ""), "x86_64": ("amd64", None), "x86-64": ("amd64", None),
         "aarch64": ("arm64", None), "armhf": ("arm", "v7"), "armel": ("arm", "v6")}
VARIANTS = {("amd64", "v1"): "", ("arm64", "8"): "", ("arm64", "v8"): "", ("arm64", "v8.0"): "",
            ("arm64", "9"): "v9", ("arm64", "9.0"): "v9", ("arm64", "v9.0"): "v9", ("arm", ""): "v7",
            ("arm", "7"): "v7", ("arm", "5"): "v5", ("arm", "6"): "v6", ("arm", "8"): "v8"}


@dataclass(frozen=True, slots=True)
class Platform:
    """Sistema, arquitectura y variante; `str()` la escribe con barras."""

    os: str = "linux"
    architecture: str = "amd64"
    variant: str = ""

    def __str__(self) -> str:
        return "/".join(filter(None, (self.os, self.architecture, self.variant)))

    @classmethod
    def parse(cls, text: str) -> Platform:
        """Lee `linux/arm64`, `arm64`, `windows`… `DockerfileError` si no es una plataforma."""
        parts = text.split("/", 3)
        if "*" in text:
            raise _bad(text, f"{quote(text)}: wildcards not yet supported")
        system = OS.fullmatch(parts[0])
        if system is None:
            raise _bad(text, f"{quote(parts[0])} is an invalid OS component of {quote(text)}: OSAndVersion "
                             f'specifier component must match "{OS_SHOWN}"')
        for part in parts[1:]:
            if not PART.fullmatch(part):
                raise _bad(text, f"{quote(part)} is an invalid component of {quote(text)}: platform "
                                 f'specifier component must match "{PART_SHOWN}"')
        os = {"macos": "darwin"}.get(system[1].lower(), system[1].lower())
        if len(parts) == 1:
            if os in SYSTEMS:
                return cls(os)
            platform = cls("linux", *_architecture(parts[0], ""))
            if platform.architecture not in ARCHITECTURES:
                raise _bad(text, f"{quote(text)}: unknown operating system or architecture")
            return platform._short()
        if len(parts) == 2:
            return cls(os, *_architecture(parts[1], ""))._short()
        if len(parts) == 3:
            architecture, variant = _architecture(parts[1], parts[2])
            return cls(os, architecture, variant or ("v8" if architecture == "arm64" else ""))
        raise _bad(text, f"{quote(text)}: cannot parse platform specifier")

    def _short(self) -> Platform:
        """`arm` a secas ya quiere decir la v7."""
        plain = (self.architecture, self.variant) == ("arm", "v7")
        return Platform(self.os, self.architecture) if plain else self


def _architecture(name: str, variant: str) -> tuple[str, str]:
    """El nombre de Docker de una arquitectura y su variante."""
    name, variant = name.lower(), variant.lower()
    architecture, forced = NAMES.get(name, (name, None))
    variant = variant if forced is None else forced
    return architecture, VARIANTS.get((architecture, variant), variant)


def _bad(text: str, reason: str) -> Exception:
    return fault("platform-invalid", platform=text, reason=reason + ": invalid argument")
