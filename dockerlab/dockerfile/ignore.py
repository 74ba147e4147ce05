"""`.dockerignore`: qué se queda fuera del contexto de construcción.

Las reglas se leen en orden y la última que casa, manda; «!» devuelve lo que otra
quitó. Una regla que casa con una carpeta casa con todo lo que cuelga de ella.
Fuente: Docker docs, *.dockerignore files*; `*` y `?` no pasan de una carpeta a
otra y `**` sí.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass, field

from dockerlab.errors import fault

from .golang import SPACE
from .ignore_pattern import Pattern, check_syntax


def clean(path: str) -> str:
    """La ruta más corta que significa lo mismo: `a//b/../c/` → `a/c`."""
    path = posixpath.normpath(path)
    return path[1:] if path.startswith("//") else path


def parse(text: str | bytes) -> tuple[str, ...]:
    """Las reglas de un archivo: sin comentarios ni líneas vacías, limpias y sin la barra inicial."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    rules = []
    for line in text.removeprefix("\ufeff").split("\n"):
        if line.startswith("#") or not (rule := line.strip(SPACE)):
            continue
        mark = "!" if rule.startswith("!") else ""
        if rule := rule[len(mark):].strip(SPACE):
            rule = clean(rule)
            rule = rule[1:] if len(rule) > 1 and rule.startswith("/") else rule
        rules.append(mark + rule)
    return tuple(rules)


@dataclass(frozen=True, slots=True)
class Ignore:
    """Unas reglas listas para usarse.

    >>> reglas = Ignore.of(("node_modules", "**/*.log", "!importante.log"))
    >>> reglas.matches("node_modules/a.js"), reglas.matches("b/c.log"), reglas.matches("importante.log")
    (True, True, False)
    """

    patterns: tuple[Pattern, ...] = ()
    # Qué reglas casan con cada carpeta ya mirada: lo de dentro no vuelve a empezar.
    _known: dict[str, int] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def read(cls, text: str | bytes) -> Ignore:
        """Las reglas de un archivo `.dockerignore`. `DockerfileError` si una está mal escrita."""
        return cls.of(parse(text))

    @classmethod
    def of(cls, rules: Iterable[str]) -> Ignore:
        """Las reglas dadas como lista. `DockerfileError` si una está mal escrita."""
        patterns = []
        for rule in rules:
            rule = rule.strip(SPACE)
            if not rule:
                continue
            rule = clean(rule)
            if rule == "!":
                raise fault("ignore-exclamation")
            exception = rule.startswith("!")
            rule = rule[1:] if exception else rule
            check_syntax(rule)
            patterns.append(Pattern(rule, exception))
        return cls(tuple(patterns))

    @property
    def has_exceptions(self) -> bool:
        """Si alguna regla empieza por «!»."""
        return any(pattern.exception for pattern in self.patterns)

    @property
    def matches_everything(self) -> bool:
        """Si alguna regla quita la raíz entera (`*`, `**` o `**/*`)."""
        return any(pattern.text in ("*", "**", "**/*") and not pattern.exception for pattern in self.patterns)

    def matches(self, path: str) -> bool:
        """Si `path` (desde la raíz del contexto) se queda fuera."""
        path = clean(path)
        return path != "." and self._decide(self._hits(path))

    def keep(self, paths: Iterable[str]) -> set[str]:
        """Las rutas que viajan: las que no se quedan fuera y las carpetas por las que se llega a ellas."""
        paths = set(paths)
        kept = {path for path in paths if not self.matches(path)}
        for path in tuple(kept):
            while (path := path.rpartition("/")[0]) and path not in kept:
                kept.add(path)
        return kept & paths

    def _decide(self, hits: int) -> bool:
        """La última regla que cuenta, manda. Una excepción solo cuenta si algo estaba fuera, y al revés."""
        out = False
        for index, pattern in enumerate(self.patterns):
            if hits >> index & 1 and pattern.exception == out:
                out = not pattern.exception
        return out

    def _hits(self, path: str) -> int:
        """Qué reglas casan con la ruta o con alguna de las carpetas de que cuelga: un bit por regla."""
        parent = path.rpartition("/")[0]
        if not parent:
            hits = 0
        elif (found := self._known.get(parent)) is None:
            hits = 0
            start = 0
            while (slash := path.find("/", start)) >= 0:
                hits = self._with(path[:slash], hits)
                start = slash + 1
            self._known[parent] = hits
        else:
            hits = found
        return self._with(path, hits)

    def _with(self, path: str, hits: int) -> int:
        for index, pattern in enumerate(self.patterns):
            if not hits >> index & 1 and pattern.matches(path):
                hits |= 1 << index
        return hits
