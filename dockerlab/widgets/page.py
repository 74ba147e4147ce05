"""El mismo reproductor en una página HTML suelta: sin cuaderno, sin servidor y sin red."""

from __future__ import annotations

import json
from html import escape

from ..scenes.scene import Film
from .player import Player

PAGE = """<!DOCTYPE html>
<html lang="es"{theme}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>
:root{{color-scheme:light dark}} body{{margin:0;padding:clamp(6px,2vw,16px);background:{background}}} .dl{{margin:auto}}
h1{{position:absolute;width:1px;height:1px;margin:0;overflow:hidden;clip-path:inset(50%)}}
{css}</style></head><body><main id="player"><h1>{title}</h1></main>
<script type="module">
const state = {state}, listeners = {{}};
const model = {{
  get: (name) => state[name],
  set(name, value) {{ state[name] = value; (listeners["change:" + name] || []).forEach((run) => run()); }},
  on(name, run) {{ (listeners[name] ||= []).push(run); }},
  off(name, run) {{ listeners[name] = (listeners[name] || []).filter((other) => other !== run); }},
  send(message) {{ window.sent.push(message); }},
  save_changes() {{}},
  receive(message) {{ (listeners["msg:custom"] || []).forEach((run) => run(message)); }},
}};
window.sent = []; window.model = model;
const source = new Blob([{script}], {{ type: "text/javascript" }});
const player = (await import(URL.createObjectURL(source))).default();
player.initialize({{ model }});
player.render({{ model, el: document.getElementById("player") }});
window.painted = performance.now();
</script></body></html>
"""


def page(film: Film, theme: str = "", **options: object) -> str:
    """La película como documento HTML; `theme`: «light», «dark» o el del sistema. `options`: los de `Player`."""
    player = Player(film, **options)
    try:
        return page_of(player, theme)
    finally:
        player.close()


def page_of(widget: Player, theme: str = "") -> str:
    """Cualquier widget de la casa como documento HTML, tal como está; los mensajes que envíe van a `window.sent`."""
    state = {name: value for name, value in widget.get_state().items() if name in widget.shown}
    return PAGE.format(title=escape(widget.title), theme=f' data-theme="{theme}"' if theme else "",
                       background={"light": "#ffffff", "dark": "#12161d"}.get(theme, "Canvas"), css=widget._css,
                       state=_inline(state), script=_inline(widget._esm))


def _inline(value: object) -> str:
    """JSON que puede ir dentro de <script>."""
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/").replace("<!--", "<\\!--")
