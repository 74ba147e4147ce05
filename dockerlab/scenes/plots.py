"""Gráficas de tamaños, con matplotlib: por capa, antes y después, lo propio y lo compartido, la memoria en el tiempo.

matplotlib solo se importa al dibujar. Cada función devuelve una `Figure`, que el
cuaderno enseña sola; los colores son los de las escenas y cada barra lleva su número.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from itertools import cycle
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..images import Image
from ..images.explore import sharing
from ..units import bytes_size
from . import palette
from .layers import names, wasted
from .memory import Sample
from .words import size

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Part = tuple[str, Sequence[int], str]   # qué es, bytes de cada barra y color


def layer_sizes(image: Image, title: str = "Lo que pesa cada capa") -> Figure:
    """Una barra por capa, la base abajo: lo que se ve y lo que las de encima taparon."""
    lost = [wasted(image.layers, index) for index in range(len(image.layers))]
    seen = [layer.size - gone for layer, gone in zip(image.layers, lost, strict=True)]
    labels = [f"{number}. {name[:38]}" for number, name in enumerate(names(image), 1)]
    return _bars(labels, [("se ve", seen, "layer-line"), ("tapado", lost, "error")], title)


def comparison(sizes: Mapping[str, int], title: str = "Antes y después") -> Figure:
    """Una barra por nombre: {"antes": bytes, "después": bytes}."""
    return _bars(list(sizes)[::-1], [("", list(sizes.values())[::-1], "layer-line")], title)


def shared_sizes(images: Mapping[str, Image], title: str = "Lo propio y lo compartido") -> Figure:
    """Una barra por imagen: los bytes que solo tiene ella y los que comparte con las demás."""
    rows = sharing(images.values())
    return _bars(list(images), [("compartido", [row.shared for row in rows], "base-line"),
                                ("propio", [row.own for row in rows], "layer-line")], title)


def memory_series(samples: Sequence[Sample], limit: int = 0, title: str = "Memoria en el tiempo") -> Figure:
    """La memoria de un contenedor, medida a medida, con su límite si lo hay."""
    figure, axes = _canvas(3.2, title)
    times = [(sample.time - samples[0].time) / 1e9 for sample in samples]
    axes.plot(times, [limit if sample.oom else sample.used for sample in samples], color=palette.color("accent"),
              marker="o", linewidth=2)
    if limit:
        axes.axhline(limit, color=palette.color("error"), linestyle="--")
        axes.annotate(f"límite: {bytes_size(limit)}", (times[0], limit), xytext=(4, 5), textcoords="offset points",
                      color=palette.color("error"), fontsize=9)
    axes.set_xlabel("segundos")
    axes.set_ylim(0, max(limit, *(sample.used for sample in samples)) * 1.2 or 1)
    axes.yaxis.set_major_formatter(lambda value, _: bytes_size(value))
    return figure


Series = Mapping[str, Sequence[tuple[float, float]]]   # por contenedor, pares (segundo, cuánto)
LINES = (("layer-line", "-", "o"), ("container-line", "--", "s"), ("base-line", "-.", "^"), ("ink", ":", "D"))


def usage(series: Series, limits: Mapping[str, int], killed: Collection[str] = (),
          changes: Mapping[float, str] = MappingProxyType({})) -> Figure:
    """La memoria de cada contenedor en el tiempo, su límite y, si el núcleo lo mató, dónde.

    `changes`: la orden que se dio en cada segundo.
    """
    figure, axes = _canvas(3.4, "Memoria")
    _lines(axes, series, changes)
    for limit in sorted(set(limits.values())):
        axes.axhline(limit, color=palette.color("error"), linestyle="--", linewidth=1)
        axes.annotate(f"límite: {bytes_size(limit)}", (0, limit), xytext=(4, 4), textcoords="offset points",
                      color=palette.color("error"), fontsize=9)
    for name in killed:
        if points := series.get(name):
            axes.annotate("OOM", points[-1], xytext=(6, -14), textcoords="offset points", fontweight="bold",
                          color=palette.color("error"))
    top = max([*limits.values(), *(amount for points in series.values() for _, amount in points)], default=1)
    step = 2 ** math.ceil(math.log2(max(top, 1) / 6))
    axes.set_ylim(0, top * 1.25)
    axes.set_yticks(range(0, int(top * 1.25) + 1, step))
    axes.yaxis.set_major_formatter(lambda value, _: bytes_size(value))
    return figure


def cpu(series: Series, cores: int, changes: Mapping[float, str] = MappingProxyType({})) -> Figure:
    """Los procesadores que ocupa cada contenedor en el tiempo; `cores`: los que hay; `changes`: como en `usage`."""
    figure, axes = _canvas(3.4, "Procesadores ocupados")
    _lines(axes, series, changes)
    axes.axhline(cores, color=palette.color("error"), linestyle="--", linewidth=1)
    axes.annotate(f"todos los que hay: {cores}", (1, cores), xytext=(0, 4), textcoords="offset points", ha="right",
                  xycoords=("axes fraction", "data"), color=palette.color("error"), fontsize=9,
                  bbox={"facecolor": palette.color("canvas"), "edgecolor": "none", "pad": 1})
    axes.set_ylim(0, cores * 1.25)
    return figure


def _lines(axes: Any, series: Series, changes: Mapping[float, str]) -> None:
    """Una línea por nombre, con distinto color, trazo y marca; y una raya por orden, con su número."""
    for number, (moment, line) in enumerate(sorted(changes.items()), 1):
        axes.axvline(moment, color=palette.color("ink"), linewidth=0.8, alpha=0.6)
        axes.annotate(f"{number}", (moment, 1), xytext=(3, -9), textcoords="offset points", fontsize=9,
                      xycoords=("data", "axes fraction"))
        axes.plot([], [], linestyle="none", label=f"{number}. {line.removeprefix('docker ')}")
    for (name, points), (token, dashes, marker) in zip(series.items(), cycle(LINES)):
        times, values = zip(*points, strict=True)
        axes.plot(times, values, color=palette.color(token), linestyle=dashes, marker=marker, markersize=4, label=name)
    axes.set_xlim(left=0)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_xlabel("segundos")
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))


def columns(names: Sequence[str], values: Mapping[str, Sequence[float | None]], wide: int = 3) -> Figure:
    """Una gráfica por cifra, una barra por nombre: {"Pesa (MB)": [918, 175]}; el primero, arriba.

    None es que no llega a pasar: «nunca», y con trama. Resalta la barra que más gana sobre la de encima.
    """
    from matplotlib.figure import Figure
    high = -(-len(values) // wide)
    figure = Figure(figsize=(9, high * (0.75 + 0.3 * len(names))), layout="constrained",
                    facecolor=palette.color("canvas"))
    figure.get_layout_engine().set(hspace=0.08, wspace=0.06)
    grid = figure.subplots(high, min(wide, len(values)), sharey=True, squeeze=False)
    for axes, (title, row) in zip(grid.flat, values.items(), strict=False):
        _column(axes, title, row)
        axes.set_yticks(range(len(names)), names)
    for axes in list(grid.flat)[len(values):]:
        axes.set_visible(False)
    grid[0][0].invert_yaxis()
    return figure


def _column(axes: Any, title: str, row: Sequence[float | None]) -> None:
    most = max([*(value for value in row if value is not None), 1e-9])
    never = 2 * most if None in row else most
    won = _gain([never if value is None else value for value in row])
    for at, value in enumerate(row):
        fill, edge = ("hit", "hit") if at == won else ("layer", "layer-line")
        if value is None:
            axes.barh(at, never, color=palette.color("canvas"), edgecolor=palette.color("edge"), hatch="///")
        else:
            axes.barh(at, value, color=palette.color(fill), edgecolor=palette.color(edge))
        axes.annotate("nunca" if value is None else _short(value), (never if value is None else value, at),
                      xytext=(4, 0), textcoords="offset points", va="center", fontsize=9,
                      color=palette.color("hit" if at == won else "ink"),
                      fontweight="bold" if at == won else "normal")
    axes.set_title(title, loc="left", fontsize=10, fontweight="bold", color=palette.color("ink"))
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.set_xticks([])
    axes.set_xlim(0, never * 1.3)


def _gain(row: Sequence[float]) -> int:
    """La barra que más baja respecto a la anterior, o -1 si ninguna baja."""
    drops = [before - after for before, after in zip(row, row[1:], strict=False)]
    return drops.index(max(drops)) + 1 if drops and max(drops) > 0 else -1


def heat(rows: Sequence[str], columns: Sequence[str], values: Sequence[Sequence[int]], title: str) -> Figure:
    """Una cuadrícula: cuanto más oscura la casilla, mayor su número, que va escrito dentro."""
    from matplotlib.colors import LinearSegmentedColormap, to_hex
    figure, axes = _canvas(1.2 + 0.38 * len(rows), "")
    figure.suptitle(title, x=0.01, ha="left", fontsize=12, fontweight="bold", color=palette.color("ink"))
    most = max([1, *(value for row in values for value in row)])
    shades = LinearSegmentedColormap.from_list("calor", [palette.color("canvas"), palette.color("accent")])
    axes.imshow(values, cmap=shades, vmin=0, vmax=most, aspect="auto")
    axes.set_xticks(range(len(columns)), columns)
    axes.set_yticks(range(len(rows)), rows)
    axes.tick_params(length=0)
    axes.xaxis.tick_top()
    axes.spines[:].set_visible(False)
    axes.set_xticks([at - 0.5 for at in range(1, len(columns))], minor=True)
    axes.set_yticks([at - 0.5 for at in range(1, len(rows))], minor=True)
    axes.grid(which="minor", color=palette.color("line"))
    axes.tick_params(which="minor", length=0)
    for at, row in enumerate(values):
        for place, value in enumerate(row):
            if value:
                behind = to_hex(shades(value / most))
                ink = max(palette.color("ink"), palette.color("canvas"), key=lambda one: palette.contrast(one, behind))
                axes.annotate(str(value), (place, at), ha="center", va="center", fontsize=10, fontweight="bold",
                              color=ink)
    return figure


def _short(value: float) -> str:
    """Una cifra que cabe al final de una barra: «977», «3.7», «5», «< 0.1»."""
    value = round(value, 1) if value >= 0.1 else value
    return f"{value:.0f}" if value >= 10 or value == int(value) else f"{value:.1f}" if value >= 0.1 else "< 0.1"


def _canvas(height: float, title: str) -> tuple[Figure, Any]:
    from matplotlib.figure import Figure
    figure = Figure(figsize=(8, height), layout="constrained", facecolor=palette.color("canvas"))
    axes = figure.add_subplot()
    axes.set_title(title, loc="left", fontsize=12, fontweight="bold", color=palette.color("ink"))
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _bars(labels: Sequence[str], parts: Sequence[Part], title: str) -> Figure:
    """Barras tumbadas, apiladas por partes; al final de cada una, su total."""
    figure, axes = _canvas(1.1 + 0.36 * len(labels), title)
    left = [0] * len(labels)
    for name, values, token in parts:
        axes.barh(labels, values, left=left, color=palette.color(token), label=name or None,
                  hatch="//" if token == "error" else "", edgecolor=palette.color("canvas"))
        left = [start + value for start, value in zip(left, values, strict=True)]
    for row, total in enumerate(left):
        axes.annotate(size(total), (total, row), xytext=(5, 0), textcoords="offset points", va="center", fontsize=9)
    axes.set_xlim(0, max([*left, 1]) * 1.15)
    axes.xaxis.set_major_formatter(lambda value, _: size(int(value)))
    if len(parts) > 1:
        axes.legend(frameon=False, loc="lower right")
    return figure
