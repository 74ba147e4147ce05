"""Lo que tarda el taller: de pulsar Intro al primer cambio del dibujo, y veinte talleres en una página.

    python -m bench.workshop

Imprime milisegundos (p50 y p95). Hace falta Chromium. El motor es el de verdad;
entre la página y él no hay un JupyterLab, sino una llamada.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from bench.player import report
from dockerlab.engine import Engine
from dockerlab.widgets.page import page_of
from dockerlab.widgets.workshop import Workshop
from tests.browser import browser
from tests.widgets.alive import Alive

FRAME = """(line) => new Promise((done) => { const input = document.querySelector(".tw-input");
  const svg = document.querySelector(".tw-now .dl-svg"), start = performance.now();
  const watch = new MutationObserver(() => { watch.disconnect(); done(performance.now() - start); });
  watch.observe(svg, { subtree: true, childList: true, attributes: true });
  input.value = line;
  input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true })); })"""
TWENTY = """
const began = performance.now();
for (let i = 0; i < 20; i++) player.render({ model, el: document.getElementById("player") });
const painted = () => document.querySelectorAll(".tw .dl[data-settled]").length === 20;
const done = () => painted() ? window.twenty = performance.now() - began : setTimeout(done, 5);
done();"""
ONE = 'player.render({ model, el: document.getElementById("player") });'
ORDERS = ("docker run -d --name n{0} nginx", "docker stop n{0}", "docker start n{0}", "docker pause n{0}",
          "docker unpause n{0}", "docker rm -f n{0}")


def latency(shop: Any, rounds: int = 6) -> list[float]:
    """Milisegundos de cada orden, con la primera de calentamiento."""
    shop.type("docker run -d --name primero nginx")
    times = []
    for number in range(rounds):
        for order in ORDERS:
            times.append(shop.page.evaluate(FRAME, order.format(number)))
            shop.settle()
    return times


def main() -> None:
    """Mide y escribe."""
    with tempfile.TemporaryDirectory() as name, browser() as window:
        folder = Path(name)
        shop = Alive(window, Workshop(Engine(folder=name), folder / "practica"), folder)
        report("de pulsar Intro al primer cambio del dibujo", latency(shop))
        single = page_of(shop.widget)
        shop.close()
        assert ONE in single
        (folder / "veinte.html").write_text(single.replace(ONE, TWENTY), encoding="utf-8")
        view = window.new_page()
        view.goto((folder / "veinte.html").as_uri())
        view.wait_for_function("window.twenty")
        frames = len(shop.widget.frames)
        print(f"veinte talleres de {frames} fotogramas en una página: {view.evaluate('window.twenty'):.0f} ms")


if __name__ == "__main__":
    main()
