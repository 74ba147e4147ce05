"""Un widget en una página suelta con su Python detrás: lo que hay en un notebook, sin notebook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dockerlab.widgets.page import page_of
from tests.browser import listen

QUIET = ("_packs", "_screen", "_goal")   # lo que viaja en mensajes
CONNECT = """async () => {
  const deliver = (out) => { for (const [kind, a, b] of out) kind === "message" ? model.receive(a) : model.set(a, b); };
  const early = sent.splice(0);
  window.waiting = 0;
  model.send = async (message) => { waiting++; deliver(await window.python(message)); waiting--; };
  for (const message of early) await model.send(message);
}"""


class Alive:
    """`widget` abierto en `window`; `page` es la página y `troubles`, los errores que haya habido en ella."""

    def __init__(self, window: Any, widget: Any, folder: Path, theme: str = "light", width: int = 1400,
                 height: int = 900, **context: Any):
        self.widget = widget
        self.page = window.new_page(viewport={"width": width, "height": height}, **context)
        self.troubles = listen(self.page)
        self.outgoing: list[list[Any]] = []
        path = folder / "taller.html"
        path.write_text(page_of(widget, theme), encoding="utf-8")
        widget.send = lambda message, buffers=None: self.outgoing.append(["message", message])
        widget.observe(lambda change: self.outgoing.append(["set", change["name"], change["new"]]),
                       names=[name for name in widget.shown if name not in QUIET])
        self.page.expose_function("python", self.receive)
        self.page.goto(path.as_uri())
        self.page.wait_for_function("window.painted")
        self.page.evaluate(CONNECT)

    def receive(self, message: dict[str, Any]) -> Any:
        """Un mensaje del navegador: lo que se le contesta."""
        self.widget._receive(self.widget, message, [])
        answer, self.outgoing = self.outgoing, []
        return json.loads(json.dumps(answer))

    def type(self, text: str) -> None:
        """Teclea una línea en el terminal (o pega varias) y espera a que todo se quede quieto."""
        self.page.focus(".tw-input")
        if "\n" in text:
            self.page.evaluate("""(text) => { const data = new DataTransfer(); data.setData("text", text);
                document.activeElement.dispatchEvent(new ClipboardEvent("paste", {
                  clipboardData: data, bubbles: true, cancelable: true})); }""", text)
        else:
            self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Enter")
        self.settle()

    def settle(self) -> None:
        """Espera a que no quede nada por contestar ni por mover."""
        self.page.wait_for_function("window.waiting === 0")
        self.page.wait_for_timeout(30)
        self.page.wait_for_selector(".dl[data-settled=true]")

    def close(self) -> None:
        """Cierra la página y el widget."""
        self.page.close()
        self.widget.close()
