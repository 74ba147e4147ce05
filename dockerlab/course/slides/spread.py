"""Lo que no cabe en una diapositiva, repartido en varias o puesto en dos columnas.

Un cuestionario se parte entre pregunta y pregunta; una comparación con Docker, entre orden y orden; lo que
imprimió una celda, entre renglón y renglón. Las medidas van en renglones de texto de una diapositiva.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

FULL = 17.5            # lo que cabe en una pieza, con sitio para el título
COLUMN = 54            # letras de un renglón cuando el texto va en dos columnas
WIDE = 106             # letras de un renglón de lo que imprime una orden
PRINTED = 0.78         # lo que ocupa un renglón impreso
HALF = 56              # letras de un renglón en cada lado de una comparación
QUESTION = re.compile(r"(?=<div style='margin:\.6em 0'><p style='margin:\.3em 0'>\d+\. )")
ORDER = re.compile(r"(?=<tr><th colspan='2')")
LISTING = re.compile(r"<b><code>[^<]*</code></b><pre><code>(.*?)</code></pre>", re.S)
HIDDEN = re.compile(r"</summary>.*?</details>", re.S)
Piece = tuple[Any, float]      # una salida y los renglones que ocupa


def spread(cell: Any) -> list[Any]:
    """La celda o, si lo que enseña no cabe en una diapositiva, las celdas entre las que se reparte."""
    if cell.cell_type != "code":
        return [cell]
    outputs = [pieces(output) or [(output, plainly(output))] for output in cell.outputs]
    room = sum(room for parts in outputs for _, room in parts)
    if all(len(parts) == 1 and parts[0][0] is output for parts, output in zip(outputs, cell.outputs, strict=True)) \
            and room + coded(cell) <= FULL + 2:
        return [cell]
    return list(cells(cell, [part for parts in outputs for part in parts]))


def coded(cell: Any) -> float:
    """Lo que ocupa el código de la celda."""
    return 1.5 + PRINTED * wrapped(cell.source, WIDE)


def plainly(output: Any) -> float:
    """Lo que ocupa una salida que no se parte: una nota o unos renglones; un dibujo cuenta por poco."""
    data = output.get("data", {})
    if "role='note'" in data.get("text/html", ""):
        return 1 + 0.98 * wrapped(data.get("text/plain", ""), 92)
    return 1 if "image/png" in data or "<iframe" in data.get("text/html", "") else \
        0.5 + PRINTED * wrapped(output.get("text") or data.get("text/plain", ""), WIDE)


def cells(cell: Any, parts: Iterable[Piece]) -> Iterator[Any]:
    """Las celdas que hacen falta para esos trozos, en su orden; la primera conserva el código."""
    from nbformat.v4 import new_code_cell
    now, used = cell, coded(cell)
    cell.outputs = []
    for part, room in parts:
        if used + room > FULL + 2 and now.outputs:
            yield now
            now, used = new_code_cell("", metadata={"solo_salida": True, "tags": []}), 0.0
        now.outputs.append(part)
        used += room
        now.metadata["renglones"] = used
    yield now


def pieces(output: Any) -> list[Piece]:
    """Los trozos de una salida que no cabe, con lo que ocupa cada uno; nada si cabe o no se puede partir."""
    markup = output.get("data", {}).get("text/html", "")
    if "<iframe" in markup or "image/png" in output.get("data", {}):
        return []
    if markup.startswith("<table") and ORDER.search(markup):
        return split(markup, ORDER, "</tbody></table>", compared)
    if QUESTION.search(markup):
        return split(markup, QUESTION, "</div>", asked)
    text = output.get("text") or (html.unescape(found[1]) if (found := LISTING.fullmatch(markup)) else "")
    return printed(text, found[0][:found.start(1)] if markup and found else "")


def split(markup: str, boundary: re.Pattern[str], close: str, measure: Callable[[str], float]) -> list[Piece]:
    """El HTML, partido por `boundary` y repartido por igual; cada trozo lleva la cabecera y su cierre."""
    head, *parts = boundary.split(markup)
    *_, tail = parts[-1].rpartition(close)
    parts[-1] = parts[-1].removesuffix(close + tail)
    rooms = [measure(part) for part in parts]
    rooms[-1] += 1.1 * wrapped(plain(tail), 92)
    groups = shared(list(zip(parts, rooms, strict=True)), FULL - 1.5)
    return [(display(head + "".join(group) + close + (tail if group is groups[-1][0] else "")), room + 1.5)
            for group, room in groups] if len(groups) > 1 else []


def shared(parts: list[tuple[str, float]], limit: float) -> list[tuple[list[str], float]]:
    """Los trozos en tantos grupos como hagan falta, parecidos entre sí, y lo que ocupa cada grupo."""
    total = sum(room for _, room in parts)
    even = total / max(1, -(-total // limit))
    groups: list[tuple[list[str], float]] = []
    for part, room in parts:
        now, used = groups[-1] if groups else ([], limit)
        if used + room > limit or used + room / 2 > even:
            now, used = [], 0.0
            groups.append((now, used))
        now.append(part)
        groups[-1] = (now, used + room)
    return groups


def compared(rows: str) -> float:
    """Lo que ocupa una orden y lo que contestaron los dos motores."""
    answers = [wrapped(plain(answer), HALF) for answer in re.findall(r"<pre[^>]*>(.*?)</pre>", rows, re.S)]
    return 2 + 0.68 * max(answers, default=0)


def asked(question: str) -> float:
    """Lo que ocupa una pregunta con sus opciones, sin abrir las razones."""
    seen = plain(re.sub(r"</(?:p|div|summary|li)>|<br>", "\n", HIDDEN.sub("\n", question)))
    return 0.6 + 0.98 * wrapped(seen, 92)


def printed(text: str, head: str = "") -> list[Piece]:
    """Lo impreso: en dos columnas, si así cabe; si no, por trozos. `head`: el HTML que lleva delante."""
    lines = text.rstrip("\n").split("\n")
    if wrapped(text, WIDE) * PRINTED <= FULL - 2:
        return []
    end = "</code></pre>" if head else "</pre>"
    if max(map(len, lines)) <= COLUMN and len(lines) * PRINTED / 2 <= FULL:
        body = head.replace("<pre>", "<pre class='columnas'>") or "<pre class='columnas'>"
        return [(display(body + html.escape(text.rstrip("\n")) + end), len(lines) * PRINTED / 2 + 2)]
    groups = shared([(line, max(1, wrapped(line, WIDE)) * PRINTED) for line in lines], FULL - 3)
    return [(display((head or "<pre>") + html.escape("\n".join(group)) + end), room + 1.5) for group, room in groups]


def wrapped(text: str, columns: int) -> int:
    """Los renglones de un texto cuando en cada uno caben `columns` letras."""
    return sum(max(1, -(-len(line.rstrip()) // columns)) for line in text.strip("\n").split("\n") if text.strip())


def plain(markup: str) -> str:
    """El texto de un HTML, sin renglones en blanco."""
    bare = html.unescape(re.sub(r"<[^>]+>", "", markup))
    return "\n".join(line for line in bare.split("\n") if line.strip())


def display(markup: str) -> Any:
    """Una salida que enseña ese HTML."""
    from nbformat.v4 import new_output
    return new_output("display_data", {"text/html": markup})
