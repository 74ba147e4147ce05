"""Las imágenes del README, hechas con un motor y un navegador de verdad.

    python -m tests.screenshots

Construye la aplicación del curso, la pone en marcha y guarda en
`notebooks/imagenes/portada.png` la construcción, en claro, junto al mapa, en oscuro.
En `taller.png`, un reto a medio resolver.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from PIL import Image

from dockerlab.course import challenges, rooms
from dockerlab.engine import Engine
from dockerlab.scenes import build
from dockerlab.scenes import map as engine_map
from dockerlab.scenes.scene import Film
from dockerlab.widgets.page import page
from tests.browser import browser
from tests.extras import ROOT
from tests.widgets.alive import Alive

COVER = ROOT / "notebooks" / "imagenes" / "portada.png"
WORKSHOP = COVER.with_name("taller.png")
CHALLENGE = "05-nombre-ocupado"
STEP = "RUN npm install"


def films() -> tuple[tuple[Film, int, str], ...]:
    """Las dos películas de la portada: (película, fotograma, tema)."""
    from dockerlab.client import Docker
    engine = Engine()
    app = str(ROOT / "notebooks" / "app")
    construction = build.film(engine.build(app, tags=["my-image"]), "Construcción de my-image")
    engine.pull("nginx")
    docker = Docker(engine)
    docker.containers.run("my-image", detach=True, name="my-container", volumes=["datos:/app/datos"])
    docker.containers.run("my-image", detach=True, name="otro")
    docker.containers.run("nginx", detach=True, name="web")
    lit = max(index for index, frame in enumerate(construction.frames) if frame.mark == STEP)
    return (construction, lit, "light"), (engine_map.film([engine.view()], "Imágenes y contenedores"), 0, "dark")


def shoot() -> bytes:
    """Las dos capturas, una sobre otra, en un PNG."""
    pictures = []
    with tempfile.TemporaryDirectory() as folder, browser() as window:
        for index, (film, at, theme) in enumerate(films()):
            path = Path(folder, f"{index}.html")
            path.write_text(page(film, theme, index=at), encoding="utf-8")
            view = window.new_page(viewport={"width": 960, "height": 800}, device_scale_factor=2)
            view.goto(path.as_uri())
            view.wait_for_selector(".dl[data-settled=true]")
            pictures.append(Image.open(io.BytesIO(view.locator(".dl").screenshot())).convert("RGB"))
            view.close()
    wide, high = max(p.width for p in pictures), sum(p.height for p in pictures) + 24 * (len(pictures) - 1)
    cover = Image.new("RGB", (wide, high), "white")
    top = 0
    for picture in pictures:
        cover.paste(picture, (0, top))
        top += picture.height + 24
    result = io.BytesIO()
    cover.quantize(192, dither=Image.Dither.NONE).save(result, "PNG", optimize=True)
    return result.getvalue()


def workshop() -> bytes:
    """El taller de un reto, con unas órdenes ya dadas."""
    made = rooms.of(challenges.find(CHALLENGE))
    with tempfile.TemporaryDirectory() as folder, browser() as window:
        shop = Alive(window, made, Path(folder), width=1240, height=820, device_scale_factor=2)
        for line in ("docker ps", "docker ps -a --format '{{.Names}}: {{.Status}}'", "docker rm nada"):
            shop.type(line)
        shop.page.evaluate("document.activeElement.blur()")
        picture = Image.open(io.BytesIO(shop.page.locator(".tw").screenshot())).convert("RGB")
        shop.close()
    result = io.BytesIO()
    picture.quantize(128, dither=Image.Dither.NONE).save(result, "PNG", optimize=True)
    return result.getvalue()


if __name__ == "__main__":
    COVER.parent.mkdir(parents=True, exist_ok=True)
    COVER.write_bytes(shoot())
    WORKSHOP.write_bytes(workshop())
    for path in (COVER, WORKSHOP):
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB")
