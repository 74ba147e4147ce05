"""Lo que tarda el reproductor: cada fotograma, un botón y veinte reproductores en una página.

    python -m bench.player

Imprime milisegundos (p50 y p95). Hace falta Chromium.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import quantiles
from typing import Any

from dockerlab.scenes import wire
from dockerlab.scenes.primitives import Box
from dockerlab.scenes.scene import Drawing, Film, Frame
from dockerlab.widgets.page import page
from tests.browser import browser
from tests.scenes.films import film

PLAY = """async (speed) => { const root = document.querySelector(".dl"), times = [];
  document.querySelector(".dl-speed").value = speed; document.querySelector(".dl-play").click();
  let last = performance.now();
  for (let i = 0; i < 240; i++) {
    const now = await new Promise(requestAnimationFrame); times.push(now - last); last = now; }
  return times.slice(5); }"""
STEP = """async () => { const times = [];
  for (let i = 0; i < 12; i++) { const svg = document.querySelector(".dl-svg"), start = performance.now();
    const changed = new Promise((done) => { const watch = new MutationObserver(() => { watch.disconnect(); done(); });
      watch.observe(svg, { subtree: true, childList: true, attributes: true }); });
    document.querySelector(".dl-next").click(); await changed; times.push(performance.now() - start);
    await new Promise((done) => setTimeout(done, 760)); }
  return times; }"""


def crowd(moving: int = 300) -> Film:
    """Dos fotogramas con `moving` cajas que se mueven todas a la vez."""

    def drawing(width: int, shift: int) -> Drawing:
        boxes = tuple(
            Box(f"b{i}", (i * 37 + shift * 211) % (width - 20), (i * 53 + shift * 97) % 380, 16, 12, "layer")
            for i in range(moving)
        )
        return Drawing(width, 400, boxes)

    return Film(
        "Trescientas cajas", tuple(Frame(drawing(880, i), drawing(400, i), f"Vuelta {i}.") for i in range(12))
    )


def report(name: str, times: list[float]) -> None:
    """Una línea con la mediana y el percentil 95."""
    cuts = quantiles(times, n=20)
    print(f"{name:48} p50 {cuts[9]:6.1f} ms   p95 {cuts[18]:6.1f} ms")


def open_page(window: Any, folder: Path, made: Film) -> Any:
    """Una página con la película, ya pintada."""
    path = folder / "player.html"
    path.write_text(page(made), encoding="utf-8")
    view = window.new_page(viewport={"width": 1100, "height": 900})
    view.goto(path.as_uri())
    view.wait_for_selector(".dl[data-settled=true]")
    return view


def main() -> None:
    """Mide y escribe."""
    with tempfile.TemporaryDirectory() as name, browser() as window:
        folder = Path(name)
        for title, made in (
            ("construcción de cuarenta fotogramas", film("construcción de cuarenta fotogramas")),
            ("trescientas cajas en movimiento", crowd()),
        ):
            view = open_page(window, folder, made)
            print(f"{title}: {len(wire.pack(made.frames)) / 1000:.1f} kB")
            report("  de un fotograma al siguiente", view.evaluate(PLAY, "4"))
            view.close()
        view = open_page(window, folder, film("construcción de cuarenta fotogramas"))
        report("  de pulsar un botón al primer cambio", view.evaluate(STEP))
        view.close()
        single = page(film("construcción del curso"))
        body = single.replace(
            'player.render({ model, el: document.getElementById("player") });',
            """
const began = performance.now();
for (let i = 0; i < 20; i++) player.render({ model, el: document.getElementById("player") });
const painted = () => document.querySelectorAll(".dl[data-settled]").length === 20;
const done = () => painted() ? window.twenty = performance.now() - began : setTimeout(done, 5);
done();""",
        )
        (folder / "veinte.html").write_text(body, encoding="utf-8")
        view = window.new_page()
        view.goto((folder / "veinte.html").as_uri())
        view.wait_for_function("window.twenty")
        print(f"veinte reproductores en una página: {view.evaluate('window.twenty'):.0f} ms")


if __name__ == "__main__":
    main()
