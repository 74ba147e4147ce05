"""La aritmética de `$(( ))`: enteros de 64 bits con los operadores de C.

Precedencia ascendente sobre una lista de símbolos; las variables se leen y se
asignan con las dos funciones que da el intérprete.
"""

from __future__ import annotations

import re
from collections.abc import Callable

TOKEN = re.compile(r"\s*(?:(0[xX][0-9a-fA-F]+|\d+#[0-9a-zA-Z@_]+|\d+)|([A-Za-z_]\w*)"
                   r"|(<<=|>>=|\*\*|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[-+*/%&|^~!<>=?:(),]))")
LEVELS = (("||",), ("&&",), ("|",), ("^",), ("&",), ("==", "!="), ("<", ">", "<=", ">="), ("<<", ">>"), ("+", "-"),
          ("*", "/", "%"))
PRECEDENCE = {op: level for level, ops in enumerate(LEVELS) for op in ops}
ASSIGN = frozenset(("=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="))
MAX_DEPTH = 100


class ArithmeticFailure(Exception):
    """`kind`: arithmetic o divide; `token`: dónde."""

    def __init__(self, kind: str, token: str = ""):
        super().__init__(kind)
        self.kind, self.token = kind, token


def wrap(value: int) -> int:
    """Como un entero con signo de 64 bits."""
    return (value + (1 << 63)) % (1 << 64) - (1 << 63)


def divide(left: int, right: int) -> int:
    """La división de C: hacia cero."""
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


OPERATIONS: dict[str, Callable[[int, int], int]] = {
    "|": lambda a, b: a | b, "^": lambda a, b: a ^ b, "&": lambda a, b: a & b,
    "==": lambda a, b: int(a == b), "!=": lambda a, b: int(a != b), "<": lambda a, b: int(a < b),
    ">": lambda a, b: int(a > b), "<=": lambda a, b: int(a <= b), ">=": lambda a, b: int(a >= b),
    "<<": lambda a, b: a << (b & 63), ">>": lambda a, b: a >> (b & 63), "+": lambda a, b: a + b,
    "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": divide, "%": lambda a, b: a - b * divide(a, b),
}


class Evaluator:
    """Calcula una expresión. `get` y `put` leen y asignan variables (textos).

    `lazy`: lo que no hace falta no se divide entre cero; `full`: con `++`, `--`, `**` y la coma.
    """

    def __init__(self, get: Callable[[str], str | None], put: Callable[[str, str], None], lazy: bool = True,
                 full: bool = True):
        self.get, self.put, self.lazy, self.full, self.depth = get, put, lazy, full, 0

    def evaluate(self, text: str) -> int:
        """El valor de `text`; vacío vale 0. `ArithmeticFailure` si no se entiende."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ArithmeticFailure("arithmetic", text)
        saved = getattr(self, "tokens", None), getattr(self, "at", 0)
        self.tokens, self.at = self._tokens(text), 0
        value = self._comma(True) if self.tokens else 0
        if self.at < len(self.tokens):
            raise self._bad()
        self.tokens, self.at = saved
        self.depth -= 1
        return value

    def _tokens(self, text: str) -> list[str]:
        tokens, at, text = [], 0, text.rstrip()
        while at < len(text):
            found = TOKEN.match(text, at)
            if not found:
                raise ArithmeticFailure("arithmetic", text[at:])
            tokens.append(found[0].strip())
            if not self.full and (tokens[-1] in ("**", ",") or tokens[-1] in ("++", "--") and at):
                raise ArithmeticFailure("arithmetic", text)
            at = found.end()
        return tokens

    def _bad(self) -> ArithmeticFailure:
        return ArithmeticFailure("arithmetic", " ".join(self.tokens[self.at:] or self.tokens[-1:]))

    def _next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _accept(self, token: str) -> bool:
        if self._next() == token:
            self.at += 1
            return True
        return False

    def _comma(self, live: bool) -> int:
        value = self._assign(live)
        while self._accept(","):
            value = self._assign(live)
        return value

    def _assign(self, live: bool) -> int:
        name = self._next()
        operator = self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else ""
        if operator not in ASSIGN or not (name[:1].isalpha() or name[:1] == "_"):
            return self._ternary(live)
        self.at += 2
        value = self._assign(live)
        if operator != "=":
            value = self._operate(operator[:-1], self._variable(name), value, live)
        return self._store(name, value, live)

    def _store(self, name: str, value: int, live: bool) -> int:
        value = wrap(value)
        if live:
            self.put(name, str(value))
        return value

    def _variable(self, name: str) -> int:
        text = (self.get(name) or "").strip()
        if re.fullmatch(r"-?\d+", text):
            return -number(text[1:]) if text[0] == "-" else number(text)
        if text and not self.full:
            raise ArithmeticFailure("number", text)
        return self.evaluate(text) if text else 0

    def _ternary(self, live: bool) -> int:
        condition = self._binary(0, live)
        if not self._accept("?"):
            return condition
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self._bad()
        first = self._comma(live and condition != 0)
        if not self._accept(":"):
            raise self._bad()
        second = self._assign(live and condition == 0)
        self.depth -= 1
        return first if condition else second

    def _binary(self, lowest: int, live: bool) -> int:
        left = self._unary(live)
        while (level := PRECEDENCE.get(self._next(), -1)) >= lowest:
            operator = self._next()
            self.at += 1
            if operator in ("&&", "||"):
                needed = (left != 0) == (operator == "&&")
                right = self._binary(level + 1, live and needed)
                left = int(right != 0) if needed else int(operator == "||")
            else:
                left = self._operate(operator, left, self._binary(level + 1, live), live)
        return left

    def _operate(self, operator: str, left: int, right: int, live: bool) -> int:
        if operator in ("/", "%") and right == 0:
            if live or not self.lazy:
                raise ArithmeticFailure("divide", "".join(self.tokens[self.at - 1:]))
            return 0
        return wrap(OPERATIONS[operator](left, right))

    def _unary(self, live: bool) -> int:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self._bad()
        token = self._next()
        self.at += 1
        if token in ("++", "--") and re.match(r"[A-Za-z_]", self._next()):
            name = self._next()
            self.at += 1
            value = self._store(name, self._variable(name) + (1 if token == "++" else -1), live)
        elif token in ("-", "+", "!", "~", "--", "++"):
            inside = self._unary(live)
            value = {"-": -inside, "!": int(not inside), "~": ~inside}.get(token, inside)
            value = self._power(wrap(value), live)
        else:
            value = self._power(self._primary(token, live), live)
        self.depth -= 1
        return value

    def _power(self, base: int, live: bool) -> int:
        if not self._accept("**"):
            return base
        exponent = self._unary(live)
        if exponent < 0:
            raise self._bad()
        return wrap(pow(base, exponent, 1 << 64))

    def _primary(self, token: str, live: bool) -> int:
        if token == "(":
            value = self._comma(live)
            if not self._accept(")"):
                raise self._bad()
            return value
        if token[:1].isdigit():
            return number(token)
        if not (token[:1].isalpha() or token[:1] == "_"):
            self.at -= 1
            raise self._bad()
        value = self._variable(token)
        for operator, step in (("++", 1), ("--", -1)):
            if self._accept(operator):
                self._store(token, value + step, live)
        return value


def number(text: str) -> int:
    """`12`, `0x1f`, `017` (octal) o `2#101`. `ArithmeticFailure` si no lo es."""
    try:
        if "#" in text:
            base, _, digits = text.partition("#")
            return wrap(int(digits, int(base)))
        if text[:2] in ("0x", "0X"):
            return wrap(int(text, 16))
        return wrap(int(text, 8) if len(text) > 1 and text[0] == "0" else int(text))
    except ValueError:
        raise ArithmeticFailure("arithmetic", text) from None
