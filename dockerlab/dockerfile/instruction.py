"""Lo que se lee de un Dockerfile: instrucciones con su sitio, y nada más.

Aquí no se comprueba nada ni se cambia ninguna variable: una instrucción es el
texto ya partido (Dockerfile reference, *Format*). `stages.read` las valida y
las agrupa; `words.expand` pone el valor de las variables.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heredoc:
    """Un documento en línea (`<<EOF`).

    `content`: sus líneas, tal cual; `expand`: si el nombre no llevaba comillas
    y se cambian las variables; `chomp`: si era `<<-` y se quitan los tabuladores
    del principio; `fd`: el número de delante (`3<<EOF`), 0 si no lo hay.
    """

    name: str
    content: str = ""
    expand: bool = True
    chomp: bool = False
    fd: int = 0

    @property
    def text(self) -> str:
        """El contenido que se usa: sin los tabuladores del principio si es `<<-`."""
        if not self.chomp:
            return self.content
        return "".join(line.lstrip("\t") for line in self.content.splitlines(keepends=True))


@dataclass(frozen=True, slots=True)
class Instruction:
    """Una instrucción.

    `keyword`: en mayúsculas (`RUN`); `word`: como se escribió (`run`); `value`: lo
    que sigue a la palabra y a sus opciones; `args`: el valor partido como pide la
    instrucción (en ENV y LABEL, de tres en tres: nombre, valor y separador, que
    es `=` o vacío si se usó la forma antigua); `flags`: las opciones tal cual
    (`--from=base`); `json`: si era una lista JSON; `start` y `end`: primera y
    última línea, desde 1; `original`: la instrucción en una sola línea;
    `comments`: los comentarios de encima; `inner`: la instrucción que guarda ONBUILD.
    """

    keyword: str
    word: str
    value: str
    args: tuple[str, ...]
    flags: tuple[str, ...]
    json: bool
    heredocs: tuple[Heredoc, ...]
    start: int
    end: int
    original: str
    comments: tuple[str, ...] = ()
    inner: Instruction | None = None

    @property
    def code(self) -> str:
        """El texto de la instrucción, sin espacios en los extremos."""
        return self.original.strip()

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Los pares (nombre, valor) de ENV y LABEL, en orden y sin expandir."""
        return tuple(zip(self.args[::3], self.args[1::3], strict=True))

    def flag(self, name: str, default: str = "") -> str:
        """El valor de `--name=valor`; `default` si no se puso («» si se puso sin valor)."""
        values = self.flag_values(name)
        return values[-1] if values else default

    def flag_values(self, name: str) -> tuple[str, ...]:
        """Todos los valores de una opción que se puede repetir (`--mount`, `--exclude`)."""
        bare, prefix = f"--{name}", f"--{name}="
        return tuple(flag[len(prefix):] for flag in self.flags if flag == bare or flag.startswith(prefix))

    def enabled(self, name: str) -> bool:
        """Si está puesta la opción de sí o no: `--link` o `--link=true`."""
        values = self.flag_values(name)
        return bool(values) and values[-1].lower() in ("", "true")


@dataclass(frozen=True, slots=True)
class Directive:
    """Una directiva del analizador: `# escape=\\``, `# syntax=…` o `# check=…`."""

    name: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class ParserWarning:
    """Algo que se acepta pero no se debería escribir, y la línea en que está."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """Un Dockerfile leído: instrucciones en orden, carácter de escape, directivas y avisos."""

    instructions: tuple[Instruction, ...]
    escape: str = "\\"
    directives: tuple[Directive, ...] = ()
    warnings: tuple[ParserWarning, ...] = ()

    def directive(self, name: str) -> str:
        """El valor de una directiva, o vacío."""
        return next((d.value for d in self.directives if d.name == name), "")
