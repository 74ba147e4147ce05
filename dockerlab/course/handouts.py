"""Las hojas para imprimir, de sus textos Markdown: `python -m dockerlab.course.handouts notebooks`.

`chuleta.md` y `glosario.md` se convierten en páginas HTML con su hoja de estilo
dentro: se imprimen desde el navegador, sin red.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

SHEETS = {"chuleta": "A4 landscape", "glosario": "A4 portrait"}   # qué hojas hay, y en qué papel
FOLDER = "imprimir"
STYLE = """
@page {{ size: {paper}; margin: 9mm 10mm; }}
:root {{ --ink: #17202c; --muted: #526073; --line: #d3dbe6; --panel: #f6f8fb; --accent: #0a5bb0; color-scheme: light; }}
body {{ margin: 0 auto; padding: 1.2em; max-width: {wide}; background: #fff; color: var(--ink);
  font: {size}/1.32 "Segoe UI", "Helvetica Neue", "DejaVu Sans", system-ui, sans-serif; }}
h1 {{ font-size: 1.7em; color: var(--accent); margin: 0 0 .2em; letter-spacing: -.01em; }}
main {{ columns: {columns}; column-gap: 1.7em; margin-top: .8em; }}
section {{ break-inside: avoid; margin: 0 0 .7em; }}
h2 {{ font-size: 1.08em; color: var(--accent); margin: 0 0 .2em; border-bottom: 1.5px solid var(--accent); }}
p {{ margin: .2em 0 .35em; }} a {{ color: inherit; text-decoration: none; }} em {{ color: var(--muted); }}
table {{ border-collapse: collapse; width: 100%; margin: 0 0 .4em; }}
th, td {{ text-align: left; vertical-align: top; padding: .14em .5em .14em 0; border-bottom: 1px solid var(--line); }}
thead th {{ color: var(--muted); font-weight: 600; font-size: .88em; }}
td:first-child {{ width: 1%; white-space: nowrap; padding-right: 1em; }}
code {{ font: .9em "DejaVu Sans Mono", ui-monospace, Consolas, monospace; }}
pre {{ background: var(--panel); border-left: 3px solid var(--accent); padding: .4em .6em; margin: .2em 0 .4em;
  white-space: pre-wrap; font-size: .93em; }} .anchor-link {{ display: none; }}
@media (max-width: 900px) {{ main {{ columns: 1; }} }}
@media print {{ body {{ padding: 0; max-width: none; }} main {{ columns: {columns}; }} }}
"""
LOOKS = {"A4 landscape": {"columns": 3, "size": "11px", "wide": "1120px"},
         "A4 portrait": {"columns": 3, "size": "11px", "wide": "860px"}}


def sheet(text: str, paper: str) -> str:
    """El texto Markdown como página para imprimir: cada apartado, en un bloque que no se parte."""
    from nbconvert.filters import markdown2html
    head, *parts = re.split(r"(?m)^(?=## )", text)
    title = re.search(r"(?m)^# (.+)$", head)[1]
    body = "\n".join(f"<section>{markdown2html(part)}</section>" for part in parts)
    style = STYLE.format(paper=paper, **LOOKS[paper])
    return ('<!DOCTYPE html>\n<html lang="es"><head><meta charset="utf-8"><meta name="viewport" '
            f'content="width=device-width">\n<title>{title}</title><style>{style}</style></head>\n<body>'
            f"<header>{markdown2html(head)}</header>\n<main>\n{body}\n</main></body></html>\n")


def sheets(folder: Path) -> Iterator[tuple[Path, str]]:
    """(dónde va, su texto) de cada hoja del curso."""
    for name, paper in SHEETS.items():
        yield folder / FOLDER / f"{name}.html", sheet((folder / f"{name}.md").read_text(encoding="utf-8"), paper)


def main(arguments: list[str]) -> int:
    """Escribe las hojas de la carpeta `arguments[0]`."""
    for path, text in sheets(Path(arguments[0])):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
