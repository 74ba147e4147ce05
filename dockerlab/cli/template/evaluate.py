"""Recorrer una plantilla con un valor (paquete text/template, `exec.go`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dockerlab.errors import DockerlabError, fault

from .functions import FUNCTIONS, go_type, truth
from .nodes import (
    Action,
    Branch,
    Chain,
    Command,
    Dot,
    Expression,
    Field,
    Function,
    Jump,
    Literal,
    Node,
    Pipe,
    Text,
    Variable,
)
from .syntax import Parser
from .values import NO_VALUE, Row, Struct, go_string


class _Break(Exception):
    """`{{break}}`."""


class _Continue(Exception):
    """`{{continue}}`."""


class Template:
    """Una plantilla leída. `name`: cómo se llama en los errores. Falta `template-syntax` si no se entiende."""

    def __init__(self, source: str, name: str = ""):
        self.source, self.name = source, name
        try:
            self.body = Parser(source).parse()
        except DockerlabError as error:
            raise fault("template-parse", name=name, line=error.data["line"], reason=error.data["reason"]) from None

    def render(self, value: Any, functions: Mapping[str, Callable[..., Any]] = FUNCTIONS, *,
               strict: bool = False) -> str:
        """El texto. `strict`: pedir a un mapa una clave que no tiene es un error. Falta `template-exec`."""
        return _Run(self, value, functions, strict).text()


class _Run:
    """Una ejecución: el valor raíz, las variables y lo escrito hasta ahora."""

    def __init__(self, template: Template, value: Any, functions: Mapping[str, Callable[..., Any]], strict: bool):
        self.template, self.functions, self.strict = template, functions, strict
        self.variables: list[tuple[str, Any]] = [("$", value)]
        self.out: list[str] = []

    def text(self) -> str:
        """Todo lo escrito."""
        self.walk(self.template.body, self.variables[0][1])
        return "".join(self.out)

    def error(self, node: Expression | Command, reason: str) -> DockerlabError:
        """La falta, con la línea y la columna de `node`."""
        before = self.template.source[:node.position]
        line = before.count("\n") + 1
        column = len(before.rpartition("\n")[2].encode())
        return fault("template-exec", name=self.template.name, line=line, column=column, node=str(node), reason=reason)

    def walk(self, nodes: Iterable[Node], dot: Any) -> None:
        """Escribe una lista de piezas."""
        known = len(self.variables)
        for node in nodes:
            match node:
                case Text():
                    self.out.append(node.text)
                case Action():
                    value = self.pipe(node.pipe, dot)
                    if not node.pipe.variables:
                        nothing = value is NO_VALUE or (value is None and self.strict)
                        self.out.append("<no value>" if nothing else go_string(value))
                case Jump():
                    raise _Break if node.kind == "break" else _Continue
                case Branch(kind="range"):
                    self.range(node, dot)
                case Branch():
                    self.branch(node, dot)
        del self.variables[known:]

    def branch(self, node: Branch, dot: Any) -> None:
        """`if` y `with`."""
        known = len(self.variables)
        value = self.pipe(node.pipe, dot)
        inner = value if node.kind == "with" else dot
        if truth(value):
            self.walk(node.body, inner)
        else:
            self.walk(node.otherwise, dot)
        del self.variables[known:]

    def range(self, node: Branch, dot: Any) -> None:
        """`range` sobre una lista, un mapa (por orden de clave) o un número."""
        known = len(self.variables)
        value = self.pipe(node.pipe, dot)
        if isinstance(value, Mapping):
            items = [(key, value[key]) for key in sorted(value)]
        elif isinstance(value, (list, tuple)):
            items = list(enumerate(value))
        elif isinstance(value, int) and not isinstance(value, bool):
            items = [(number, number) for number in range(value)]
        elif value is None or value is NO_VALUE:
            items = []
        else:
            raise self.error(node.pipe, f"range can't iterate over {go_string(value)}")
        names = node.pipe.variables
        for key, item in items:
            del self.variables[known:]
            self.variables += zip(names, (key, item) if len(names) == 2 else (item,), strict=False)
            try:
                self.walk(node.body, item)
            except _Break:
                break
            except _Continue:
                continue
        del self.variables[known:]
        if not items:
            self.walk(node.otherwise, dot)

    def pipe(self, pipe: Pipe, dot: Any) -> Any:
        """Lo que vale una tubería; declara o cambia sus variables."""
        value: Any = NO_VALUE
        for number, command in enumerate(pipe.commands):
            value = self.command(command, dot, () if number == 0 else (value,))
        if pipe.variables and pipe.assigns:
            name = pipe.variables[0]
            at = max(at for at, (known, _) in enumerate(self.variables) if known == name)
            self.variables[at] = (name, value)
        else:
            self.variables += [(name, value) for name in pipe.variables]
        return value

    def command(self, command: Command, dot: Any, final: tuple[Any, ...]) -> Any:
        """Una función con sus argumentos, un método de fila (`.Label "a"`) o un valor."""
        first, *rest = command.arguments
        if isinstance(first, Function):
            return self.call(command, first, rest, dot, final)
        if isinstance(first, Literal) and first.value is None:
            raise self.error(first, "nil is not a command")
        value = self.value(first, dot)
        if callable(value):
            return value(*(self.value(item, dot) for item in rest), *final)
        if rest or final:
            raise self.error(first, f"can't give argument to non-function {first}")
        return value

    def call(self, command: Command, function: Function, rest: list[Expression], dot: Any,
             final: tuple[Any, ...]) -> Any:
        """Llama a una función; `and` y `or` no miran más argumentos de los que necesitan."""
        values: list[Any] = []
        for item in rest:
            values.append(self.value(item, dot))
            if (function.name == "and" and not truth(values[-1])) or (function.name == "or" and truth(values[-1])):
                return values[-1]
        values += final
        if not values and function.name not in ("print", "println"):
            raise self.error(command, f"wrong number of args for {function.name}: want at least 1 got 0")
        try:
            return self.functions[function.name](*values)
        except ValueError as error:
            raise self.error(command, f"error calling {function.name}: {error}") from None
        except TypeError as error:
            culprit = rest[0] if rest else function
            if str(error).startswith("wrong type"):
                raise self.error(culprit, str(error)) from None
            raise self.error(command, f"wrong number of args for {function.name}: got {len(values)}") from None

    def value(self, node: Expression, dot: Any) -> Any:
        """Lo que vale un operando."""
        match node:
            case Literal():
                return node.value
            case Dot():
                return dot
            case Pipe():
                return self.pipe(node, dot)
            case Variable():
                found = next(value for name, value in reversed(self.variables) if name == node.name)
                return self.fields(node, found, node.names)
            case Field():
                return self.fields(node, dot, node.names)
            case Chain():
                return self.fields(node, self.value(node.base, dot), node.names)
        return self.functions[node.name]()

    def fields(self, node: Expression, value: Any, names: Iterable[str]) -> Any:
        """`value.a.b.c`."""
        for name in names:
            value = self.field(node, value, name)
        return value

    def field(self, node: Expression, value: Any, name: str) -> Any:
        """Un campo de una fila, una estructura o un mapa."""
        if isinstance(value, Row):
            if name not in value:
                raise self.error(node, f"can't evaluate field {name} in type {value.type_name}")
            return value[name]
        if isinstance(value, Mapping):
            if name in value or (isinstance(value, Struct) and name in value.defaults):
                return value[name]
            if self.strict or isinstance(value, Struct):
                raise self.error(node, f'map has no entry for key "{name}"')
            return NO_VALUE
        if value is None or value is NO_VALUE:
            raise self.error(node, f"nil data; no entry for key \"{name}\"")
        kind = "interface {}" if self.strict else go_type(value)
        raise self.error(node, f"can't evaluate field {name} in type {kind}")
