"""Leer una orden de SQL y calcular sus expresiones."""

from __future__ import annotations

import re
from typing import Any

from .sql_store import SqlError, Store

TOKEN = re.compile(r"""\s+|--[^\n]*|\#[^\n]*|/\*[\s\S]*?\*/|(?P<text>'(?:''|\\.|[^'\\])*')|(?P<quoted>"[^"]*"|`[^`]*`)
  |(?P<number>\d+\.?\d*)|(?P<name>[A-Za-z_@][\w@$.]*)|(?P<mark><>|!=|<=|>=|\|\||::|[-+*/%=<>(),;.])""",
  re.VERBOSE)


def unquote(text: str) -> str:
    body = text[1:-1].replace("''", "'")
    return re.sub(r"\\(.)", r"\1", body) if text[0] == "'" else body


class Reader:
    """Una orden que se va leyendo: fichas, nombres y expresiones."""

    def __init__(self, store: Store, database: str, text: str, facts: dict[str, Any]):
        self.store, self.database, self.text, self.facts = store, database, text, facts
        self.tokens: list[tuple[str, str]] = []
        self.spans: list[tuple[int, int]] = []
        at = 0
        while at < len(text):
            found = TOKEN.match(text, at)
            if not found:
                raise self.wrong(text[at:])
            at = found.end()
            if found.lastgroup:
                self.tokens.append((found.lastgroup, found[0]))
                self.spans.append(found.span())
        self.at = 0

    def wrong(self, near: str = "") -> SqlError:
        return SqlError("syntax", near=near or self.rest())

    def rest(self) -> str:
        return " ".join(text for _, text in self.tokens[self.at:])

    def peek(self) -> str:
        """La palabra o el signo que sigue, en mayúsculas; vacío si es otra cosa."""
        kind, text = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        return text.upper() if kind in ("name", "mark") else ""

    def take(self, *words: str) -> str:
        if words and self.peek() not in words or self.at >= len(self.tokens):
            raise self.wrong()
        self.at += 1
        return self.tokens[self.at - 1][1]

    def maybe(self, *words: str) -> bool:
        """Si lo que sigue son esas palabras, las pasa."""
        mark = self.at
        for word in words:
            if self.peek() != word:
                self.at = mark
                return False
            self.at += 1
        return True

    def name(self) -> str:
        if self.at >= len(self.tokens) or self.tokens[self.at][0] not in ("name", "quoted"):
            raise self.wrong()
        kind, text = self.tokens[self.at]
        self.at += 1
        return unquote(text) if kind == "quoted" else text

    def table(self) -> str:
        """Un nombre de tabla, quizá con su base delante."""
        name = self.name()
        database, _, table = name.rpartition(".")
        if database and database != "public":
            self.database = database
        if not self.database:
            raise SqlError("no-database")
        return table

    def expression(self, row: dict[str, Any] | None) -> Any:
        """El valor de una expresión con los datos de `row`; con `None`, solo la lee."""
        left = self.conjunction(row)
        while self.maybe("OR"):
            right = self.conjunction(row)
            left = bool(left) or bool(right)
        return left

    def conjunction(self, row: dict[str, Any] | None) -> Any:
        left = self.comparison(row)
        while self.maybe("AND"):
            right = self.comparison(row)
            left = bool(left) and bool(right)
        return left

    def comparison(self, row: dict[str, Any] | None) -> Any:
        if self.maybe("NOT"):
            return not self.comparison(row)
        left = self.addition(row)
        if self.maybe("IS"):
            negate = self.maybe("NOT")
            self.take("NULL")
            return (left is None) != negate
        if self.maybe("LIKE"):
            pattern = re.escape(str(self.addition(row))).replace("%", ".*").replace("_", ".")
            return bool(re.fullmatch(pattern, str(left), re.IGNORECASE))
        if self.maybe("IN"):
            self.take("(")
            values = [self.expression(row)]
            while self.maybe(","):
                values.append(self.expression(row))
            self.take(")")
            return left in values
        if self.peek() in COMPARE:
            sign = self.take()
            right = self.addition(row)
            return row is not None and left is not None and right is not None and COMPARE[sign](*alike(left, right))
        return left

    def addition(self, row: dict[str, Any] | None) -> Any:
        left = self.primary(row)
        while self.peek() in ("+", "-", "*", "/", "%", "||"):
            sign, right = self.take(), self.primary(row)
            if row is None or left is None or right is None:
                left = None
            elif sign == "||":
                left = f"{left}{right}"
            elif sign in "/%" and not right:
                left = None
            else:
                left = MATHS[sign](left, right)
        return left

    def primary(self, row: dict[str, Any] | None) -> Any:
        if self.at >= len(self.tokens):
            raise self.wrong()
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "text":
            return unquote(text)
        if kind == "number":
            return float(text) if "." in text else int(text)
        if text == "(":
            value = self.expression(row)
            self.take(")")
            return value
        if text == "-":
            value = self.primary(row)
            return -value if value is not None else None
        upper = text.upper()
        if upper in ("NULL", "DEFAULT"):
            return None
        if upper in ("TRUE", "FALSE"):
            return upper == "TRUE"
        if kind == "mark":
            self.at -= 1
            raise self.wrong()
        if self.peek() == "(" and kind == "name":
            return self.function(upper, row)
        if upper in ("CURRENT_TIMESTAMP", "CURRENT_USER", "CURRENT_DATE"):
            return self.facts["now"] if "USER" not in upper else self.facts["user"]
        if text.startswith("@@"):
            return self.facts.get(text.lstrip("@").rpartition(".")[2], "")
        name = unquote(text) if kind == "quoted" else text.rpartition(".")[2]
        if row is None:
            return None
        found = next((key for key in row if key.lower() == name.lower()), None)
        if found is None:
            raise SqlError("unknown-column", name=name, table="field list")
        return row[found]

    def function(self, name: str, row: dict[str, Any] | None) -> Any:
        self.take("(")
        values = []
        if not self.maybe(")"):
            while True:
                values.append(None if self.maybe("*") else self.expression(row))
                if not self.maybe(","):
                    break
            self.take(")")
        simple = {"NOW": "now", "VERSION": "version", "DATABASE": "database", "CURRENT_DATABASE": "database",
                  "USER": "user",
                  "CURRENT_USER": "user"}
        if name in simple:
            return self.facts[simple[name]]
        if row is None or name in AGGREGATES:
            return None
        functions = {"UPPER": lambda text: str(text).upper(), "LOWER": lambda text: str(text).lower(),
                     "LENGTH": lambda text: len(str(text)), "CONCAT": lambda *parts: "".join(map(str, parts)),
                     "COALESCE": lambda *parts: next((part for part in parts if part is not None), None),
                     "ABS": abs, "ROUND": round}
        if name not in functions:
            raise SqlError("unknown-function", name=name.lower())
        return functions[name](*values)


AGGREGATES: dict[str, Any] = {"COUNT": len, "SUM": sum, "MIN": min, "MAX": max,
                              "AVG": lambda values: round(sum(values) / len(values), 4)}
COMPARE: dict[str, Any] = {"=": lambda a, b: a == b, "!=": lambda a, b: a != b, "<>": lambda a, b: a != b,
                           "<": lambda a, b: a < b,
                           ">": lambda a, b: a > b, "<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b}
MATHS: dict[str, Any] = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b,
                         "/": lambda a, b: a / b,
                         "%": lambda a, b: a % b}


def alike(one: Any, other: Any) -> tuple[Any, Any]:
    """Los dos valores, comparables: si uno es texto y el otro número, como textos."""
    return (str(one), str(other)) if isinstance(one, str) != isinstance(other, str) else (one, other)
