"""Lo que se pide al construir y lo que la construcción necesita del motor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dockerlab.clock import SECOND
from dockerlab.containers.kernel import Kernel
from dockerlab.dockerfile.platforms import Platform
from dockerlab.images import Image, Reference

from .cache import Cache


@dataclass(frozen=True, slots=True)
class Options:
    """Las opciones de `docker build` que cambian el resultado.

    `no_cache_filter`: etapas que no miran la caché; `pull`: volver a preguntar por
    la imagen base; `secrets`: por su id, sus bytes.
    """

    tags: tuple[str, ...] = ()
    target: str = ""
    build_args: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    no_cache: bool = False
    no_cache_filter: tuple[str, ...] = ()
    pull: bool = False
    secrets: Mapping[str, bytes] = field(default_factory=dict)
    platform: Platform = Platform()


@dataclass(frozen=True, slots=True)
class Base:
    """Una imagen de la que se parte.

    `digest`: el de su manifiesto si vino del registro (vacío si ya estaba entre las
    imágenes del equipo); `fetched`: si se descarga ahora.
    """

    image: Image
    digest: str = ""
    fetched: bool = False


@dataclass(slots=True)
class Ports:
    """Lo que la construcción pide al motor, y nada más.

    `resolve(referencia, plataforma, pull)`: la imagen base, o la falta `base-unavailable`;
    `kernel`: quien ejecuta los RUN (y su reloj); `cache`: los pasos ya dados; `home`:
    la carpeta de trabajo, desde la que se nombran los contextos («» es la presente).
    """

    resolve: Callable[[Reference, str, bool], Base]
    kernel: Kernel = field(default_factory=Kernel)
    cache: Cache = field(default_factory=Cache)
    home: str = ""

    @property
    def now(self) -> int:
        """El instante virtual, en nanosegundos."""
        return self.kernel.clock.now

    def wait(self, seconds: float) -> None:
        """Deja pasar el tiempo; lo demás que esté en marcha sigue su vida."""
        self.kernel.run(None, self.now + round(seconds * SECOND))
