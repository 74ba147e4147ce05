"""Las palabras de un Dockerfile: comillas, escapes y variables.

`expand("${x:-y}/$z", env)` da el texto; `split("a $b", env)` da las palabras.
Las formas de variable son `$x`, `${x}`, `${x:-d}`, `${x:+a}`, `${x:?e}` (y sin
los dos puntos), `${x#p}`, `${x##p}`, `${x%p}`, `${x%%p}`, `${x/a/b}` y
`${x//a/b}` (Dockerfile reference, *Environment replacement*).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dockerlab.errors import DockerfileError, fault

from . import globs
from .golang import SPACE, quote
from .modifiers import MODIFIERS

END = ""  # lo que se ve al acabarse el texto
MAX_LENGTH = 16 * 2**20  # letras; una variable que se dobla a sí misma llega enseguida


@dataclass(frozen=True, slots=True)
class Expansion:
    """Un texto expandido: el resultado, partido en palabras, y qué variables había y cuáles faltaban."""

    text: str
    words: tuple[str, ...]
    matched: frozenset[str]
    unmatched: frozenset[str]


def expand(word: str, env: Mapping[str, str], escape: str = "\\") -> str:
    """`word` sin comillas ni escapes y con el valor de sus variables.

    `DockerfileError` si una comilla o una llave no se cierra, si el modificador no
    existe o si falta una variable obligatoria (`${x:?}`).
    """
    if not needs_expansion(word, escape):
        return word
    return process(word, env, escape, splitting=False).text


def split(word: str, env: Mapping[str, str], escape: str = "\\") -> tuple[str, ...]:
    """Las palabras de `word` una vez expandido; el valor de una variable también se parte."""
    return process(word, env, escape).words


def needs_expansion(word: str, escape: str = "\\") -> bool:
    """Si hay en `word` algo que expandir: un `$`, una comilla o un escape."""
    return "$" in word or "'" in word or '"' in word or escape in word


def process(word: str, env: Mapping[str, str], escape: str = "\\", *, raw_quotes: bool = False,
            raw_escapes: bool = False, skip_unset: bool = False, keep_quotes: bool = False,
            splitting: bool = True) -> Expansion:
    """Expande `word` y cuenta qué encontró.

    `raw_quotes` y `raw_escapes`: las comillas y los escapes se entienden pero se
    dejan; `skip_unset`: las variables sin valor se dejan como están;
    `keep_quotes`: las comillas son letras corrientes (documentos en línea);
    `splitting`: si hacen falta las palabras.
    """
    reader = _Reader(word.removeprefix("\ufeff"), env, escape, raw_quotes, raw_escapes, skip_unset,
                     keep_quotes, splitting)
    try:
        text, words = reader.until(END, raw_escapes)
    except DockerfileError as error:
        raise _failed(word, error) from None
    except RecursionError:
        raise fault("word-too-deep") from None
    return Expansion(text, tuple(words), frozenset(reader.matched), frozenset(reader.unmatched))


def _failed(word: str, error: DockerfileError) -> DockerfileError:
    failed = fault("word-failed", word=quote(word), reason=error.text, what_inside=error.what)
    failed.why, failed.tip = error.why, error.tip
    return failed


@dataclass(slots=True)
class _Reader:
    """Lee una palabra letra a letra; cada método consume un trozo y devuelve en qué queda."""

    source: str
    env: Mapping[str, str]
    escape: str
    raw_quotes: bool
    raw_escapes: bool
    skip_unset: bool
    keep_quotes: bool
    splitting: bool
    position: int = 0
    # Docker real: la palabra a medio escribir es una sola, también dentro de ${x:-…}.
    partial: list[str] = field(default_factory=list)
    matched: set[str] = field(default_factory=set)
    unmatched: set[str] = field(default_factory=set)

    def peek(self) -> str:
        return self.source[self.position:self.position + 1]

    def next(self) -> str:
        char = self.source[self.position:self.position + 1]
        self.position += 1
        return char

    def flush(self, words: list[str]) -> None:
        if word := "".join(self.partial):
            words.append(word)
        self.partial.clear()

    def until(self, stop: str, raw_escapes: bool) -> tuple[str, list[str]]:
        """Lee hasta `stop` (o hasta el final): el texto y las palabras que salen."""
        self.partial.clear()
        outer, self.raw_escapes = self.raw_escapes, raw_escapes
        try:
            return self._until(stop)
        finally:
            self.raw_escapes = outer

    def _until(self, stop: str) -> tuple[str, list[str]]:
        result: list[str] = []
        words: list[str] = []
        in_word = False
        while (char := self.peek()) != END:
            if char == stop:
                self.next()
                break
            piece, divisible = self._piece(char)
            result.append(piece)
            if not self.splitting:
                continue
            for letter in piece if divisible else [piece]:
                if not divisible or letter not in SPACE:
                    self.partial.append(letter)
                    in_word = True
                elif in_word and any(self.partial):
                    self.flush(words)
                    in_word = False
        else:
            if stop != END:
                raise fault("word-unclosed", what_char=stop, char=stop)
        self.flush(words)
        if sum(map(len, result)) > MAX_LENGTH:
            raise fault("word-too-long", limit=MAX_LENGTH)
        return "".join(result), words

    def _piece(self, char: str) -> tuple[str, bool]:
        """El siguiente trozo, y si sus espacios separan palabras."""
        if char == "$":
            return self.dollar(), True
        if char == "<":
            return self.heredoc_mark(), False
        if char == "'" and not self.keep_quotes:
            return self.single_quoted(), False
        if char == '"' and not self.keep_quotes:
            return self.double_quoted(), False
        self.next()
        if char != self.escape:
            return char, True
        return (char if self.raw_escapes else "") + self.next(), False

    def single_quoted(self) -> str:
        start = self.position
        end = self.source.find("'", start + 1)
        if end < 0:
            self.position = len(self.source)
            raise fault("word-unclosed", what_char="'", char="single-quote")
        self.position = end + 1
        return self.source[start:end + 1] if self.raw_quotes else self.source[start + 1:end]

    def double_quoted(self) -> str:
        mark = self.next() if self.raw_quotes else self.next()[1:]
        result = [mark]
        while (char := self.peek()) != '"':
            if char == END:
                raise fault("word-unclosed", what_char='"', char="double-quote")
            if char == "$":
                result.append(self.dollar())
                continue
            char = self.next()
            if char == self.escape:
                if self.raw_escapes:
                    result.append(char)
                if self.peek() == END:
                    continue
                if self.peek() in ('"', "$", self.escape):
                    char = self.next()
            result.append(char)
        self.next()
        return "".join(result) + mark

    def heredoc_mark(self) -> str:
        """`<<` y los espacios que lo siguen van con la palabra: `<< EOF` es una sola."""
        self.next()
        if self.peek() != "<":
            return "<"
        self.next()
        start = self.position
        while self.peek() in ("\t", "\r", " "):
            self.next()
        return "<<" + self.source[start:self.position]

    def name(self) -> str:
        """El nombre de una variable: letras, cifras y `_`; o un número; o un signo especial."""
        start, first = self.position, self.peek()
        if first != END and first in "@*#?-$!":
            return self.next()
        accepts = str.isdecimal if first.isdecimal() else _is_name
        while (char := self.peek()) != END and accepts(char):
            self.next()
        return self.source[start:self.position]

    def get(self, name: str) -> str | None:
        value = self.env.get(name)
        (self.unmatched if value is None else self.matched).add(name)
        return value

    def dollar(self) -> str:
        self.next()
        if self.peek() != "{":
            name = self.name()
            if not name:
                return "$"
            value = self.get(name)
            return (f"${name}" if self.skip_unset else "") if value is None else value
        self.next()
        if self.peek() == END:
            raise fault("word-no-brace")
        if self.peek() in "{}:":
            raise fault("word-bad-substitution")
        return self.braced(self.name())

    def braced(self, name: str) -> str:
        """Lo que sigue al nombre en `${nombre…}`."""
        modifier = self.next()
        if modifier == "}":
            value = self.get(name)
            return (f"${{{name}}}" if self.skip_unset else "") if value is None else value
        if modifier == "/":
            return self.replaced(name)
        nothing_is_unset = modifier == ":"
        if nothing_is_unset:
            modifier = self.next()
        shown = (":" if nothing_is_unset else "") + (modifier or "�")
        if modifier in ("#", "%") and nothing_is_unset or not (nothing_is_unset or modifier in MODIFIERS):
            raise fault("word-modifier", modifier=shown)
        argument = self.argument("}", modifier in ("#", "%"), "word-no-brace")
        value = self.get(name)
        if self.skip_unset and value is None:
            return f"${{{name}{shown}{argument}}}"
        if modifier not in MODIFIERS:
            raise fault("word-modifier", modifier=shown)
        return MODIFIERS[modifier](name, value, argument, nothing_is_unset)

    def replaced(self, name: str) -> str:
        """`${x/patrón/texto}` y `${x//patrón/texto}`."""
        everywhere = self.peek() == "/"
        if everywhere:
            self.next()
        pattern = self.argument("/", True, "word-no-slash")
        replacement = self.argument("}", True, "word-no-brace")
        value = self.get(name)
        if self.skip_unset and value is None:
            return f"${{{name}/{pattern}/{replacement}}}"
        return globs.substitute(value or "", pattern, replacement, everywhere)

    def argument(self, stop: str, raw_escapes: bool, missing: str) -> str:
        try:
            return self.until(stop, raw_escapes)[0]
        except DockerfileError:
            if self.peek() == END:
                raise fault(missing) from None
            raise


def _is_name(char: str) -> bool:
    return char == "_" or char.isalpha() or char.isdecimal()
