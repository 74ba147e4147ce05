"""Las preguntas, de cinco clases: elegir una, elegir varias, ordenar, emparejar y dar un número.

Cada clase sabe leer una respuesta, decir si vale y por qué, y enseñarse en
texto. Nada más: los formatos de las lecciones están en `lessons/README.md`.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, ClassVar

from ..scenes.scene import Ask
from .answers import LETTERS, Unreadable, lettered, letters, shuffled, written


@dataclass(frozen=True, slots=True)
class Reply:
    """Lo que se contesta: si vale, un encabezado, el porqué y qué partes fallaron (para el progreso)."""

    right: bool
    heading: str
    text: str
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """Una opción de una pregunta, con la razón por la que vale o no."""

    text: str
    reason: str
    right: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """Una de las cosas que se ordenan; `reason`: por qué va justo detrás de la anterior."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Una pareja; `reason`: por qué van juntas."""

    left: str
    right: str
    reason: str


@dataclass(frozen=True, slots=True)
class Extra:
    """Una opción de emparejar que no es de nadie; `reason`: por qué no."""

    right: str
    reason: str


@dataclass(frozen=True, slots=True)
class Figure:
    """Un número que se sabe que se responde mal, y por qué no es ese."""

    value: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Lo común a todas. `where`: qué volver a leer si se falla; `page`: el notebook donde está, si es otro.

    Cada clase tiene `answer`, la respuesta buena como se teclea; `read`, que
    la entiende o lanza `Unreadable`; `judge`, que decide sobre lo leído;
    `known`, las respuestas malas que se conocen con su razón; `choices`, lo
    que se enseña con letras; `sample`, cómo se escribe; y `reveal`, las
    razones de la versión plegable.
    """

    ask: str
    id: str = ""
    claims: tuple[str, ...] = ()
    where: str = ""
    page: str = ""
    kind: ClassVar[str]
    hint: ClassVar[str]
    sample: ClassVar[str]
    folded: ClassVar[bool] = False  # ¿se despliega cada opción? (si no, hay que enseñarlas aparte)

    def lines(self) -> list[str]:
        """La pregunta en texto, sin la respuesta: primero lo que se pregunta."""
        return [self.asked, *(f"   {letter}) {text}" for letter, text in self.choices)]

    @property
    def asked(self) -> str:
        """Lo que se pregunta y, si no es elegir una, cómo se contesta."""
        return f"{self.ask} ({self.hint})" if self.hint else self.ask

    @property
    def choices(self) -> list[tuple[str, str]]:
        """(«a», texto), («b», texto)..."""
        return []


@dataclass(frozen=True, slots=True, kw_only=True)
class One(Question):
    """Elegir una opción: la buena es una sola."""

    kind: ClassVar[str] = "one"
    folded: ClassVar[bool] = True
    hint: ClassVar[str] = ""
    sample: ClassVar[str] = '"a"'
    options: tuple[Option, ...]

    @property
    def choices(self) -> list[tuple[str, str]]:
        return lettered(option.text for option in self.options)

    def option(self, letter: str) -> Option:
        """La opción «a», «b»...; `KeyError` si no existe."""
        try:
            return self.options[LETTERS.index(self.read(letter))]
        except Unreadable as error:
            raise KeyError(letter) from error

    def before(self) -> Ask:
        """La pregunta como se hace en medio de una animación."""
        return Ask(self.ask, tuple((option.text, option.reason, option.right) for option in self.options))

    @property
    def answer(self) -> str:
        """La letra de la opción buena."""
        return next(letter for letter, option in zip(LETTERS, self.options, strict=False) if option.right)

    def read(self, answer: Any) -> str:
        chosen = letters(answer, len(self.options), self.sample)
        if len(chosen) != 1:
            raise Unreadable("Solo una opción", f"Esta pregunta tiene una sola respuesta, y has dado {len(chosen)}.")
        return chosen

    def judge(self, chosen: str) -> Reply:
        option = self.options[LETTERS.index(chosen)]
        if option.right:
            return Reply(True, f"Correcto · {chosen})", option.reason)
        return Reply(False, f"No es {chosen}) (porque…)", option.reason, (chosen,))

    def known(self) -> list[tuple[str, str]]:
        return [(letter, option.reason) for letter, option in zip(LETTERS, self.options, strict=False)
                if not option.right]

    def reveal(self) -> list[tuple[str, str, str]]:
        """(lo que se lee, encabezado, razón) de cada parte que se despliega."""
        return [(f"{letter}) {text}", reply.heading, reply.text)
                for letter, text in self.choices for reply in (self.judge(letter),)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Many(Question):
    """Elegir todas las que valgan."""

    kind: ClassVar[str] = "many"
    folded: ClassVar[bool] = True
    hint: ClassVar[str] = "elige todas las que valgan"
    options: tuple[Option, ...]

    @property
    def choices(self) -> list[tuple[str, str]]:
        return lettered(option.text for option in self.options)

    @property
    def sample(self) -> str:
        """Una respuesta con la forma debida, que no es la buena."""
        return quoted(("ac", "ab"), self.answer)

    @property
    def answer(self) -> str:
        """Las letras de las opciones buenas."""
        return "".join(letter for letter, option in zip(LETTERS, self.options, strict=False) if option.right)

    def read(self, answer: Any) -> str:
        return "".join(sorted(set(letters(answer, len(self.options), self.sample))))

    def judge(self, chosen: str) -> Reply:
        pairs = list(zip(LETTERS, self.options, strict=False))
        spare = [(letter, option) for letter, option in pairs if letter in chosen and not option.right]
        missed = [(letter, option) for letter, option in pairs if letter not in chosen and option.right]
        if not spare and not missed:
            told = [f"{letter}) {option.reason}" for letter, option in pairs if option.right]
            return Reply(True, f"Correcto · {', '.join(chosen)}", "\n".join(told))
        told = [f"Sobra {letter}): {option.reason}" for letter, option in spare]
        told += [f"Falta {letter}): {option.reason}" for letter, option in missed]
        return Reply(False, "No del todo (porque…)", "\n".join(told),
                     tuple(f"sobra {letter}" for letter, _ in spare) + tuple(f"falta {letter}" for letter, _ in missed))

    def known(self) -> list[tuple[str, str]]:
        return [("".join(sorted(set(self.answer) ^ {letter})), option.reason)
                for letter, option in zip(LETTERS, self.options, strict=False) if set(self.answer) != {letter}]

    def reveal(self) -> list[tuple[str, str, str]]:
        return [(f"{letter}) {option.text}", f"{'Sí' if option.right else 'No'} (porque…)", option.reason)
                for letter, option in zip(LETTERS, self.options, strict=False)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Question):
    """Poner en orden; en `items` están ya ordenadas, y se enseñan barajadas (siempre igual)."""

    kind: ClassVar[str] = "order"
    hint: ClassVar[str] = "ponlas en orden"
    items: tuple[Item, ...]

    @property
    def sample(self) -> str:
        """Una respuesta con la forma debida, que no es la buena."""
        backwards = LETTERS[:len(self.items)][::-1]
        return quoted((backwards, backwards[1:] + backwards[0]), self.answer)

    @property
    def shown(self) -> tuple[str, ...]:
        """Los textos como se enseñan."""
        return shuffled(item.text for item in self.items)

    @property
    def choices(self) -> list[tuple[str, str]]:
        return lettered(self.shown)

    @property
    def answer(self) -> str:
        """Las letras, de la primera a la última."""
        return "".join(LETTERS[self.shown.index(item.text)] for item in self.items)

    def read(self, answer: Any) -> str:
        total = len(self.items)
        given = letters(answer, total, self.sample)
        if sorted(given) != list(LETTERS[:total]):
            raise Unreadable("Hacen falta todas, una vez cada una",
                             f"Escribe las {total} letras, de la primera a la última.")
        return given

    def judge(self, given: str) -> Reply:
        if given == self.answer:
            told = [f"{place}. {item.text}. {item.reason}" for place, item in enumerate(self.items, 1)]
            return Reply(True, f"Correcto · {', '.join(given)}", "\n".join(told))
        place = next(index for index, letter in enumerate(given) if letter != self.answer[index])
        item = self.items[self.answer.index(given[place])]
        so_far = f"Vas bien hasta el puesto {place}. " if place else ""
        return Reply(False, f"En el puesto {place + 1} no va {given[place]}) (porque…)",
                     f"{so_far}«{item.text}» va más tarde. {item.reason}", (given[place],))

    def known(self) -> list[tuple[str, str]]:
        right = self.answer
        return [(right[:n - 1] + right[n] + right[n - 1] + right[n + 1:], item.reason)
                for n, item in enumerate(self.items) if n]

    def reveal(self) -> list[tuple[str, str, str]]:
        reply = self.judge(self.answer)
        return [("El orden, y por qué", reply.heading, reply.text)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match(Question):
    """Emparejar: a cada cosa de la izquierda, una de la derecha (que puede repetirse o sobrar)."""

    kind: ClassVar[str] = "match"
    hint: ClassVar[str] = "a cada número, su letra"
    pairs: tuple[Pair, ...]
    extra: tuple[Extra, ...] = ()

    @property
    def shown(self) -> tuple[str, ...]:
        """Lo de la derecha, sin repetir y barajado (siempre igual)."""
        return shuffled(dict.fromkeys([*(pair.right for pair in self.pairs), *(item.right for item in self.extra)]))

    @property
    def choices(self) -> list[tuple[str, str]]:
        return lettered(self.shown)

    @property
    def answer(self) -> str:
        """Las letras, en el orden de lo de la izquierda."""
        return "".join(LETTERS[self.shown.index(pair.right)] for pair in self.pairs)

    def lines(self) -> list[str]:
        lefts = [f"   {number}. {pair.left}" for number, pair in enumerate(self.pairs, 1)]
        return [self.asked, *lefts, *(f"      {letter}) {text}" for letter, text in self.choices)]

    def read(self, answer: Any) -> str:
        total = len(self.pairs)
        if isinstance(answer, dict):
            answer = [answer.get(number, answer.get(str(number), "")) for number in range(1, total + 1)]
        given = letters(answer, len(self.shown), self.sample)
        if len(given) != total:
            raise Unreadable("Falta alguna pareja" if len(given) < total else "Sobran letras",
                             f"Son {total}: escribe la letra de la 1, la de la 2… Así: `{self.sample}`.")
        return given

    @property
    def sample(self) -> str:
        """Una respuesta con la forma debida, que no es la buena."""
        backwards, total = LETTERS[:len(self.shown)][::-1] * len(self.pairs), len(self.pairs)
        return quoted((backwards[:total], backwards[1:total + 1]), self.answer)

    def judge(self, given: str) -> Reply:
        right = self.answer
        if given == right:
            told = [f"{pair.left}: {pair.right}. {pair.reason}" for pair in self.pairs]
            return Reply(True, f"Correcto · {', '.join(given)}", "\n".join(told))
        wrong = [index for index, letter in enumerate(given) if letter != right[index]]
        pair, chosen = self.pairs[wrong[0]], self.shown[LETTERS.index(given[wrong[0]])]
        reason = next((item.reason for item in self.extra if item.right == chosen), pair.reason)
        total = len(self.pairs)
        return Reply(False, f"Bien, {total - len(wrong)} de {total} (y no, porque…)",
                     f"«{pair.left}» no va con «{chosen}». {reason}",
                     tuple(f"{index + 1}{given[index]}" for index in wrong))

    def known(self) -> list[tuple[str, str]]:
        right, mine = self.answer, LETTERS[:len(self.shown)]
        extra = {LETTERS[self.shown.index(item.right)]: item.reason for item in self.extra}
        found = []
        for index, pair in enumerate(self.pairs):
            other = next(letter for letter in mine if letter != right[index] and letter not in extra)
            found.append((right[:index] + other + right[index + 1:], pair.reason))
        return found + [(letter + right[1:], reason) for letter, reason in extra.items()]

    def reveal(self) -> list[tuple[str, str, str]]:
        return [(pair.left, pair.right, pair.reason) for pair in self.pairs] \
            + [(item.right, "De nadie (porque…)", item.reason) for item in self.extra]


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Question):
    """Dar un número. `right`: el bueno, con un margen de `tolerance`; `otherwise`: qué se dice de los demás."""

    kind: ClassVar[str] = "number"
    sample: ClassVar[str] = "7"
    right: float
    reason: str
    otherwise: str
    wrong: tuple[Figure, ...] = ()
    tolerance: float = 0
    unit: str = ""

    @property
    def hint(self) -> str:
        """Cómo se contesta."""
        return f"un número, en {self.unit}" if self.unit else "un número"

    @property
    def answer(self) -> str:
        """El número bueno, como se escribe."""
        return written(self.right)

    def read(self, answer: Any) -> float:
        text = str(answer).strip().lower().removesuffix(self.unit.lower()).strip()
        if re.fullmatch(r"-?\d{1,3}([.,]\d{3})+", text) and not isinstance(answer, int | float):
            joined = re.sub("[.,]", "", text)
            raise Unreadable("¿Separa los millares?", f"Escríbelo sin separarlos: {joined}.")
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            value = math.nan
        if isinstance(answer, bool) or not math.isfinite(value):
            raise Unreadable("Se espera un número", f"Escribe solo la cifra, como 7 o 2,5{self.units}.")
        return value

    @property
    def units(self) -> str:
        """La unidad, para detrás de una cifra."""
        return f", en {self.unit}" if self.unit else ""

    def near(self, value: float, other: float) -> bool:
        """¿Cuentan como el mismo número?"""
        return abs(value - other) <= self.tolerance + 1e-9

    def judge(self, value: float) -> Reply:
        said = f"{written(value)} {self.unit}".strip()
        if self.near(value, self.right):
            return Reply(True, f"Correcto · {said}", self.reason)
        figure = next((figure for figure in self.wrong if self.near(value, figure.value)), None)
        return Reply(False, f"No es {said} (porque…)", figure.reason if figure else self.otherwise,
                     (written(figure.value) if figure else "otro",))

    def known(self) -> list[tuple[str, str]]:
        taken = [self.right, *(figure.value for figure in self.wrong)]
        unseen = max(taken) + self.tolerance * 3 + 1000
        return [*((written(figure.value), figure.reason) for figure in self.wrong), (written(unseen), self.otherwise)]

    def reveal(self) -> list[tuple[str, str, str]]:
        reply = self.judge(self.right)
        return [("La respuesta, y por qué", reply.heading, reply.text)] \
            + [(f"¿Y {written(figure.value)}?", "No (porque…)", figure.reason) for figure in self.wrong]


KINDS: dict[str, type[Question]] = {cls.kind: cls for cls in (One, Many, Order, Match, Number)}
PARTS: dict[str, type] = {"options": Option, "items": Item, "pairs": Pair, "extra": Extra, "wrong": Figure}


def question(data: dict[str, Any]) -> Question:
    """La pregunta escrita como tabla TOML. `KeyError` si su clase no existe; `TypeError` si le falta o sobra algo."""
    values = {name: value for name, value in data.items() if name not in ("kind", "answer")}
    for name, part in PARTS.items():
        if name in values:
            values[name] = tuple(part(**item) for item in values[name])
    if "answer" in data:
        values["right"] = data["answer"]
    return KINDS[data.get("kind", "one")](**{**values, "claims": tuple(data.get("claims", ()))})


def quoted(samples: tuple[str, str], answer: str) -> str:
    """La primera de las muestras que no sea la respuesta, entre comillas."""
    return f'"{samples[samples[0] == answer]}"'
