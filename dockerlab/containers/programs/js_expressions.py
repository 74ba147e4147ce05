"""Las expresiones de JavaScript, leídas: de las fichas a un árbol de tuplas (clase, ...).

Fuente: ECMA-262, *Expressions*.
"""

from __future__ import annotations

from typing import Any

from .js_syntax import JsSyntaxError, Token

Node = tuple[Any, ...]
BINARY = {"??": 1, "||": 2, "&&": 3, "|": 4, "^": 5, "&": 6, "==": 7, "!=": 7, "===": 7, "!==": 7, "<": 8,
          ">": 8, "<=": 8,
          ">=": 8, "instanceof": 8, "in": 8, "<<": 9, ">>": 9, ">>>": 9, "+": 10, "-": 10, "*": 11, "/": 11,
          "%": 11, "**": 12}
ASSIGN = {"=", "+=", "-=", "*=", "/=", "%=", "**=", "&&=", "||=", "??=", "|=", "&=", "^=", "<<=", ">>="}
UNARY = {"!", "-", "+", "~", "typeof", "void", "delete"}
RESERVED = {"if", "else", "for", "while", "do", "return", "break", "continue", "switch", "case", "default",
            "throw", "try",
            "catch", "finally", "var", "const", "function", "class", "new", "in", "instanceof", "typeof",
            "void", "delete",
            "this", "null", "true", "false", "import", "export"}


class Expressions:
    """Lee fichas desde `at`."""

    def block(self) -> list[Node]:
        """El cuerpo de una función: lo lee `Parser`."""
        raise NotImplementedError

    def __init__(self, tokens: list[Token]):
        self.tokens, self.at, self.no_in = tokens, 0, False

    # -- fichas --
    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def sees(self, *values: str) -> bool:
        return self.token.kind in ("punct", "name") and self.token.value in values

    def take(self, value: str | None = None) -> Token:
        token = self.token
        if value is not None and not self.sees(value):
            raise self.unexpected()
        self.at += 1
        return token

    def maybe(self, value: str) -> bool:
        if self.sees(value):
            self.at += 1
            return True
        return False

    def peek(self, ahead: int = 1) -> Token:
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)]

    def unexpected(self) -> JsSyntaxError:
        token = self.token
        texts = {"end": "Unexpected end of input", "string": "Unexpected string",
                 "number": "Unexpected number",
                 "template": "Unexpected template string", "name": f"Unexpected identifier '{token.value}'"}
        text = texts.get(token.kind, f"Unexpected token '{token.value}'")
        if token.kind == "name" and token.value in RESERVED:
            text = f"Unexpected token '{token.value}'"
        width = len(token.value) if isinstance(token.value, str) else 1
        return JsSyntaxError(text, token.line, token.column, max(width, 1))

    def semicolon(self) -> None:
        if not self.maybe(";") and not self.sees("}") and self.token.kind != "end" and not self.token.newline:
            raise self.unexpected()

    def name(self) -> str:
        if self.token.kind != "name" or self.token.value in RESERVED:
            raise self.unexpected()
        return self.take().value

    # -- expresiones --
    def expression(self) -> Node:
        value = self.assignment()
        while self.maybe(","):
            value = ("comma", value, self.assignment())
        return value

    def assignment(self) -> Node:
        arrow = self.arrow()
        if arrow:
            return arrow
        if self.sees("yield"):
            raise self.unexpected()
        left = self.conditional()
        if self.token.kind == "punct" and self.token.value in ASSIGN:
            if left[0] not in ("name", "member", "array", "object"):
                raise JsSyntaxError("Invalid left-hand side in assignment", self.token.line,
                                    self.token.column)
            sign = self.take().value
            return ("assign", sign, left, self.assignment())
        return left

    def arrow(self) -> Node | None:
        """Una función flecha, si es lo que empieza aquí."""
        start = self.at
        follows = self.peek()
        is_async = self.sees("async") and not follows.newline and (follows.kind == "name" or follows.value == "(")
        if is_async and self.peek().value != "function":
            self.take()
        elif is_async:
            return None
        if self.token.kind == "name" and self.token.value not in RESERVED and self.peek().value == "=>" and \
                self.peek().kind == "punct":
            params = [(("name", self.take().value, self.token.line), None, False)]
        elif self.sees("(") and self.tokens[self.matching()].value == "=>":
            params = self.parameters()
        else:
            self.at = start
            return None
        line = self.take("=>").line
        inner, self.no_in = self.no_in, False
        body = self.block() if self.sees("{") else [("return", self.assignment())]
        self.no_in = inner
        return ("function", "", params, body, is_async, True, line)

    def matching(self) -> int:
        """La ficha que va tras el paréntesis que cierra."""
        depth = 0
        for at in range(self.at, len(self.tokens)):
            token = self.tokens[at]
            if token.kind == "punct":
                depth += (token.value in ("(", "[", "{")) - (token.value in (")", "]", "}"))
                if not depth:
                    return min(at + 1, len(self.tokens) - 1)
        return len(self.tokens) - 1

    def parameters(self) -> list[tuple[Node, Node | None, bool]]:
        """(destino, valor por omisión, si recoge el resto)."""
        self.take("(")
        out = []
        while not self.maybe(")"):
            rest = self.maybe("...")
            target = self.target()
            out.append((target, self.assignment() if self.maybe("=") else None, rest))
            if not self.sees(")"):
                self.take(",")
        return out

    def function(self, is_async: bool) -> Node:
        line = self.take("function").line
        if self.sees("*"):
            raise self.unexpected()
        name = self.take().value if self.token.kind == "name" else ""
        params = self.parameters()
        return ("function", name, params, self.block(), is_async, False, line)

    def conditional(self) -> Node:
        test = self.binary(0)
        if not self.maybe("?"):
            return test
        inner, self.no_in = self.no_in, False
        yes = self.assignment()
        self.no_in = inner
        self.take(":")
        return ("?", test, yes, self.assignment())

    def binary(self, least: int) -> Node:
        left = self.unary()
        while self.token.kind in ("punct", "name") and self.token.value in BINARY:
            sign = self.token.value
            power = BINARY[sign]
            if power < least or (sign == "in" and self.no_in):
                break
            self.take()
            right = self.binary(power if sign == "**" else power + 1)
            left = ("logic" if sign in ("&&", "||", "??") else "binary", sign, left, right)
        return left

    def unary(self) -> Node:
        if self.token.kind in ("punct", "name") and self.token.value in UNARY:
            return ("unary", self.take().value, self.unary())
        if self.sees("++", "--"):
            sign = self.take().value
            return ("update", sign, True, self.unary())
        if self.sees("await") and self.peek().value not in ("=", ")", ",", ";", "."):
            line = self.take().line
            return ("await", self.unary(), line)
        value = self.postfix(self.primary())
        if self.sees("++", "--") and not self.token.newline:
            return ("update", self.take().value, False, value)
        return value

    def postfix(self, value: Node, calls: bool = True) -> Node:
        while True:
            line = self.token.line
            if self.token.kind == "template":
                return value
            if self.maybe("."):
                private = self.maybe("#")
                value = ("member", value, ("string", ("#" if private else "") + self.take().value), False,
                         line)
            elif self.sees("?."):
                self.take()
                if self.sees("("):
                    value = ("call", value, self.arguments(), True, line)
                elif self.maybe("["):
                    value = ("member", value, self.expression(), True, line)
                    self.take("]")
                else:
                    value = ("member", value, ("string", self.take().value), True, line)
            elif self.maybe("["):
                value = ("member", value, self.expression(), False, line)
                self.take("]")
            elif self.sees("(") and calls:
                value = ("call", value, self.arguments(), False, line)
            else:
                return value

    def arguments(self) -> list[Node]:
        self.take("(")
        inner, self.no_in = self.no_in, False
        out = self.items(")")
        self.no_in = inner
        return out

    def items(self, end: str) -> list[Node]:
        out: list[Node] = []
        while not self.maybe(end):
            if self.maybe(","):
                out.append(("undefined",))
                continue
            out.append(("spread", self.assignment()) if self.maybe("...") else self.assignment())
            if not self.sees(end):
                if not self.sees(","):
                    token = self.token
                    raise (JsSyntaxError("missing ) after argument list", token.line, token.column,
                                         len(str(token.value)) or 1)
                           if end == ")" else self.unexpected())
                self.take(",")
        return out

    def primary(self) -> Node:
        token = self.token
        if token.kind in ("number", "string"):
            self.take()
            return (token.kind, token.value)
        if token.kind == "template":
            self.take()
            return ("template", [part if isinstance(part, str) else type(self)(part).expression()
                                 for part in token.value])
        if token.kind == "regex":
            self.take()
            return ("regex", *token.value)
        if token.kind == "punct":
            if token.value == "(":
                value = self.parenthesised()
                return ("group", value) if value[0] in ("object", "array") else value
            if token.value == "[":
                self.take()
                return ("array", self.items("]"))
            if token.value == "{":
                return self.object()
            raise self.unexpected()
        word = token.value
        if word == "async" and self.peek().value == "function":
            self.take()
            return self.function(True)
        if word == "function":
            return self.function(False)
        if word == "class":
            return self.class_()
        if word == "new":
            return self.new()
        if word in ("true", "false", "null", "this", "import"):
            self.take()
            return ("name", "import", token.line) if word == "import" else (word,)
        if token.kind == "end" or word in RESERVED:
            raise self.unexpected()
        self.take()
        if word == "undefined":
            return ("undefined",)
        return ("super", token.line) if word == "super" else ("name", word, token.line)

    def new(self) -> Node:
        line = self.take("new").line
        callee = self.new() if self.sees("new") else self.postfix(self.primary(), calls=False)
        return ("new", callee, self.arguments() if self.sees("(") else [], line)

    def object(self) -> Node:
        """Pares: (clave, valor, clase), con clase value, get, set o spread."""
        self.take("{")
        inner, self.no_in, out = self.no_in, False, []
        while not self.maybe("}"):
            if self.maybe("..."):
                out.append((None, self.assignment(), "spread"))
            else:
                out.append(self.property())
            if not self.sees("}"):
                self.take(",")
        self.no_in = inner
        return ("object", out)

    def property(self) -> tuple[Any, Any, str]:
        kind, is_async, line = "value", False, self.token.line
        if self.sees("get", "set", "async") and self.peek().value not in (",", ":", "(", "}", "="):
            word = self.take().value
            kind, is_async = (word, False) if word != "async" else ("value", True)
        shorthand = self.token
        key = self.key()
        if self.sees("("):
            params = self.parameters()
            return key, ("function", key[1] if key[0] == "string" else "", params, self.block(), is_async,
                         False, line), kind
        if self.maybe(":"):
            return key, self.assignment(), "value"
        value: Node = ("name", shorthand.value, shorthand.line)
        if self.maybe("="):
            value = ("assign", "=", value, self.assignment())
        elif shorthand.kind != "name":
            raise self.unexpected()
        return key, value, "value"

    def key(self) -> Node:
        if self.maybe("["):
            value = self.expression()
            self.take("]")
            return value
        private = self.maybe("#")
        token = self.take()
        if token.kind not in ("name", "string", "number"):
            self.at -= 1
            raise self.unexpected()
        text = token.value if token.kind != "number" else f"{token.value:g}"
        return ("string", ("#" if private else "") + text)

    def class_(self) -> Node:
        """(class, nombre, base, miembros): cada miembro es (clave, valor, clase, estático)."""
        self.take("class")
        name = self.name() if not self.sees("{", "extends") else ""
        base = self.postfix(self.primary()) if self.maybe("extends") else None
        members = []
        self.take("{")
        while not self.maybe("}"):
            if self.maybe(";"):
                continue
            static = self.sees("static") and self.peek().value not in ("(", "=")
            if static:
                self.take()
            start = self.at
            if self.sees("get", "set", "async") and self.peek().value not in ("(", "=", ";"):
                self.take()
            self.key()
            if self.sees("("):
                self.at = start
                members.append((*self.property(), static))
            else:
                self.at = start
                key = self.key()
                members.append((key, self.assignment() if self.maybe("=") else ("undefined",), "field",
                                static))
                self.semicolon()
        return ("class", name, base, members)
