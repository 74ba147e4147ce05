"""Archivos `.env`: `NOMBRE=valor`, una variable por línea.

Entre comillas dobles y sin comillas se interpolan variables; entre comillas
simples, nada. Los de comillas pueden ocupar varias líneas. Docker real: la
biblioteca godotenv de compose-go.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from dockerlab.errors import fault

from .template import substitute

KEY = re.compile(r"[A-Za-z0-9_.\-\[\]]+")
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "a": "\a", '"': '"', "\\": "\\"}
ESCAPE = re.compile(r"\\(0[0-7]{1,3}|.)", re.DOTALL)


def parse(text: str, environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """Las variables de un `.env`, en orden.

    `environment`: con qué se interpolan, además de con las anteriores del propio
    archivo. Faltas `env-quote`, `env-character`, `compose-template` y `compose-required`.
    """
    return Lines(text.removeprefix("\ufeff").replace("\r\n", "\n"), environment or {}).parse()


class Lines:
    """El texto y por dónde se va."""

    def __init__(self, text: str, environment: Mapping[str, str]):
        self.text, self.environment, self.at = text, environment, 0
        self.found: dict[str, str] = {}

    @property
    def line(self) -> int:
        """La línea presente, desde 1."""
        return self.text.count("\n", 0, self.at) + 1

    def lookup(self, name: str) -> str | None:
        """El entorno manda sobre lo ya leído."""
        return self.environment.get(name, self.found.get(name))

    def parse(self) -> dict[str, str]:
        """Todas."""
        while self.skip_blank():
            name, given = self.key()
            if given:
                self.found[name] = self.value()
            elif name in self.environment:
                self.found[name] = self.environment[name]
        return self.found

    def skip_blank(self) -> bool:
        """Salta blancos y comentarios; `False` al llegar al final."""
        while self.at < len(self.text):
            if self.text[self.at] == "#":
                self.at = self.line_end()
            elif self.text[self.at].isspace():
                self.at += 1
            else:
                return True
        return False

    def line_end(self) -> int:
        """Dónde acaba la línea presente."""
        end = self.text.find("\n", self.at)
        return len(self.text) if end < 0 else end

    def key(self) -> tuple[str, bool]:
        """El nombre, y si lleva valor: sin él, se hereda del entorno. Falta `env-character`."""
        if re.match(r"export[ \t]+", self.text[self.at:]):
            self.at = re.compile(r"export[ \t]+").match(self.text, self.at).end()
        line = self.text[self.at:self.line_end()]
        name = KEY.match(line)
        rest = line[name.end():].lstrip(" \t") if name else line
        if name and rest[:1] in ("=", ":"):
            self.at += len(line) - len(rest) + 1
            return name[0], True
        if name and (not rest or rest.startswith("#")):
            self.at = self.line_end()
            return name[0], False
        bad = line[name.end()] if name else line[0]
        raise fault("env-character", line=self.line, character=bad, name=line.partition("=")[0].strip())

    def value(self) -> str:
        """Lo que va tras el `=`. Falta `env-quote`."""
        while self.text[self.at:self.at + 1] in (" ", "\t"):
            self.at += 1
        quote = self.text[self.at:self.at + 1]
        if quote in ("'", '"') and quote:
            return self.quoted(quote)
        end = self.line_end()
        text, self.at = self.text[self.at:end], end
        if text.startswith("#"):
            return ""
        return self.expand(re.split(r"\s#", text, maxsplit=1)[0].strip())

    def quoted(self, quote: str) -> str:
        """Un valor entre comillas, que puede seguir en otras líneas."""
        end = self.at + 1
        while end < len(self.text):
            if self.text[end] == "\\" and end + 1 < len(self.text):
                end += 2
                continue
            if self.text[end] == quote:
                inside, self.at = self.text[self.at + 1:end], end + 1
                self.at = self.line_end()
                return self.expand(unescape(inside)) if quote == '"' else inside
            end += 1
        raise fault("env-quote", line=self.line, text=self.text[self.at:self.line_end()])

    def expand(self, text: str) -> str:
        """Las variables de un valor."""
        return substitute(text, self.lookup)


def unescape(text: str) -> str:
    """`\\n` y compañía; `\\$` es un dólar de verdad."""
    def one(found: re.Match[str]) -> str:
        if len(found[1]) > 1:
            return chr(int(found[1], 8))
        return "$$" if found[1] == "$" else ESCAPES.get(found[1], found[0])
    return ESCAPE.sub(one, text)
