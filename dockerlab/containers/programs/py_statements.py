"""Las sentencias del Python simulado: asignar, repetir, definir, importar, atrapar errores..."""

from __future__ import annotations

import ast
from collections.abc import Generator
from typing import Any

from ..requests import Cpu
from .py_operators import BINARY, attribute, safe_binary
from .py_values import Class, Function, Instance, Module, Raise, instance_of, raised, repr_of, text_of

Run = Generator[Any, Any, Any]
PATIENCE = 20_000


class Leave(Exception):
    """return, break o continue."""

    def __init__(self, kind: str, value: Any = None):
        super().__init__(kind)
        self.kind, self.value = kind, value


class Scope:
    """Unos nombres y los de fuera; `shared`, los declarados con global o nonlocal."""

    def __init__(self, outer: Scope | None = None, names: dict[str, Any] | None = None):
        self.outer, self.names, self.shared = outer, {} if names is None else names, {}

    def get(self, name: str) -> Any:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        raise raised("NameError", f"name '{name}' is not defined")

    def set(self, name: str, value: Any) -> None:
        self.shared.get(name, self).names[name] = value


class Statements:
    """La mitad de la máquina que hace cosas; `Machine` añade la que calcula valores."""

    steps = line = 0

    def run(self, body: list[ast.stmt], scope: Scope) -> Run:
        for node in body:
            self.steps += 1
            if self.steps % PATIENCE == 0:
                yield Cpu(0.02)
            self.line = node.lineno
            method = getattr(self, f"do_{type(node).__name__}", None)
            if method is None:
                raise raised("SyntaxError", f"dockerlab no simula la sentencia {type(node).__name__}")
            yield from method(node, scope)

    # -- sentencias --
    def do_Expr(self, node: ast.Expr, scope: Scope) -> Run:
        return (yield from self.value(node.value, scope))

    def do_Pass(self, node: ast.Pass, scope: Scope) -> Run:
        return
        yield

    def do_Assign(self, node: ast.Assign, scope: Scope) -> Run:
        value = yield from self.value(node.value, scope)
        for target in node.targets:
            yield from self.assign(target, value, scope)

    def do_AnnAssign(self, node: ast.AnnAssign, scope: Scope) -> Run:
        if node.value:
            yield from self.assign(node.target, (yield from self.value(node.value, scope)), scope)

    def do_AugAssign(self, node: ast.AugAssign, scope: Scope) -> Run:
        source = ast.copy_location(ast.fix_missing_locations(_load(node.target)), node)
        left = yield from self.value(source, scope)
        right = yield from self.value(node.value, scope)
        yield from self.assign(node.target, safe_binary(BINARY[type(node.op)], left, right), scope)

    def assign(self, target: ast.expr, value: Any, scope: Scope) -> Run:
        match target:
            case ast.Name():
                scope.set(target.id, value)
            case ast.Tuple() | ast.List():
                items = list((yield from self.listed(value)))
                star = next((at for at, piece in enumerate(target.elts) if isinstance(piece, ast.Starred)),
                            None)
                if star is None and len(items) != len(target.elts):
                    kind = "too many values to unpack (expected" if len(items) > len(target.elts) else \
                        "not enough values to unpack (expected"
                    raise raised("ValueError", f"{kind} {len(target.elts)}" +
                                 (f", got {len(items)})" if len(items) < len(target.elts) else ")"))
                if star is not None:
                    after = len(target.elts) - star - 1
                    items = [*items[:star], items[star:len(items) - after], *items[len(items) - after:]]
                for piece, item in zip(target.elts, items, strict=True):
                    yield from self.assign(piece.value if isinstance(piece, ast.Starred) else piece, item,
                                           scope)
            case ast.Attribute():
                holder = yield from self.value(target.value, scope)
                if not isinstance(holder, Instance | Module | Class):
                    raise raised("AttributeError", f"'{type(holder).__name__}' object has no attribute "
                                 f"'{target.attr}'")
                holder.names[target.attr] = value
            case ast.Subscript():
                holder = yield from self.value(target.value, scope)
                key = yield from self.value(target.slice, scope)
                setter = holder.find("__setitem__") if isinstance(holder, Instance) else None
                if setter:
                    yield from self.call(setter, [key, value], {})
                else:
                    self.guard(lambda: holder.__setitem__(key, value))

    def guard(self, action: Any) -> Any:
        """Hace algo de Python de verdad; sus errores pasan a ser los del programa."""
        try:
            return action()
        except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
            text = repr_of(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
            raise raised(type(error).__name__, text) from None
        except (RecursionError, MemoryError) as error:
            raise raised(type(error).__name__, str(error)) from None

    def do_Delete(self, node: ast.Delete, scope: Scope) -> Run:
        for target in node.targets:
            if isinstance(target, ast.Name):
                scope.names.pop(target.id, None)
            elif isinstance(target, ast.Subscript):
                holder, key = (yield from self.value(target.value, scope)), (yield from self.value(target.slice, scope))
                self.guard(lambda holder=holder, key=key: holder.__delitem__(key))

    def do_If(self, node: ast.If, scope: Scope) -> Run:
        yield from self.run(node.body if (yield from self.truth(node.test, scope)) else node.orelse, scope)

    def do_While(self, node: ast.While, scope: Scope) -> Run:
        while (yield from self.truth(node.test, scope)):
            if (yield from self.lap(node.body, scope)):
                return
        yield from self.run(node.orelse, scope)

    def do_For(self, node: ast.For, scope: Scope) -> Run:
        for item in (yield from self.listed((yield from self.value(node.iter, scope)))):
            yield from self.assign(node.target, item, scope)
            if (yield from self.lap(node.body, scope)):
                return
        yield from self.run(node.orelse, scope)

    def lap(self, body: list[ast.stmt], scope: Scope) -> Run:
        """Una vuelta: verdadero si hay que salir del bucle."""
        try:
            yield from self.run(body, scope)
        except Leave as leave:
            if leave.kind == "return":
                raise
            return leave.kind == "break"
        return False

    def do_Break(self, node: ast.Break, scope: Scope) -> Run:
        raise Leave("break")
        yield

    def do_Continue(self, node: ast.Continue, scope: Scope) -> Run:
        raise Leave("continue")
        yield

    def do_Return(self, node: ast.Return, scope: Scope) -> Run:
        raise Leave("return", None if node.value is None else (yield from self.value(node.value, scope)))

    def do_FunctionDef(self, node: ast.FunctionDef, scope: Scope) -> Run:
        defaults = []
        for each in node.args.defaults:
            defaults.append((yield from self.value(each, scope)))
        keywords = {}
        for name, each in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
            if each is not None:
                keywords[name.arg] = yield from self.value(each, scope)
        made: Any = Function(node.name, node.args, node.body, scope, defaults, keywords)
        for decorator in reversed(node.decorator_list):
            made = yield from self.call((yield from self.value(decorator, scope)), [made], {})
        scope.set(node.name, made)

    do_AsyncFunctionDef = do_FunctionDef

    def do_ClassDef(self, node: ast.ClassDef, scope: Scope) -> Run:
        bases = []
        for each in node.bases:
            bases.append((yield from self.value(each, scope)))
        inner = Scope(scope)
        yield from self.run(node.body, inner)
        made: Any = Class(node.name, [base for base in bases if isinstance(base, Class)], inner.names)
        for decorator in reversed(node.decorator_list):
            made = yield from self.call((yield from self.value(decorator, scope)), [made], {})
        scope.set(node.name, made)

    def do_Import(self, node: ast.Import, scope: Scope) -> Run:
        for alias in node.names:
            module = yield from self.importer(alias.name)
            if alias.asname or "." not in alias.name:
                scope.set(alias.asname or alias.name, module)
            else:
                scope.set(alias.name.split(".")[0], (yield from self.importer(alias.name.split(".")[0])))

    def do_ImportFrom(self, node: ast.ImportFrom, scope: Scope) -> Run:
        module = yield from self.importer(node.module or "")
        for alias in node.names:
            if alias.name == "*":
                scope.names |= {name: value for name, value in module.names.items()
                                if not name.startswith("_")}
            elif alias.name in module.names:
                scope.set(alias.asname or alias.name, module.names[alias.name])
            else:
                raise raised("ImportError", f"cannot import name '{alias.name}' from '{node.module}' "
                             f"({module.path})")

    def do_Global(self, node: ast.Global, scope: Scope) -> Run:
        scope.shared |= dict.fromkeys(node.names, self.module)
        return
        yield

    def do_Nonlocal(self, node: ast.Nonlocal, scope: Scope) -> Run:
        for name in node.names:
            outer = scope.outer
            while outer is not None and name not in outer.names:
                outer = outer.outer
            scope.shared[name] = outer or scope
        return
        yield

    def do_Raise(self, node: ast.Raise, scope: Scope) -> Run:
        if node.exc is None:
            if not self.handling:
                raise raised("RuntimeError", "No active exception to reraise")
            raise Raise(self.handling[-1])
        value = yield from self.value(node.exc, scope)
        if isinstance(value, Class):
            value = yield from self.call(value, [], {})
        self.line = node.lineno
        raise Raise(value)

    def do_Assert(self, node: ast.Assert, scope: Scope) -> Run:
        if not (yield from self.truth(node.test, scope)):
            raise raised("AssertionError", text_of((yield from self.value(node.msg, scope))) if node.msg
                         else "")

    def do_Try(self, node: ast.Try, scope: Scope) -> Run:
        try:
            yield from self.run(node.body, scope)
        except Raise as problem:
            handler = yield from self.handler(node.handlers, problem.value, scope)
            if handler is None:
                raise
            if handler.name:
                scope.set(handler.name, problem.value)
            self.handling.append(problem.value)
            try:
                yield from self.run(handler.body, scope)
            finally:
                self.handling.pop()
        else:
            yield from self.run(node.orelse, scope)
        finally:
            yield from self.run(node.finalbody, scope)

    def handler(self, handlers: list[ast.ExceptHandler], value: Any, scope: Scope) -> Run:
        for handler in handlers:
            if handler.type is None:
                return handler
            kinds = yield from self.value(handler.type, scope)
            if any(instance_of(value, kind) for kind in (kinds if isinstance(kinds, tuple) else (kinds,))):
                return handler
        return None

    def do_With(self, node: ast.With, scope: Scope) -> Run:
        opened = []
        for item in node.items:
            manager = yield from self.value(item.context_expr, scope)
            opened.append(manager)
            value = yield from self.call(attribute(manager, "__enter__"), [], {})
            if item.optional_vars is not None:
                yield from self.assign(item.optional_vars, value, scope)
        try:
            yield from self.run(node.body, scope)
        finally:
            for manager in reversed(opened):
                yield from self.call(attribute(manager, "__exit__"), [None, None, None], {})


def _load(target: ast.expr) -> ast.expr:
    """El mismo nodo, para leerlo en vez de darle valor."""
    match target:
        case ast.Name():
            return ast.Name(target.id, ast.Load())
        case ast.Attribute():
            return ast.Attribute(target.value, target.attr, ast.Load())
        case ast.Subscript():
            return ast.Subscript(target.value, target.slice, ast.Load())
    return target
