"""Del texto a palabras: comillas, `$`, comillas invertidas y escapes.

Lee el texto una sola vez, de izquierda a derecha. Lo que hay dentro de `$( )` lo
lee el mismo analizador, así que las comillas y los paréntesis de dentro no
confunden a los de fuera.
"""

from __future__ import annotations

import re

from .dollars import ANSI, IN_QUOTES, META, PLAIN, Dollars, merge
from .tree import Part, Text, Word


class Scanner(Dollars):
    """Lee palabras de `text`."""

    def word(self, stop: str = "") -> Word:
        """Una palabra; acaba en un carácter especial del shell o, dentro de `${ }`, en uno de `stop`."""
        parts: list[Part] = []
        line, text = self.line, self.text
        while self.at < len(text):
            char = text[self.at]
            if (char in stop) if stop else (char in META):
                break
            found = None if stop else PLAIN.match(text, self.at)
            if found:
                parts.append(Text(found[0]))
                self.at = found.end()
            elif char == "'" :
                parts.append(Text(self._until("'"), True))
            elif char == '"':
                self.at += 1
                parts.extend(self.quoted('"'))
                self.at += 1
            elif char == "\\":
                escaped = text[self.at + 1:self.at + 2]
                self.at += 2
                if escaped != "\n":
                    parts.append(Text(escaped or "\\", True))
            elif char == "$" and text.startswith("'", self.at + 1) and self.dialect.ansi_quotes:
                self.at += 1
                parts.append(Text(self._ansi(), True))
            elif char == "$":
                parts.append(self.dollar(False))
            elif char == "`":
                parts.append(self._backquote(False))
            else:
                parts.append(Text(char))
                self.at += 1
        return Word(merge(parts), line)

    def quoted(self, end: str) -> list[Part]:
        """Lo que hay entre comillas dobles (o en un here-document, con `end` vacío), hasta `end`, sin pasarlo."""
        parts: list[Part] = []
        text, empty = self.text, self.at
        while True:
            if self.at >= len(text):
                if not end:
                    break
                raise self.unterminated()
            char = text[self.at]
            found = IN_QUOTES.match(text, self.at)
            if end == "}" and found and "}" in found[0]:
                chunk = found[0][:found[0].index("}")]
                if not chunk:
                    break
                parts.append(Text(chunk, True))
                self.at += len(chunk)
            elif found:
                parts.append(Text(found[0], True))
                self.at = found.end()
            elif char == '"' and end == '"':
                break
            elif char == '"':
                if end == "}":
                    self.at += 1
                    parts.extend(self.quoted('"'))
                else:
                    parts.append(Text(char, True))
                self.at += 1
            elif char == "\\":
                escaped = text[self.at + 1:self.at + 2]
                self.at += 2
                if escaped != "\n":
                    special = escaped in ("$", "`", "\\") or (escaped == '"' and end) or (escaped == "}" == end)
                    parts.append(Text(escaped if special and escaped else "\\" + escaped, True))
            elif char == "$":
                parts.append(self.dollar(True))
            else:
                parts.append(self._backquote(True))
        if not parts or self.at == empty:
            parts.append(Text("", True))
        return parts

    def _until(self, quote: str) -> str:
        end = self.text.find(quote, self.at + 1)
        if end < 0:
            raise self.unterminated()
        inside, self.at = self.text[self.at + 1:end], end + 1
        return inside

    def _ansi(self) -> str:
        """`$'...'`: con los escapes de C."""
        out, self.at = [], self.at + 1
        while True:
            if self.at >= len(self.text):
                raise self.unterminated()
            char = self.text[self.at]
            if char == "'":
                self.at += 1
                return "".join(out)
            found = re.compile(r"\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|(.))", re.DOTALL).match(self.text, self.at)
            if found:
                code = int(found[1], 16) if found[1] else int(found[2], 8) & 255 if found[2] else None
                out.append(chr(code) if code is not None else ANSI.get(found[3], "\\" + found[3]))
                self.at = found.end()
            else:
                out.append(char)
                self.at += 1
