"""De las fichas de JavaScript a un árbol de tuplas: (clase, ...).

Fuente: ECMA-262, *Statements*. Falta lo que una aplicación pequeña no usa
(generadores, etiquetas, `with`): se dice como error de sintaxis.
"""

from __future__ import annotations

from .js_expressions import RESERVED, Expressions, Node
from .js_syntax import tokenize


def parse(text: str) -> list[Node]:
    """Las sentencias del programa. `JsSyntaxError` si está mal escrito."""
    return Parser(tokenize(text)).program()


class Parser(Expressions):
    """Lee las sentencias."""

    # -- sentencias --
    def program(self) -> list[Node]:
        out = []
        while self.token.kind != "end":
            out.append(self.statement())
        return out

    def block(self) -> list[Node]:
        self.take("{")
        out = []
        while not self.sees("}"):
            if self.token.kind == "end":
                raise self.unexpected()
            out.append(self.statement())
        self.take("}")
        return out

    def statement(self) -> Node:
        word = self.token.value if self.token.kind in ("name", "punct") else ""
        method = getattr(self, f"do_{word}", None) if self.token.kind == "name" else None
        if word == "{":
            return ("block", self.block())
        if word == ";":
            self.take()
            return ("block", [])
        if word == "async" and self.peek().value == "function" and not self.peek().newline:
            self.take()
            return ("define", *self.function(True)[1:])
        if word == "import" and self.peek().value in ("(", "."):
            method = None
        if word == "let" and self.peek().kind != "name" and self.peek().value not in ("[", "{"):
            method = None
        if method and word in RESERVED | {"let"}:
            return method()
        line = self.token.line
        value = self.expression()
        self.semicolon()
        return ("expr", value, line)

    def do_var(self) -> Node:
        node = self.declaration()
        self.semicolon()
        return node

    do_let = do_const = do_var

    def declaration(self) -> Node:
        kind, pairs = self.take().value, []
        while True:
            target = self.target()
            pairs.append((target, self.assignment() if self.maybe("=") else None))
            if not self.maybe(","):
                return ("var", kind, pairs)

    def target(self) -> Node:
        if self.sees("[", "{"):
            return self.primary()
        return ("name", self.name(), self.tokens[self.at - 1].line)

    def do_function(self) -> Node:
        return ("define", *self.function(False)[1:])

    def do_class(self) -> Node:
        node = self.class_()
        return ("var", "let", [(("name", node[1], 0), node)])

    def do_if(self) -> Node:
        self.take()
        test = self.parenthesised()
        yes = self.statement()
        return ("if", test, yes, self.statement() if self.maybe("else") else None)

    def parenthesised(self) -> Node:
        self.take("(")
        value = self.expression()
        self.take(")")
        return value

    def do_for(self) -> Node:
        self.take()
        self.maybe("await")
        self.take("(")
        self.no_in, start = True, None
        if self.sees("var", "let", "const"):
            start = self.declaration()
        elif not self.sees(";"):
            start = ("expr", self.expression(), self.token.line)
        self.no_in = False
        if self.sees("of", "in"):
            kind = self.take().value
            source = self.expression()
            self.take(")")
            return ("each", kind, start, source, self.statement())
        self.take(";")
        test = None if self.sees(";") else self.expression()
        self.take(";")
        step = None if self.sees(")") else self.expression()
        self.take(")")
        return ("for", start, test, step, self.statement())

    def do_while(self) -> Node:
        self.take()
        test = self.parenthesised()
        return ("for", None, test, None, self.statement())

    def do_do(self) -> Node:
        self.take()
        body = self.statement()
        self.take("while")
        test = self.parenthesised()
        self.maybe(";")
        return ("do", body, test)

    def do_return(self) -> Node:
        self.take()
        empty = self.sees(";", "}") or self.token.kind == "end" or self.token.newline
        value = None if empty else self.expression()
        self.semicolon()
        return ("return", value)

    def do_break(self) -> Node:
        word = self.take().value
        self.semicolon()
        return (word,)

    do_continue = do_break

    def do_throw(self) -> Node:
        line = self.take().line
        value = self.expression()
        self.semicolon()
        return ("throw", value, line)

    def do_try(self) -> Node:
        self.take()
        body, name, handler, final = self.block(), None, None, None
        if self.maybe("catch"):
            if self.maybe("("):
                name = self.target()
                self.take(")")
            handler = self.block()
        if self.maybe("finally"):
            final = self.block()
        return ("try", body, name, handler, final)

    def do_switch(self) -> Node:
        self.take()
        subject, cases = self.parenthesised(), []
        self.take("{")
        while not self.maybe("}"):
            test = None if self.maybe("default") else (self.take("case"), self.expression())[1]
            self.take(":")
            body = []
            while not self.sees("case", "default", "}"):
                body.append(self.statement())
            cases.append((test, body))
        return ("switch", subject, cases)

    def do_import(self) -> Node:
        self.take()
        if self.token.kind == "string":
            source, names = self.take().value, []
        else:
            names = self.imported()
            self.take("from")
            source = self.take().value
        self.semicolon()
        return ("import", source, names, self.tokens[self.at - 1].line)

    def imported(self) -> list[tuple[str, str]]:
        """Pares (nombre en el módulo, nombre aquí); `*` es el módulo entero."""
        names = []
        if not self.sees("{", "*"):
            names.append(("default", self.name()))
            if not self.maybe(","):
                return names
        if self.maybe("*"):
            self.take("as")
            return [*names, ("*", self.name())]
        self.take("{")
        while not self.maybe("}"):
            name = self.take().value
            names.append((name, self.take().value if self.maybe("as") else name))
            self.maybe(",")
        return names

    def do_export(self) -> Node:
        self.take()
        if self.maybe("default"):
            value = self.assignment()
            self.maybe(";")
            return ("export", "default", value)
        if self.maybe("{"):
            names = []
            while not self.maybe("}"):
                name = self.take().value
                names.append((name, self.take().value if self.maybe("as") else name))
                self.maybe(",")
            self.semicolon()
            return ("export", "names", names)
        return ("export", "declaration", self.statement())
