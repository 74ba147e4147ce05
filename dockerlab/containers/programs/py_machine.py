"""Un Python pequeño y simulado: recorre el árbol de `ast` y no ejecuta nada de verdad.

Cada nodo es un generador que cede lo que haya que esperar (`time.sleep`, una
conexión). Los datos son los de Python (números, textos, listas, tablas); lo
demás, los objetos de `py_values`. De los métodos solo se llega a los corrientes.
"""

from __future__ import annotations

import ast
from collections.abc import Generator
from typing import Any

from .py_operators import BINARY, COMPARE, UNARY, attribute, safe_binary
from .py_statements import Leave, Run, Scope, Statements
from .py_values import Bound, Class, Function, Instance, Native, raised, repr_of, text_of

DEEPEST = 90
VIEWS = type({}.keys()) | type({}.values()) | type({}.items())
CONVERSIONS = {ord("r"): repr_of, ord("s"): text_of}


class Machine(Statements):
    """El evaluador. `importer(nombre)` da un módulo; `line`, la línea que se ejecuta."""

    def __init__(self, builtins: dict[str, Any], importer: Any):
        self.builtins, self.importer = Scope(None, builtins), importer
        self.module = Scope(self.builtins, {"__name__": "__main__"})
        self.steps = self.depth = self.line = 0
        self.frames: list[tuple[str, int]] = []
        self.handling: list[Any] = []

    # -- valores --
    def value(self, node: ast.expr, scope: Scope) -> Run:
        match node:
            case ast.Constant():
                return node.value
            case ast.Name():
                return scope.get(node.id)
        method = getattr(self, f"of_{type(node).__name__}", None)
        if method is None:
            raise raised("SyntaxError", f"dockerlab no simula la expresión {type(node).__name__}")
        return (yield from method(node, scope))

    def truth(self, node: ast.expr, scope: Scope) -> Run:
        value = yield from self.value(node, scope)
        return bool(value) if not isinstance(value, Instance) else True

    def listed(self, value: Any) -> Run:
        """Los elementos de algo que se recorre."""
        if isinstance(value, Instance):
            maker = value.find("__iter__")
            if maker:
                return (yield from self.listed((yield from self.call(maker, [], {}))))
        if isinstance(value, set | frozenset):      # en orden, para que sea el mismo en todos los equipos
            return sorted(value, key=repr_of)
        if isinstance(value, range):
            return value
        if isinstance(value, str | bytes | list | tuple | dict | VIEWS):
            return list(value)
        raise raised("TypeError", f"'{type_name(value)}' object is not iterable")

    def several(self, nodes: list[ast.expr], scope: Scope) -> Run:
        out: list[Any] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                out += yield from self.listed((yield from self.value(node.value, scope)))
            else:
                out.append((yield from self.value(node, scope)))
        return out

    def of_List(self, node: ast.List, scope: Scope) -> Run:
        return (yield from self.several(node.elts, scope))

    def of_Tuple(self, node: ast.Tuple, scope: Scope) -> Run:
        return tuple((yield from self.several(node.elts, scope)))

    def of_Set(self, node: ast.Set, scope: Scope) -> Run:
        return set((yield from self.several(node.elts, scope)))

    def of_Dict(self, node: ast.Dict, scope: Scope) -> Run:
        out: dict[Any, Any] = {}
        for key, source in zip(node.keys, node.values, strict=True):
            value = yield from self.value(source, scope)
            if key is None:
                out |= value
            else:
                out[(yield from self.value(key, scope))] = value
        return out

    def of_JoinedStr(self, node: ast.JoinedStr, scope: Scope) -> Run:
        out = ""
        for part in node.values:
            if isinstance(part, ast.Constant):
                out += part.value
            else:
                assert isinstance(part, ast.FormattedValue)
                value = yield from self.value(part.value, scope)
                value = CONVERSIONS.get(part.conversion, lambda value: value)(value)
                spec = (yield from self.value(part.format_spec, scope)) if part.format_spec else ""
                out += self.guard(lambda value=value,
                                  spec=spec: format(value, spec)) if spec and not isinstance(
                    value, Instance) else text_of(value)
        return out

    def of_BinOp(self, node: ast.BinOp, scope: Scope) -> Run:
        left, right = (yield from self.value(node.left, scope)), (yield from self.value(node.right, scope))
        special = left.find(f"__{type(node.op).__name__.lower()}__") if isinstance(left, Instance) else None
        if special:
            return (yield from self.call(special, [right], {}))
        if isinstance(node.op, ast.Mod) and isinstance(left, str):
            pieces = right if isinstance(right, tuple | dict) else (right,)
            right = tuple(text_of(piece) if isinstance(piece, Instance | Class) else piece
                          for piece in pieces) if \
                isinstance(pieces, tuple) else pieces
        return safe_binary(BINARY[type(node.op)], left, right)

    def of_UnaryOp(self, node: ast.UnaryOp, scope: Scope) -> Run:
        if isinstance(node.op, ast.Not):
            return not (yield from self.truth(node.operand, scope))
        value = yield from self.value(node.operand, scope)
        return self.guard(lambda: UNARY[type(node.op)](value))

    def of_BoolOp(self, node: ast.BoolOp, scope: Scope) -> Run:
        value: Any = None
        for each in node.values:
            value = yield from self.value(each, scope)
            if bool(value) != isinstance(node.op, ast.And):
                break
        return value

    def of_Compare(self, node: ast.Compare, scope: Scope) -> Run:
        left = yield from self.value(node.left, scope)
        for operator, source in zip(node.ops, node.comparators, strict=True):
            right = yield from self.value(source, scope)
            if isinstance(operator, ast.In | ast.NotIn) and isinstance(right, Instance):
                right = yield from self.listed(right)
            if not self.guard(lambda operator=operator, left=left,
                              right=right: COMPARE[type(operator)](left, right)):
                return False
            left = right
        return True

    def of_IfExp(self, node: ast.IfExp, scope: Scope) -> Run:
        return (yield from self.value(node.body if (yield from self.truth(node.test, scope)) else node.orelse,
                                      scope))

    def of_NamedExpr(self, node: ast.NamedExpr, scope: Scope) -> Run:
        value = yield from self.value(node.value, scope)
        scope.set(node.target.id, value)
        return value

    def of_Attribute(self, node: ast.Attribute, scope: Scope) -> Run:
        found = attribute((yield from self.value(node.value, scope)), node.attr)
        if isinstance(found, Bound) and found.is_property:
            return (yield from self.call(found, [], {}))
        return found

    def of_Subscript(self, node: ast.Subscript, scope: Scope) -> Run:
        holder = yield from self.value(node.value, scope)
        key = yield from self.value(node.slice, scope)
        if isinstance(holder, Instance):
            return (yield from self.call(attribute(holder, "__getitem__"), [key], {}))
        return self.guard(lambda: holder[key])

    def of_Slice(self, node: ast.Slice, scope: Scope) -> Run:
        ends = []
        for each in (node.lower, node.upper, node.step):
            ends.append(None if each is None else (yield from self.value(each, scope)))
        return slice(*ends)

    def of_Lambda(self, node: ast.Lambda, scope: Scope) -> Run:
        defaults = yield from self.several(node.args.defaults, scope)
        body: list[ast.stmt] = [ast.copy_location(ast.Return(node.body), node)]
        return Function("<lambda>", node.args, body, scope, defaults, {})

    def of_ListComp(self, node: Any, scope: Scope) -> Run:
        out: list[Any] = []
        yield from self.comprehend(node.generators, Scope(scope),
                                   lambda inner: self.keep(out, node.elt, inner))
        return out

    of_GeneratorExp = of_ListComp

    def keep(self, out: list[Any], node: ast.expr, scope: Scope) -> Run:
        out.append((yield from self.value(node, scope)))

    def of_SetComp(self, node: ast.SetComp, scope: Scope) -> Run:
        return set((yield from self.of_ListComp(node, scope)))

    def of_DictComp(self, node: ast.DictComp, scope: Scope) -> Run:
        out: dict[Any, Any] = {}

        def put(inner: Scope) -> Run:
            out[(yield from self.value(node.key, inner))] = yield from self.value(node.value, inner)
        yield from self.comprehend(node.generators, Scope(scope), put)
        return out

    def comprehend(self, loops: list[ast.comprehension], scope: Scope, action: Any) -> Run:
        loop, rest = loops[0], loops[1:]
        for item in (yield from self.listed((yield from self.value(loop.iter, scope)))):
            yield from self.assign(loop.target, item, scope)
            for test in loop.ifs:
                if not (yield from self.truth(test, scope)):
                    break
            else:
                yield from (self.comprehend(rest, scope, action) if rest else action(scope))

    # -- llamadas --
    def of_Call(self, node: ast.Call, scope: Scope) -> Run:
        if isinstance(node.func, ast.Name) and node.func.id == "super":
            place = scope
            while "self" not in place.names and place.outer:
                place = place.outer
            return Bound(place.names["self"], place.names["(clase)"], is_super=True)
        function = yield from self.value(node.func, scope)
        args, named = (yield from self.several(node.args, scope)), {}
        for keyword in node.keywords:
            value = yield from self.value(keyword.value, scope)
            named |= value if keyword.arg is None else {keyword.arg: value}
        self.line = node.lineno
        return (yield from self.call(function, args, named))

    def call(self, function: Any, args: list[Any], named: dict[str, Any]) -> Run:
        match function:
            case Native():
                try:
                    result = function.body(self, *args, **named)
                    return (yield from result) if isinstance(result, Generator) else result
                except TypeError as error:
                    if "argument" not in str(error):
                        raise
                    raise raised("TypeError", f"{function.name}() {str(error).rpartition(') ')[2]}") from None
            case Bound():
                return (yield from self.call(function.function, [function.owner, *args], named))
            case Class():
                return (yield from self.build(function, args, named))
            case Function():
                return (yield from self.perform(function, args, named))
            case Instance() if function.find("__call__"):
                return (yield from self.call(function.find("__call__"), args, named))
        raise raised("TypeError", f"'{type_name(function)}' object is not callable")

    def build(self, maker: Class, args: list[Any], named: dict[str, Any]) -> Run:
        native = maker.lookup("(nueva)")
        made = Instance(maker)
        if native:
            native(made, args)
        start = maker.lookup("__init__")
        if isinstance(start, Function | Native):
            yield from self.call(Bound(made, start), args, named)
        elif args and not native:
            raise raised("TypeError", f"{maker.name}() takes no arguments")
        return made

    def perform(self, function: Function, args: list[Any], named: dict[str, Any]) -> Run:
        self.depth += 1
        if self.depth > DEEPEST:
            raise raised("RecursionError", "maximum recursion depth exceeded")
        self.frames.append((function.name, self.line))
        scope = Scope(function.scope, bind(function, args, named))
        if function.owner is not None:
            scope.names["(clase)"] = function.owner
        try:
            yield from self.run(function.body, scope)
        except Leave as leave:
            return leave.value
        finally:
            self.depth -= 1
            self.frames.pop()
        return None


def type_name(value: Any) -> str:
    if isinstance(value, Instance):
        return value.kind.name
    return {Class: "type", Function: "function", Native: "builtin_function_or_method", Bound: "method",
            type(None): "NoneType"}.get(type(value), type(value).__name__)


def bind(function: Function, args: list[Any], named: dict[str, Any]) -> dict[str, Any]:
    """Los nombres de los parámetros con sus valores. `Raise` TypeError si no casan."""
    wanted = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    names: dict[str, Any] = dict(zip(wanted, args, strict=False))
    extra, named = args[len(wanted):], dict(named)
    if extra and function.args.vararg is None:
        raise raised("TypeError", f"{function.name}() takes {len(wanted)} positional "
                     f"argument{'s' * (len(wanted) != 1)} "
                                  f"but {len(args)} {'were' if len(args) != 1 else 'was'} given")
    for name in [*wanted, *(each.arg for each in function.args.kwonlyargs)]:
        if name in named:
            names[name] = named.pop(name)
    for name, value in zip(wanted[::-1], function.defaults[::-1], strict=False):
        names.setdefault(name, value)
    names = {**function.keywords, **names}
    missing = [name for name in [*wanted, *(each.arg for each in function.args.kwonlyargs)]
               if name not in names]
    if missing:
        quoted = " and ".join(f"'{name}'" for name in missing)
        raise raised("TypeError", f"{function.name}() missing {len(missing)} required positional "
                                  f"argument{'s' * (len(missing) > 1)}: {quoted}")
    if function.args.vararg:
        names[function.args.vararg.arg] = tuple(extra)
    if function.args.kwarg:
        names[function.args.kwarg.arg] = named
    elif named:
        raise raised("TypeError", f"{function.name}() got an unexpected keyword argument "
                     f"'{next(iter(named))}'")
    return names


