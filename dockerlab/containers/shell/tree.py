"""El árbol de un guion: palabras y órdenes, como valores congelados.

La gramática es la de POSIX (*Shell Command Language*) con lo que añaden ash y bash.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from ..codec import saved


@saved
@dataclass(frozen=True, slots=True)
class Text:
    """Texto tal cual. `quoted`: estaba entre comillas, así que ni se parte ni es un patrón."""

    text: str
    quoted: bool = False


@saved
@dataclass(frozen=True, slots=True)
class Parameter:
    """`$x` o `${x...}`. `op`: "", "-", "=", "?", "+" (con `colon`), "#", "##", "%", "%%", "/", "//", ":", "length"."""

    name: str
    op: str = ""
    colon: bool = False
    argument: Word | None = None
    second: Word | None = None
    quoted: bool = False


@saved
@dataclass(frozen=True, slots=True)
class Substitution:
    """`$(orden)`: lo que escribe la orden."""

    body: Node | None
    quoted: bool = False


@saved
@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`$((expresión))`."""

    expression: Word
    quoted: bool = False


@saved
@dataclass(frozen=True, slots=True)
class Word:
    """Una palabra: trozos seguidos. `line`: dónde empieza."""

    parts: tuple[Part, ...]
    line: int = 0

    @property
    def literal(self) -> str | None:
        """Su texto, si es todo texto sin comillas (una palabra reservada, un nombre)."""
        if all(isinstance(part, Text) and not part.quoted for part in self.parts):
            return "".join(part.text for part in self.parts)
        return None


Part: TypeAlias = Text | Parameter | Substitution | Arithmetic


@saved
@dataclass(frozen=True, slots=True)
class Redirect:
    """`2>archivo`: `op` es > >> >| < <> >& <& << o &>; en <<, `target` es el texto del documento."""

    fd: int
    op: str
    target: Word


@saved
@dataclass(frozen=True, slots=True)
class Simple:
    """Una orden sencilla: asignaciones, palabras y redirecciones."""

    assignments: tuple[tuple[str, Word], ...]
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...] = ()
    line: int = 0


@saved
@dataclass(frozen=True, slots=True)
class Pipeline:
    """`a | b`, quizá con `!` delante."""

    commands: tuple[Node, ...]
    negated: bool = False


@saved
@dataclass(frozen=True, slots=True)
class Timed:
    """`time orden`: cuenta lo que tarda."""

    body: Node


@saved
@dataclass(frozen=True, slots=True)
class AndOr:
    """`a && b || c`: la primera y los pares (operador, orden)."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@saved
@dataclass(frozen=True, slots=True)
class Sequence:
    """`a; b & c`: pares (orden, en segundo plano)."""

    items: tuple[tuple[Node, bool], ...]


@saved
@dataclass(frozen=True, slots=True)
class Subshell:
    """`( ... )`."""

    body: Node
    redirects: tuple[Redirect, ...] = ()
    line: int = 0


@saved
@dataclass(frozen=True, slots=True)
class Group:
    """`{ ...; }`."""

    body: Node
    redirects: tuple[Redirect, ...] = ()
    line: int = 0


@saved
@dataclass(frozen=True, slots=True)
class If:
    """`if`: pares (condición, cuerpo) y el `else`."""

    clauses: tuple[tuple[Node, Node], ...]
    otherwise: Node | None = None
    redirects: tuple[Redirect, ...] = ()
    line: int = 0


@saved
@dataclass(frozen=True, slots=True)
class Loop:
    """`while` o, con `until`, mientras la condición falle."""

    condition: Node
    body: Node
    until: bool = False
    redirects: tuple[Redirect, ...] = ()
    line: int = 0


@saved
@dataclass(frozen=True, slots=True)
class For:
    """`for name in words`; sin `in`, sobre `"$@"`."""

    name: str
    words: tuple[Word, ...] | None
    body: Node
    redirects: tuple[Redirect, ...] = ()
    line: int = 0


@saved
@dataclass(frozen=True, slots=True)
class Case:
    """`case`: ternas (patrones, cuerpo, cómo acaba: `;;`, `;&` o `;;&`)."""

    subject: Word
    clauses: tuple[tuple[tuple[Word, ...], Node | None, str], ...]
    redirects: tuple[Redirect, ...] = ()
    line: int = 0


@saved
@dataclass(frozen=True, slots=True)
class Function:
    """La definición de una función."""

    name: str
    body: Node
    line: int = 0


@saved
@dataclass(frozen=True, slots=True)
class Condition:
    """`[[ ... ]]` de bash: las palabras de dentro, con sus operadores como texto."""

    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...] = ()
    line: int = 0


Node: TypeAlias = (Simple | Pipeline | AndOr | Sequence | Subshell | Group | If | Loop | For | Case | Function
                   | Condition | Timed)
