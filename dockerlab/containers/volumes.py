"""Volúmenes: carpetas que no pertenecen a ningún contenedor y por eso los sobreviven."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from dockerlab.errors import fault
from dockerlab.filesystem.nodes import Directory
from dockerlab.filesystem.overlay import Overlay

NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+")
ROOT = "/var/lib/docker/volumes"


@dataclass(slots=True)
class Volume:
    """Un volumen: su nombre, sus etiquetas y el árbol de archivos que guarda.

    `anonymous`: Docker le puso el nombre (64 cifras); `created`: nanosegundos.
    """

    name: str
    created: int
    tree: Overlay
    driver: str = "local"
    labels: Mapping[str, str] | None = None
    options: Mapping[str, str] | None = None
    anonymous: bool = False

    @property
    def mountpoint(self) -> str:
        """La carpeta del anfitrión donde el motor real lo guarda."""
        return f"{ROOT}/{self.name}/_data"

    @property
    def size(self) -> int:
        """Los bytes que ocupan sus archivos."""
        return self.tree.size

    @property
    def is_empty(self) -> bool:
        """¿No tiene todavía nada? Solo entonces recibe el contenido de la imagen."""
        return not self.tree.children("")


@dataclass(slots=True)
class VolumeStore:
    """Los volúmenes del motor, por nombre."""

    volumes: dict[str, Volume] = field(default_factory=dict)

    def create(self, name: str, now: int, *, driver: str = "local", anonymous: bool = False,
               labels: Mapping[str, str] | None = None,
               options: Mapping[str, str] | None = None) -> Volume:
        """El volumen `name`, nuevo o el que ya había (crear dos veces no es un error).

        Faltas: `volume-name-short`, `volume-name-invalid`, `volume-driver`.
        """
        if len(name) < 2:
            raise fault("volume-name-short", name=name)
        if not NAME.fullmatch(name):
            raise fault("volume-name-invalid", name=name)
        if driver != "local":
            raise fault("volume-driver", name=name, driver=driver)
        if name not in self.volumes:
            if anonymous:
                labels = {**(labels or {}), "com.docker.volume.anonymous": ""}
            tree = Overlay((), {"": Directory(mtime=now)})
            self.volumes[name] = Volume(name, now, tree, driver, labels, options, anonymous)
        return self.volumes[name]

    def get(self, name: str) -> Volume:
        """El volumen `name`; falta `no-such-volume` si no existe."""
        if name not in self.volumes:
            raise fault("no-such-volume", name=name)
        return self.volumes[name]

    def remove(self, name: str, users: list[str], force: bool = False) -> None:
        """Elimina `name`. `users`: ids de los contenedores que lo montan, vivos o no.

        Faltas: `no-such-volume` (nunca con `force`), `volume-in-use`.
        """
        if force and name not in self.volumes:
            return
        self.get(name)
        if users:
            raise fault("volume-in-use", name=name, users=", ".join(users))
        del self.volumes[name]

    def list(self) -> list[Volume]:
        """Todos, por nombre."""
        return [self.volumes[name] for name in sorted(self.volumes)]
