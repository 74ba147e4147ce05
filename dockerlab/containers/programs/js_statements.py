"""Las sentencias de JavaScript: bloques, bucles, `try`, `switch`, `import`..."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from .js_parser import Node
from .js_values import Array, Function, Thing, Throw, fail, same, text_of, truthy, undefined

Run = Generator[Any, Any, Any]
REST = "descanso"        # lo que se cede cada `PATIENCE` pasos
PATIENCE = 20_000


class Leave(Exception):
    """return, break o continue en marcha."""

    def __init__(self, kind: str, value: Any = undefined):
        super().__init__(kind)
        self.kind, self.value = kind, value


class Scope:
    """Unos nombres, y los de fuera."""

    __slots__ = ("names", "outer", "fixed")

    def __init__(self, outer: Scope | None = None, names: dict[str, Any] | None = None):
        self.outer, self.names, self.fixed = outer, {} if names is None else names, set[str]()

    def find(self, name: str) -> Scope | None:
        scope: Scope | None = self
        while scope is not None and name not in scope.names:
            scope = scope.outer
        return scope


class Statements:
    """La mitad de la máquina que hace cosas; `Machine` añade la que calcula valores."""

    steps = 0
    line = 0

    # -- sentencias --
    def block(self, body: list[Node], scope: Scope) -> Run:
        """Las sentencias de un bloque; las funciones que declara existen desde el principio."""
        for node in body:
            if node[0] == "define":
                scope.names[node[1]] = self.make(node, scope)
            elif node[0] == "export" and node[1] == "declaration" and node[2][0] == "define":
                scope.names[node[2][1]] = self.make(node[2], scope)
        for node in body:
            yield from self.statement(node, scope)

    def statement(self, node: Node, scope: Scope) -> Run:
        self.steps += 1
        if self.steps % PATIENCE == 0:
            yield REST
        kind = node[0]
        if kind == "expr":
            self.line = node[2]
            return (yield from self.value(node[1], scope))
        return (yield from getattr(self, f"do_{kind}")(node, scope))

    def do_define(self, node: Node, scope: Scope) -> Run:
        return
        yield

    def do_var(self, node: Node, scope: Scope) -> Run:
        for target, source in node[2]:
            value = undefined if source is None else (yield from self.value(source, scope))
            if isinstance(value, Function) and not value.name and target[0] == "name":
                value.name = target[1]
            yield from self.bind(target, value, scope, node[1])

    def bind(self, target: Node, value: Any, scope: Scope, kind: str | None) -> Run:
        """Da valor a un nombre o a un patrón. `kind`: var, let o const si es una declaración; `None` si se asigna."""
        match target[0]:
            case "name" if kind:
                if target[1] in scope.names and kind != "var" and target[1] in scope.fixed:
                    raise fail(f"Identifier '{target[1]}' has already been declared", "SyntaxError")
                scope.names[target[1]] = value
                if kind == "const":
                    scope.fixed.add(target[1])
            case "assign":
                if value is undefined:
                    value = yield from self.value(target[3], scope)
                yield from self.bind(target[2], value, scope, kind)
            case "array":
                items = self.library.listed(value)
                for at, piece in enumerate(target[1]):
                    if piece[0] == "spread":
                        yield from self.bind(piece[1], Array(items[at:]), scope, kind)
                    elif piece[0] != "undefined":
                        yield from self.bind(piece, items[at] if at < len(items) else undefined, scope, kind)
            case "object":
                if value is None or value is undefined:
                    raise fail(f"Cannot destructure '{text_of(value)}' as it is {text_of(value)}.")
                taken = []
                for key, piece, how in target[1]:
                    if how == "spread":
                        rest = {name: item for name, item in value.props.items() if name not in taken}
                        yield from self.bind(piece, Thing(rest), scope, kind)
                    else:
                        taken.append(text_of((yield from self.value(key, scope))))
                        yield from self.bind(piece, (yield from self.get(value, taken[-1])), scope, kind)
            case _:
                yield from self.assign(target, value, scope)

    def do_block(self, node: Node, scope: Scope) -> Run:
        yield from self.block(node[1], Scope(scope))

    def do_if(self, node: Node, scope: Scope) -> Run:
        if truthy((yield from self.value(node[1], scope))):
            yield from self.statement(node[2], scope)
        elif node[3]:
            yield from self.statement(node[3], scope)

    def body(self, node: Node, scope: Scope) -> Run:
        """Una vuelta de un bucle: verdadero si hay que salir."""
        try:
            yield from self.statement(node, scope)
        except Leave as leave:
            if leave.kind == "break":
                return True
            if leave.kind != "continue":
                raise
        return False

    def do_for(self, node: Node, scope: Scope) -> Run:
        _, start, test, step, body = node
        scope = Scope(scope)
        if start:
            yield from self.statement(start, scope)
        while test is None or truthy((yield from self.value(test, scope))):
            inner = Scope(scope.outer, dict(scope.names))    # cada vuelta tiene sus propias variables
            if (yield from self.body(body, inner)):
                break
            scope.names.update(inner.names)
            scope = Scope(scope.outer, dict(inner.names))
            if step:
                yield from self.value(step, scope)

    def do_do(self, node: Node, scope: Scope) -> Run:
        while not (yield from self.body(node[1], scope)):
            if not truthy((yield from self.value(node[2], scope))):
                break

    def do_each(self, node: Node, scope: Scope) -> Run:
        _, kind, target, source, body = node
        value = yield from self.value(source, scope)
        items = self.library.listed(value) if kind == "of" else self.library.keys(value)
        for item in items:
            inner = Scope(scope)
            if target[0] == "var":
                yield from self.bind(target[2][0][0], item, inner, target[1])
            else:
                yield from self.bind(target[1], item, inner, None)
            if (yield from self.body(body, inner)):
                break

    def do_return(self, node: Node, scope: Scope) -> Run:
        raise Leave("return", undefined if node[1] is None else (yield from self.value(node[1], scope)))

    def do_break(self, node: Node, scope: Scope) -> Run:
        raise Leave("break")
        yield

    def do_continue(self, node: Node, scope: Scope) -> Run:
        raise Leave("continue")
        yield

    def do_throw(self, node: Node, scope: Scope) -> Run:
        value = yield from self.value(node[1], scope)
        self.line = node[2]
        raise Throw(value)

    def do_try(self, node: Node, scope: Scope) -> Run:
        _, body, name, handler, final = node
        try:
            yield from self.block(body, Scope(scope))
        except Throw as thrown:
            if handler is None:
                raise
            inner = Scope(scope)
            if name:
                yield from self.bind(name, thrown.value, inner, "let")
            yield from self.block(handler, inner)
        finally:
            if final:
                yield from self.block(final, Scope(scope))

    def do_switch(self, node: Node, scope: Scope) -> Run:
        subject, inner, chosen = (yield from self.value(node[1], scope)), Scope(scope), None
        for at, (test, _) in enumerate(node[2]):
            if test is not None and same(subject, (yield from self.value(test, inner))):
                chosen = at
                break
        if chosen is None:
            chosen = next((at for at, (test, _) in enumerate(node[2]) if test is None), len(node[2]))
        try:
            for _, body in node[2][chosen:]:
                yield from self.block(body, inner)
        except Leave as leave:
            if leave.kind != "break":
                raise

    def do_import(self, node: Node, scope: Scope) -> Run:
        self.line = node[3]
        module = yield from self.library.require(node[1])
        for name, here in node[2]:
            if name == "*" or name == "default" and not (isinstance(module, Thing)
                                                         and "default" in module.props):
                scope.names[here] = module
            else:
                scope.names[here] = yield from self.get(module, name)

    def do_export(self, node: Node, scope: Scope) -> Run:
        exports = scope.find("exports").names["exports"]
        if node[1] == "default":
            exports.props["default"] = yield from self.value(node[2], scope)
        elif node[1] == "names":
            for name, there in node[2]:
                exports.props[there] = scope.names.get(name, undefined)
        else:
            yield from self.statement(node[2], scope)
            inner = node[2]
            names = [inner[1]] if inner[0] == "define" else [target[1] for target, _ in inner[2]]
            exports.props |= {name: scope.names[name] for name in names}
