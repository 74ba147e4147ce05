"""Las opciones de todos los programas: se declaran, no se escriben.

Un programa dice qué letras admite (`"n:c:qv"`, al modo de getopt: los dos
puntos piden un valor) y cómo se usa; este módulo las lee, y cuando alguien se
equivoca escribe lo que escribiría el programa real: el párrafo de BusyBox, o
las dos líneas de las coreutils de GNU en las imágenes de Debian.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from typing import Any

from dockerlab.errors import FileError

BUSYBOX = "BusyBox v1.36.1 (2024-06-10 07:11:47 UTC) multi-call binary."
CATALOGUE: dict[str, Applet] = {}


class BadUsage(Exception):
    """Opciones mal escritas; el texto es la primera línea del error (puede faltar)."""


class Stop(Exception):
    """El programa acaba con `nombre: mensaje` y un código de salida."""

    def __init__(self, message: str, code: int = 1):
        super().__init__(message)
        self.code = code


@dataclass(slots=True)
class Options:
    """Lo que pidió quien escribió la orden.

    `opt["n"]`: `None` si no está, `True` si es una letra sola, o su último
    valor. `opt.all("e")`: todos sus valores. `opt.args`: los operandos.
    `opt.busybox`: si el programa es el de BusyBox (si no, el de GNU).
    """

    name: str
    busybox: bool
    args: list[str] = field(default_factory=list)
    given: list[tuple[str, str | bool]] = field(default_factory=list)

    def __getitem__(self, letter: str) -> Any:
        return next((value for name, value in reversed(self.given) if name == letter), None)

    def __contains__(self, letter: str) -> bool:
        return any(name == letter for name, _ in self.given)

    def all(self, letter: str) -> list[str]:
        return [value for name, value in self.given if name == letter]

    def last(self, letters: str) -> str:
        """La última de esas letras que se escribió; vacío si ninguna."""
        return next((name for name, _ in reversed(self.given) if name in letters), "")

    def number(self, letter: str, default: int) -> int:
        """El valor entero de una opción, o el error de número inválido."""
        value = self[letter]
        if value is None:
            return default
        try:
            return int(value)
        except ValueError:
            raise Stop(self.word("invalid number '{}'", "invalid number: '{}'").format(value)) from None

    def word(self, busybox: str, gnu: str) -> str:
        return busybox if self.busybox else gnu

    def complain(self, sys: Any, busybox: str, gnu: str, path: str = "",
                 error: FileError | None = None) -> int:
        """Escribe la queja en stderr, con el motivo del sistema si lo hay; devuelve 1."""
        text = self.word(busybox, gnu).format(path)
        sys.err(f"{self.name}: {text}" + (f": {error.text}" if error else "") + "\n")
        return 1


@dataclass(frozen=True, slots=True)
class Applet:
    """Un programa pequeño: su función, sus opciones y cómo se usa."""

    name: str
    body: Callable[..., Any]
    letters: str | None     # None: el programa lee sus argumentos por su cuenta
    synopsis: str
    summary: str
    long: dict[str, str]
    least: int
    most: int | None
    stop: bool              # el primer operando acaba con las opciones (env, xargs...)
    bad: tuple[int, int]    # código de salida del error de uso en BusyBox y en GNU
    operand: str            # qué palabras que empiezan por «-» son operandos (chmod -x, seq -2)

    def main(self, sys: Any) -> Generator[Any, Any, int]:
        """El programa entero, como generador: lee `sys.argv` y devuelve el código de salida."""
        busybox = sys.dialect == "busybox"
        opt = Options(self.name, busybox)
        try:
            if sys.argv[1:] == ["--help"] and self.synopsis:
                (sys.err if busybox else sys.out)(self.usage(busybox))
                return 0
            if self.letters is not None:
                self.read(sys.argv[1:], opt)
            result = self.body(sys, opt)
            if inspect.isgenerator(result):
                result = yield from result
            return result or 0
        except BadUsage as error:
            lead = f"{self.name}: {error}\n" if str(error) else ""
            if busybox:
                sys.err(lead + self.usage(True))
                return self.bad[0]
            sys.err(lead + f"Try '{self.name} --help' for more information.\n")
            return self.bad[1]
        except Stop as stop:
            sys.err(f"{self.name}: {stop}\n")
            return stop.code

    def usage(self, busybox: bool) -> str:
        head = f"{BUSYBOX}\n\n" if busybox else ""
        tail = f"\n{self.summary}\n" if self.summary else ""
        return f"{head}Usage: {self.name} {self.synopsis}".rstrip() + f"\n{tail}"

    def read(self, words: list[str], opt: Options) -> None:
        """Reparte `words` entre opciones y operandos (mezclados, como GNU getopt)."""
        words = list(words)
        while words:
            word = words.pop(0)
            if word == "--":
                opt.args += words
                break
            if word.startswith("--"):
                self.read_long(word[2:], words, opt)
            elif word.startswith("-") and word != "-" and not (self.operand and re.fullmatch(self.operand, word)):
                self.read_short(word[1:], words, opt)
            else:
                opt.args.append(word)
                if self.stop:
                    opt.args += words
                    break
        if len(opt.args) < self.least:
            if opt.busybox:
                raise BadUsage
            raise BadUsage(f"missing operand after '{opt.args[-1]}'" if opt.args else "missing operand")
        if self.most is not None and len(opt.args) > self.most:
            raise BadUsage("" if opt.busybox else f"extra operand '{opt.args[self.most]}'")

    def read_short(self, cluster: str, words: list[str], opt: Options) -> None:
        if cluster.isdigit() and "#" in self.letters:     # head -5
            opt.given.append(("n", cluster))
            return
        while cluster:
            letter, cluster = cluster[0], cluster[1:]
            at = self.letters.find(letter)
            if at < 0 or letter in ":#":
                raise BadUsage(f"invalid option -- '{letter}'")
            if self.letters[at + 1:at + 3] == "::":       # valor opcional, pegado
                opt.given.append((letter, cluster))
                return
            if self.letters[at + 1:at + 2] == ":":
                if not cluster and not words:
                    raise BadUsage(f"option requires an argument -- '{letter}'")
                opt.given.append((letter, cluster or words.pop(0)))
                return
            opt.given.append((letter, True))

    def read_long(self, word: str, words: list[str], opt: Options) -> None:
        name, equals, value = word.partition("=")
        matches = [known for known in self.long if known.startswith(name)]
        if name not in self.long and len(matches) != 1:
            raise BadUsage(f"unrecognized option '--{name}'")
        name = name if name in self.long else matches[0]
        letter = self.long[name]
        kind = self.letters[self.letters.find(letter) + 1:][:2] if letter in self.letters else ""
        if kind.startswith(":") and kind != "::" and not equals:
            if not words:
                raise BadUsage(f"option '--{name}' requires an argument")
            equals, value = "=", words.pop(0)
        opt.given.append((letter, value if equals else ("" if kind == "::" else True)))


def applet(name: str, letters: str | None = "", synopsis: str = "", summary: str = "", *, long: str = "",
           least: int = 0, most: int | None = None, stop: bool = False, bad: tuple[int, int] = (1, 1),
           operand: str = "",
           also: Iterable[str] = ()) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Apunta un programa: `long` son pares `largo=letra`; `also`, otros nombres suyos."""
    pairs = dict(pair.split("=") for pair in long.split())

    def register(body: Callable[..., Any]) -> Callable[..., Any]:
        for each in (name, *also):
            CATALOGUE[each] = Applet(each, body, letters, synopsis, summary, pairs, least, most, stop, bad,
                                     operand)
        return body
    return register
