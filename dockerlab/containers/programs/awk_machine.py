"""La máquina de awk: ejecuta el árbol que leyó `awk_language`.

Los valores son números (float), textos, o `Guess`: un texto que venía de la
entrada y parece número, y que por eso se compara como número.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Generator
from typing import Any

from dockerlab.clock import SECOND

from ..requests import Wait
from .awk_functions import call
from .awk_language import AwkError, Node
from .kit import Input, put
from .patterns import BadPattern, compile_posix
from .printing import printf_text, unescape

NUMBER = re.compile(r"\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
MATHS: dict[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "%": math.fmod,
    "^": operator.pow}
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, "==": operator.eq, "!=": operator.ne, ">": operator.gt,
    ">=": operator.ge}


class Guess(str):
    """Un texto de la entrada que parece un número."""


class Flow(Exception):
    """`next`, `exit`, `break` o `continue`."""


class Machine:
    """Variables, tablas, campos y tuberías de un programa en marcha."""

    def __init__(self, sys: Any):
        self.sys = sys
        self.variables: dict[str, Any] = {"FS": " ", "OFS": " ", "ORS": "\n", "NR": 0.0, "FNR": 0.0,
                                          "RS": "\n",
                                          "SUBSEP": "\x1c", "FILENAME": "", "CONVFMT": "%.6g", "OFMT": "%.6g"}
        self.arrays: dict[str, dict[str, Any]] = {"ENVIRON": dict(sys.env)}
        self.record, self.fields = "", [""]
        self.files: dict[str, int] = {}
        self.pipes: dict[str, tuple[int, int]] = {}
        self.inside: set[int] = set()
        self.code = 0

    @staticmethod
    def guess(text: str) -> str:
        return Guess(text) if NUMBER.fullmatch(text.rstrip()) else text

    def execute(self, rules: list[tuple[Any, Any]], source: Input) -> Generator[Any, Any, None]:
        """BEGIN, las reglas con cada línea, y END."""
        try:
            self.phase(rules, "BEGIN")
            if any(pattern != "BEGIN" for pattern, _ in rules):
                while (line := (yield source.line())) is not None:
                    if source.path != self.variables["FILENAME"]:
                        self.variables |= {"FILENAME": source.path if source.path != "-" else "", "FNR": 0.0}
                    self.variables["NR"] += 1
                    self.variables["FNR"] += 1
                    self.set_record(line)
                    self.each(rules)
        except Flow as flow:
            if flow.args[0] != "exit":
                raise AwkError(f"{flow.args[0]} fuera de lugar") from None
        try:
            self.phase(rules, "END")
        except Flow as flow:
            if flow.args[0] != "exit":
                raise AwkError("next used in BEGIN or END") from None
        for fd, pid in self.pipes.values():
            self.sys.close(fd)
            yield Wait(pid)

    def phase(self, rules: list[tuple[Any, Any]], name: str) -> None:
        for pattern, action in rules:
            if pattern == name:
                self.do(action)

    def each(self, rules: list[tuple[Any, Any]]) -> None:
        try:
            for number, (pattern, action) in enumerate(rules):
                if pattern not in ("BEGIN", "END") and self.selects(number, pattern):
                    self.do(action)
        except Flow as flow:
            if flow.args[0] != "next":
                raise

    def selects(self, number: int, pattern: Any) -> bool:
        if pattern is None:
            return True
        if pattern[0] != "range":
            return self.truth(self.value(pattern))
        if number not in self.inside:
            if not self.truth(self.value(pattern[1])):
                return False
            self.inside.add(number)
        if self.truth(self.value(pattern[2])):
            self.inside.discard(number)
        return True

    # -- la línea y sus campos --
    def set_record(self, line: str) -> None:
        self.record = line
        self.fields = [line, *map(self.guess, self.split(line, self.text(self.variables["FS"])))]
        self.variables["NF"] = float(len(self.fields) - 1)

    def split(self, line: str, separator: str) -> list[str]:
        if separator == " ":
            return line.split()
        if not line:
            return []
        if len(separator) == 1 and separator != "\\":
            return line.split(separator)
        return self.pattern(separator).split(line) if separator else list(line)

    def set_field(self, number: int, value: Any) -> None:
        if number == 0:
            self.set_record(self.text(value))
            return
        self.fields += [""] * (number + 1 - len(self.fields))
        self.fields[number] = value
        self.variables["NF"] = float(len(self.fields) - 1)
        self.fields[0] = self.text(self.variables["OFS"]).join(map(self.text, self.fields[1:]))

    # -- órdenes --
    def do(self, node: Node) -> None:
        match node:
            case ("block", body):
                for statement in body:
                    self.do(statement)
            case ("do", value):
                self.value(value)
            case ("print" | "printf", values, target):
                self.print(node[0], [self.value(value) for value in values], target)
            case ("if", test, yes, no):
                self.do(yes if self.truth(self.value(test)) else no)
            case ("while", test, body):
                self.loop(test, None, body)
            case ("for", start, test, step, body):
                if start:
                    self.value(start)
                self.loop(test, step, body)
            case ("each", name, array, body):
                for key in list(self.arrays.get(array, {})):
                    self.variables[name] = self.guess(key)
                    self.do(body)
            case ("delete", name, None):
                self.arrays[name] = {}
            case ("delete", name, key):
                self.arrays.setdefault(name, {}).pop(self.key(key), None)
            case ("exit", value):
                self.code = int(self.number(self.value(value))) if value else self.code
                raise Flow("exit")
            case _:
                raise Flow(node[0])

    def loop(self, test: Any, step: Any, body: Node) -> None:
        rounds = 0
        while test is None or self.truth(self.value(test)):
            rounds += 1
            if rounds > 1_000_000:
                raise AwkError("infinite loop")
            try:
                self.do(body)
            except Flow as flow:
                if flow.args[0] == "break":
                    return
                if flow.args[0] != "continue":
                    raise
            if step:
                self.value(step)

    def print(self, word: str, values: list[Any], target: Any) -> None:
        if word == "printf":
            text = printf_text(self.text(values[0]), [self.text(value) for value in values[1:]])[0]
        else:
            separator = self.text(self.variables["OFS"])
            text = separator.join(map(self.text, values)) if values else self.text(self.fields[0])
            text += self.text(self.variables["ORS"])
        put(self.sys, text, self.output(target) if target else 1)

    def output(self, target: tuple[str, Node]) -> int:
        mark, name = target[0], self.text(self.value(target[1]))
        if mark == "|":
            if name not in self.pipes:
                reader, writer = self.sys.pipe()
                pid = self.sys.spawn(["sh", "-c", name], fds={0: reader, 1: 1, 2: 2})
                self.sys.close(reader)
                self.pipes[name] = (writer, pid)
            return self.pipes[name][0]
        if name not in self.files:
            special = {"/dev/stdout": 1, "/dev/stderr": 2}
            self.files[name] = special.get(name) or self.sys.open(name, "w" if mark == ">" else "a")
        return self.files[name]

    # -- valores --
    def value(self, node: Node) -> Any:
        match node:
            case ("number", value):
                return value
            case ("string", text):
                return unescape(text.replace('\\"', '"').replace("\\/", "/"), zero=False)[0]
            case ("regex", source):
                return float(bool(self.pattern(source).search(self.text(self.fields[0]))))
            case ("name", name):
                return self.variables.get(name, Guess(""))
            case ("group", value):
                return self.value(value)
            case ("field", inner):
                number = int(self.number(self.value(inner)))
                return self.fields[number] if 0 <= number < len(self.fields) else Guess("")
            case ("item", name, key):
                return self.arrays.setdefault(name, {}).setdefault(self.key(key), Guess(""))
            case ("in", key, name):
                return float(self.text(self.value(key)) in self.arrays.get(name, {}))
            case ("join", left, right):
                return self.text(self.value(left)) + self.text(self.value(right))
            case ("?", test, yes, no):
                return self.value(yes if self.truth(self.value(test)) else no)
            case ("=", sign, target, source):
                value = self.value(source)
                if sign != "=":
                    value = MATHS[sign[0]](self.number(self.value(target)), self.number(value))
                return self.assign(target, value)
            case ("before", sign, target):
                return self.assign(target, self.number(self.value(target)) + (1 if sign == "++" else -1))
            case ("after", sign, target):
                before = self.number(self.value(target))
                self.assign(target, before + (1 if sign == "++" else -1))
                return before
            case ("unary", sign, inner):
                value = self.value(inner)
                return float(not self.truth(value)) if sign == "!" else self.number(value) * (-1 if sign == "-" else 1)
            case ("op", sign, left, right):
                return self.operate(sign, left, right)
            case ("call", name, values, line):
                return call(self, name, values, line)
        raise AwkError("syntax error")

    def operate(self, sign: str, left: Node, right: Node) -> Any:
        if sign == "&&":
            return float(self.truth(self.value(left)) and self.truth(self.value(right)))
        if sign == "||":
            return float(self.truth(self.value(left)) or self.truth(self.value(right)))
        one = self.value(left)
        if sign in ("~", "!~"):
            source = right[1] if right[0] == "regex" else self.text(self.value(right))
            return float(bool(self.pattern(source).search(self.text(one))) == (sign == "~"))
        other = self.value(right)
        if sign in COMPARE:
            numeric = all(isinstance(each, float | Guess) for each in (one, other))
            pair = (self.number(one), self.number(other)) if numeric else (self.text(one), self.text(other))
            return float(COMPARE[sign](*pair))
        if sign in "/%" and not self.number(other):
            raise AwkError("Division by zero")
        return MATHS[sign](self.number(one), self.number(other))

    def assign(self, target: Node, value: Any) -> Any:
        if target[0] == "field":
            self.set_field(int(self.number(self.value(target[1]))), value)
        elif target[0] == "item":
            self.arrays.setdefault(target[1], {})[self.key(target[2])] = value
        else:
            self.variables[target[1]] = value
        return value

    def key(self, subscript: Node) -> str:
        return self.text(self.variables["SUBSEP"]).join(self.text(self.value(value))
                                                        for value in subscript[1])

    def pattern(self, source: str) -> re.Pattern[str]:
        try:
            return compile_posix(source, True)
        except BadPattern as error:
            raise AwkError(f"bad regex '{source}': {error}") from None

    def number(self, value: Any) -> float:
        if isinstance(value, float):
            return value
        found = NUMBER.match(value)
        return float(found[0]) if found else 0.0

    def text(self, value: Any) -> str:
        if isinstance(value, float):
            return str(int(value)) if value == int(value) and abs(value) < 1e16 else f"{value:.6g}"
        return str(value)

    def truth(self, value: Any) -> bool:
        return self.number(value) != 0 if isinstance(value, float | Guess) and value != "" else bool(value)

    def now(self) -> float:
        return float(self.sys.now() // SECOND)
