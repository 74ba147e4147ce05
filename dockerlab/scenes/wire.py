"""Cómo viaja una película al navegador: por diferencias y comprimida.

El primer fotograma va entero; de los demás, solo lo que cambia. Cada envío es
JSON comprimido (zlib) y escrito en base64, que todo navegador sabe abrir.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence
from typing import Any

from .primitives import LETTERS, Element, walk
from .scene import Drawing, Frame


def pack(frames: Sequence[Frame], before: Frame | None = None) -> str:
    """Los fotogramas que siguen a `before`, listos para enviar."""
    text = json.dumps(differences(frames, before), ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def differences(frames: Sequence[Frame], before: Frame | None = None) -> list[dict[str, Any]]:
    """Los fotogramas como diferencias.

    c pie, m capítulo, d descripción, v los dos dibujos (ancho y estrecho) y, si pregunta algo, q.
    """
    result = []
    for frame in frames:
        result.append({"c": frame.caption, "m": frame.mark, "d": frame.description,
                       "v": [difference(before and before.wide, frame.wide),
                             difference(before and before.narrow, frame.narrow)],
                       **({"q": [frame.ask.question, frame.ask.options]} if frame.ask else {})})
        before = frame
    return result


def difference(before: Drawing | None, after: Drawing) -> dict[str, Any]:
    """Lo que cambia de un dibujo al siguiente.

    h: alto; r: claves que se van; s: por cada clave, su figura entera si es nueva
    (con «a», la hermana tras la que entra, si no es la última) o los campos que
    cambian; o: el orden entero, cuando con eso no basta.
    """
    old, new = entries(before), entries(after)
    result: dict[str, Any] = {} if before and before.height == after.height else {"h": round(after.height)}
    if gone := [key for key in old if key not in new]:
        result["r"] = gone
    places, enough = arrange(old, new)
    changed: dict[str, dict[str, Any]] = {}
    for key, entry in new.items():
        if key not in old:
            changed[key] = entry | ({"a": places[key]} if key in places else {})
        elif fields := {name: value for name, value in entry.items() if value != old[key][name]}:
            changed[key] = fields
    if changed:
        result["s"] = changed
    if not enough:
        result["o"] = list(new)
    return result


def entries(drawing: Drawing | None) -> dict[str, dict[str, Any]]:
    """Las figuras de un dibujo como datos, por clave y en orden de pintado."""
    return {} if drawing is None else {e.key: _entry(e, parent) for e, parent, _ in walk(drawing.elements)}


def _entry(element: Element, parent: str) -> dict[str, Any]:
    """k clase, p grupo, c estilo, s lo que no se anima, n los números que se animan, e desde dónde entra."""
    return {"k": LETTERS[type(element)], "p": parent, "c": element.style.replace(".", "-"), "s": element.data,
            "n": [_short(value) for value in element.numbers],
            "e": [round(value) for value in element.enter or ()]}


def _short(value: float) -> float | int:
    value = round(value, 1)
    return int(value) if value == int(value) else value


def arrange(old: dict[str, Any], new: dict[str, Any]) -> tuple[dict[str, str], bool]:
    """Detrás de qué hermana entra cada figura que no va al final de su grupo, y si con eso basta.

    Solo importa el orden entre hermanas: las de grupos distintos no se tapan.
    """
    if any(key in old and old[key]["p"] != entry["p"] for key, entry in new.items()):
        return {}, False      # algo ha cambiado de grupo
    places: dict[str, str] = {}
    was, enough = siblings(old), True
    for group, keys in siblings(new).items():
        order = [key for key in was.get(group, ()) if key in new and new[key]["p"] == group]
        previous = ""
        for key in keys:
            if key not in old:
                if order and previous != order[-1]:
                    places[key] = previous
                order.insert(order.index(previous) + 1 if previous else 0, key)
            previous = key
        enough = enough and order == keys
    return places, enough


def siblings(found: dict[str, Any]) -> dict[str, list[str]]:
    """Las claves de cada grupo, en orden."""
    groups: dict[str, list[str]] = {}
    for key, entry in found.items():
        groups.setdefault(entry["p"], []).append(key)
    return groups
