"""Los patrones de `${x#p}`, `${x%p}` y `${x/p/r}`: `*` y `?`, sin más magia.

El patrón se parte por sus `*` en tramos de longitud fija, y se busca un tramo
tras otro: nunca hay que volver atrás, así que no hay patrón que tarde de más.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dockerlab.errors import fault


@dataclass(frozen=True, slots=True)
class Glob:
    """Un patrón ya partido: `segments` son los tramos que hay entre un `*` y el siguiente."""

    segments: tuple[re.Pattern[str], ...]

    def match(self, text: str, start: int, greedy: bool) -> int | None:
        """Dónde acaba el patrón si empieza justo en `start`; la más larga o la más corta."""
        first, *rest = self.segments
        found = first.match(text, start)
        return self._follow(text, found.end(), rest, greedy)[0] if found else None

    def search(self, text: str, start: int) -> tuple[int, int] | None:
        """El primer sitio desde `start` donde cabe el patrón, lo más largo posible: (inicio, fin)."""
        first, *rest = self.segments
        while start <= len(text) and (found := first.search(text, start)) is not None:
            end, line_end = self._follow(text, found.end(), rest, greedy=True)
            if end is not None:
                return found.start(), end
            start = line_end + 1
        return None

    @staticmethod
    def _follow(text: str, end: int, rest: list[re.Pattern[str]], greedy: bool) -> tuple[int | None, int]:
        """Busca los demás tramos desde `end`: dónde acaban, y hasta dónde se miró.

        Un `*` no pasa de una línea a otra, y si un tramo no está en lo que queda
        de línea, tampoco lo estará empezando más tarde en ella.
        """
        for index, segment in enumerate(rest, 1):
            line_end = text.find("\n", end)
            line_end = len(text) if line_end < 0 else line_end
            found = segment.search(text, end)
            if found is None or found.start() > line_end:
                return None, line_end
            if greedy and index == len(rest):
                found = re.compile("(?:.*)" + segment.pattern).match(text, end) or found
            end = found.end()
        return end, end


def compile_glob(pattern: str) -> Glob:
    """Lee el patrón; `\\*`, `\\?` y `\\\\` son esos caracteres, y `\\/` y `\\}` valen sin la barra.

    `DockerfileError` si la barra va delante de otra cosa.
    """
    segments, chars = [""], iter(pattern)
    for char in chars:
        if char == "*":
            segments.append("")
        elif char == "?":
            segments[-1] += "."
        elif char == "\\":
            follower = next(chars, "�")
            if follower not in "}/*?\\":
                raise fault("word-bad-escape", pattern=pattern, char=follower)
            segments[-1] += re.escape(follower)
        else:
            segments[-1] += re.escape(char)
    return Glob(tuple(map(re.compile, segments)))


def strip_prefix(value: str, pattern: str, greedy: bool) -> str:
    """`value` sin el principio que casa con el patrón: lo más corto, o lo más largo si `greedy`."""
    end = compile_glob(pattern).match(value, 0, greedy)
    return value if end is None else value[end:]


def strip_suffix(value: str, pattern: str, greedy: bool) -> str:
    """`value` sin el final que casa: el mismo problema, leído del revés."""
    return strip_prefix(value[::-1], _mirror(pattern), greedy)[::-1]


def _mirror(pattern: str) -> str:
    """El patrón del revés, sin separar cada barra del carácter que protege."""
    return "".join(reversed(re.findall(r"\\.|.", pattern, re.DOTALL)))


def substitute(value: str, pattern: str, replacement: str, everywhere: bool) -> str:
    """Cambia lo que casa con `pattern` por `replacement`: una vez, o todas."""
    glob = compile_glob(pattern)
    if not everywhere:
        found = glob.search(value, 0)
        return value if found is None else value[:found[0]] + replacement + value[found[1]:]
    pieces, position, copied = [], 0, 0
    while position <= len(value) and (found := glob.search(value, position)) is not None:
        start, end = found
        if end > start or start > copied or not pieces:
            pieces += value[copied:start], _template(replacement, value[start:end])
            copied = end
        position = end + (end == start)
    return "".join(pieces) + value[copied:]


def _template(replacement: str, whole: str) -> str:
    """Docker real: al cambiar todas, `$0` es lo encontrado y `$$` un dólar (Go, `regexp.Expand`)."""
    def expand(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        return "$" if match[0] == "$$" else whole if name == "0" else ""
    return re.sub(r"\$(?:\$|(\w+)|\{(\w+)\})", expand, replacement)
