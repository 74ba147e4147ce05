"""El reproductor: una película que se ve, se para, se recorre y a la que le crecen fotogramas."""

from __future__ import annotations

import base64
import os
import re
import threading
from importlib.resources import files
from typing import Any

import anywidget
import traitlets

from ..scenes import palette
from ..scenes.png import filmstrip
from ..scenes.scene import NARROW, WIDE, Film, Frame
from ..scenes.wire import pack

LABELS = {
    "prev": "Paso anterior", "next": "Paso siguiente", "play": "Reproducir", "pause": "Pausar", "again": "Ver otra vez",
    "timeline": "Línea de tiempo", "speed": "Velocidad", "chapters": "Capítulos", "actions": "Órdenes",
    "controls": "Controles de la animación", "terminal": "Terminal simulado",
    "description": "Lo que se ve, con palabras",
    "ask": "Predice antes de seguir", "on": "Seguir",
}
STATIC = "DOCKERLAB_STATIC"  # con esta variable de entorno, en vez del widget se guarda una imagen
HERE = files("dockerlab.widgets")


def stylesheet() -> str:
    """La hoja de estilo entera: la paleta de las escenas y el marco del reproductor."""
    return palette.css() + "\n" + HERE.joinpath("player.css").read_text(encoding="utf-8")


def script(*others: str) -> str:
    """El JavaScript del reproductor y, detrás, el de `others`: archivos que usan lo que exporta, en uno solo."""
    parts = [HERE.joinpath(name).read_text(encoding="utf-8") for name in ("player.js", *others)]
    for index, part in enumerate(parts[:-1]):
        parts[index] = part.replace("export default", "const player =").replace("export ", "")
    return re.sub(r'(?m)^import .* from "\./.*";\n', "", "\n".join(parts))


class Player(anywidget.AnyWidget):
    """Una película en el cuaderno: `Player(film)`.

    `index` es el fotograma que se ve (se puede leer y cambiar); `append` añade
    fotogramas a una película que está en pantalla.
    """

    _esm = script()
    _css = stylesheet()
    shown = ("_packs", "index", "title", "widths", "labels", "actions", "log", "error", "follow", "autoplay")
    _packs = traitlets.List().tag(sync=True)  # la película, a trozos: el del principio y los añadidos
    index = traitlets.Int(0, help="El fotograma que se ve, desde 0.").tag(sync=True)
    title = traitlets.Unicode("").tag(sync=True)
    widths = traitlets.List([WIDE, NARROW]).tag(sync=True)
    labels = traitlets.Dict(LABELS).tag(sync=True)
    actions = traitlets.List().tag(sync=True)
    log = traitlets.List().tag(sync=True)
    error = traitlets.Unicode("").tag(sync=True)
    follow = traitlets.Bool(False, help="Ir al último fotograma cuando llegan nuevos.").tag(sync=True)
    autoplay = traitlets.Bool(False, help="Empezar a reproducir al aparecer.").tag(sync=True)

    def __init__(self, film: Film, **options: Any):
        self.frames: tuple[Frame, ...] = film.frames
        self._lock = threading.RLock()  # JupyterLab atiende los botones en otro hilo
        self._quiet = ""                # lo que se guarda sin enviarlo: ya va en un mensaje
        super().__init__(title=film.title, _packs=[pack(film.frames)], **options)
        self.on_msg(self._receive)

    @property
    def film(self) -> Film:
        """La película, con los fotogramas añadidos."""
        return Film(self.title, self.frames)

    def append(self, *frames: Frame) -> None:
        """Añade fotogramas al final; lo que ya está en pantalla recibe solo las diferencias."""
        with self._lock:
            parcel = pack(frames, self.frames[-1] if self.frames else None)
            self.frames += frames
            self._keep("_packs", [*self._packs, parcel])
            self.send({"type": "append", "from": len(self._packs) - 1, "packs": [parcel]})

    def _keep(self, name: str, value: Any) -> None:
        """Cambia un dato sin enviarlo a las pantallas abiertas; las que se abran después lo tendrán."""
        self._quiet = name
        try:
            setattr(self, name, value)
        finally:
            self._quiet = ""

    def act(self, action: str) -> None:
        """Lo que hace un botón; las clases con botones lo definen."""

    def answer(self, message: dict[str, Any]) -> None:
        """Lo que llega del navegador y no es del reproductor; aquí, un botón."""
        self.act(message["id"])

    def _receive(self, _widget: Any, message: dict[str, Any], _buffers: Any) -> None:
        if message.get("type") == "need":
            start = message["from"]
            if missing := self._packs[start:]:
                self.send({"type": "append", "from": start, "packs": missing})
            return
        try:
            self.error = ""
            self.answer(message)
        except Exception as error:  # en un cuaderno nadie más lo vería
            asked = message.get("id") or message.get("type")
            self.error = f"Algo ha fallado al atender «{asked}»: {type(error).__name__}: {error}"

    def _should_send_property(self, key: str, value: Any) -> bool:
        return key != self._quiet and super()._should_send_property(key, value)

    def picture(self) -> bytes:
        """La imagen que se guarda en lugar del widget."""
        return filmstrip(self.film)

    def __repr__(self) -> str:
        told = (line for number, frame in enumerate(self.frames, 1) for line in _told(number, frame))
        lines = [f"{type(self).__name__}: {self.title}", *told]
        if len(lines) > 42:
            lines[21:-20] = [f"… {len(lines) - 41} pasos más …"]
        return "\n".join(lines)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """El widget, o la tira de imágenes si `DOCKERLAB_STATIC` está puesta (cuadernos que se guardan, nbconvert)."""
        if not os.environ.get(STATIC):
            data, metadata = super()._repr_mimebundle_(**kwargs)
            return {**data, "text/plain": repr(self)}, metadata
        image = base64.b64encode(self.picture()).decode() if self.frames else ""
        return {"text/plain": repr(self), **({"image/png": image} if image else {})}, {}


def _told(number: int, frame: Frame) -> list[str]:
    """Un fotograma en texto: su pie y, si pregunta algo, la pregunta con sus opciones."""
    lines = [f"{number}. {frame.caption}"]
    if frame.ask:
        lines.append(f"   ¿? {frame.ask.question}")
        lines += [f"      {letter}) {option[0]}" for letter, option in zip("abcdefgh", frame.ask.options, strict=False)]
    return lines
