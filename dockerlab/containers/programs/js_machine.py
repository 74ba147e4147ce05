"""La máquina de JavaScript: recorre el árbol y hace lo que dice.

Cada nodo se evalúa con un generador. Casi nunca se detiene: solo cede `await`
(una promesa pendiente, en funciones async) y un descanso cada muchos pasos,
para que un `while (true)` gaste procesador y no cuelgue a nadie. Es JavaScript
simulado: no toca nada de fuera, solo lo que `node` le da.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from .js_operators import Getter, chained, describe, int32, operate
from .js_parser import Node
from .js_statements import Leave, Run, Scope, Statements
from .js_values import Array, Function, Thing, Throw, fail, number_of, text_of, truthy, type_of, undefined


class Machine(Statements):
    """El evaluador. `library` da los métodos de textos, listas y demás; `where`, la última línea pisada."""

    def __init__(self, library: Any, globals_: dict[str, Any]):
        self.library = library
        self.globals = Scope(None, globals_)
        self.steps, self.depth, self.line = 0, 0, 0
        self.trace: list[tuple[str, int]] = []

    # -- valores --
    def value(self, node: Node, scope: Scope) -> Run:
        kind = node[0]
        if kind in ("number", "string"):
            return node[1]
        if kind == "name":
            found = scope.find(node[1])
            if found is None:
                self.line = node[2]
                raise fail(f"{node[1]} is not defined", "ReferenceError")
            return found.names[node[1]]
        return (yield from getattr(self, f"of_{kind}")(node, scope))

    def of_true(self, node: Node, scope: Scope) -> Run:
        return {"true": True, "false": False, "null": None, "undefined": undefined}[node[0]]
        yield

    of_false = of_null = of_undefined = of_true

    def of_this(self, node: Node, scope: Scope) -> Run:
        found = scope.find("this")
        return found.names["this"] if found else undefined
        yield

    def of_group(self, node: Node, scope: Scope) -> Run:
        return (yield from self.value(node[1], scope))

    def of_template(self, node: Node, scope: Scope) -> Run:
        out = ""
        for part in node[1]:
            out += part if isinstance(part, str) else text_of((yield from self.value(part, scope)))
        return out

    def of_regex(self, node: Node, scope: Scope) -> Run:
        return self.library.regex(node[1], node[2])
        yield

    def of_array(self, node: Node, scope: Scope) -> Run:
        return Array((yield from self.values(node[1], scope)))

    def values(self, nodes: list[Node], scope: Scope) -> Run:
        out: list[Any] = []
        for node in nodes:
            if node[0] == "spread":
                out += self.library.listed((yield from self.value(node[1], scope)))
            else:
                out.append((yield from self.value(node, scope)))
        return out

    def of_object(self, node: Node, scope: Scope) -> Run:
        thing = Thing()
        for key, source, how in node[1]:
            value = yield from self.value(source, scope)
            if how == "spread":
                if isinstance(value, Array):
                    thing.props |= {str(at): item for at, item in enumerate(value.items)}
                elif isinstance(value, Thing):
                    thing.props |= value.props
                continue
            name = text_of((yield from self.value(key, scope)))
            if isinstance(value, Function) and not value.name:
                value.name = name
            if how == "value":
                thing.props[name] = value
            elif how == "get":
                thing.getters = {**(thing.getters or {}), name: value}
        return thing

    def make(self, node: Node, scope: Scope, this: Any = undefined) -> Function:
        """La función que describe un nodo (function o define)."""
        _, name, params, body, is_async, arrow, _ = ("function", *node[1:])
        return Function(name, params=params, body=body, scope=scope, arrow=arrow, is_async=is_async,
                        this=this)

    def of_function(self, node: Node, scope: Scope) -> Run:
        this = (yield from self.of_this(node, scope)) if node[5] else undefined
        function = self.make(node, scope, this)
        if node[1] and not node[5]:
            function.scope = Scope(scope, {node[1]: function})
        return function

    def of_class(self, node: Node, scope: Scope) -> Run:
        _, name, base, members = node
        parent = (yield from self.value(base, scope)) if base else None
        inner = Scope(scope)
        maker = Function(name, params=(), body=(), scope=inner)
        inner.names[name or "(clase)"] = maker
        maker.members, maker.base = [], parent
        prototype = maker.props["prototype"]
        if isinstance(parent, Function):
            prototype.proto = parent.props.get("prototype")
            maker.proto = parent
        for key, source, how, static in members:
            label = text_of((yield from self.value(key, inner)))
            if how == "field" and not static:
                maker.members.append((label, source))
                continue
            value = yield from self.value(source, inner)
            if isinstance(value, Function):
                value.name, value.base = value.name or label, parent
            if label == "constructor" and not static:
                maker.params, maker.body, maker.is_async = value.params, value.body, False
                maker.native = None
                maker.props["constructor"] = True
                continue
            place: Thing = maker if static else prototype
            if how == "get":
                place.getters = {**(place.getters or {}), label: value}
            elif how != "set":
                place.props[label] = value
        return maker

    def of_comma(self, node: Node, scope: Scope) -> Run:
        yield from self.value(node[1], scope)
        return (yield from self.value(node[2], scope))

    def of_logic(self, node: Node, scope: Scope) -> Run:
        left = yield from self.value(node[2], scope)
        keep = {"&&": not truthy(left), "||": truthy(left), "??": left is not None
                and left is not undefined}[node[1]]
        return left if keep else (yield from self.value(node[3], scope))

    def of_binary(self, node: Node, scope: Scope) -> Run:
        left = yield from self.value(node[2], scope)
        right = yield from self.value(node[3], scope)
        return operate(self, node[1], left, right)

    def of_unary(self, node: Node, scope: Scope) -> Run:
        _, sign, inner = node
        if sign == "typeof" and inner[0] == "name" and scope.find(inner[1]) is None:
            return "undefined"
        if sign == "delete" and inner[0] == "member":
            holder = yield from self.value(inner[1], scope)
            holder.props.pop(text_of((yield from self.value(inner[2], scope))), None)
            return True
        value = yield from self.value(inner, scope)
        if sign == "!":
            return not truthy(value)
        if sign == "typeof":
            return type_of(value)
        number = number_of(value)
        return {"-": -number, "+": number, "~": float(~int32(number))}.get(sign, undefined)

    def of_update(self, node: Node, scope: Scope) -> Run:
        _, sign, prefix, target = node
        before = number_of((yield from self.value(target, scope)))
        after = before + (1 if sign == "++" else -1)
        yield from self.assign(target, after, scope)
        return after if prefix else before

    def of_assign(self, node: Node, scope: Scope) -> Run:
        _, sign, target, source = node
        if sign in ("&&=", "||=", "??="):
            return (yield from self.of_logic_assign(node, scope))
        if sign == "=":
            value = yield from self.value(source, scope)
            if isinstance(value, Function) and not value.name and target[0] == "name":
                value.name = target[1]
            yield from self.bind(target, value, scope, None)
            return value
        left = yield from self.value(target, scope)
        value = operate(self, sign[:-1], left, (yield from self.value(source, scope)))
        yield from self.assign(target, value, scope)
        return value

    def of_logic_assign(self, node: Node, scope: Scope) -> Run:
        left = yield from self.value(node[2], scope)
        keep = {"&&": not truthy(left), "||": truthy(left), "??": left is not None
                and left is not undefined}[node[1][:-1]]
        if keep:
            return left
        value = yield from self.value(node[3], scope)
        yield from self.assign(node[2], value, scope)
        return value

    def assign(self, target: Node, value: Any, scope: Scope) -> Run:
        if target[0] == "name":
            found = scope.find(target[1]) or self.globals
            if target[1] in found.fixed:
                self.line = target[2]
                raise fail("Assignment to constant variable.")
            found.names[target[1]] = value
            return
        holder = yield from self.value(target[1], scope)
        key = yield from self.value(target[2], scope)
        self.library.put(holder, key, value)

    def of_cond(self, node: Node, scope: Scope) -> Run:
        return (yield from self.value(node[2] if truthy((yield from self.value(node[1], scope))) else node[3],
                                      scope))

    def of_member(self, node: Node, scope: Scope) -> Run:
        if node[1][0] == "super":
            return (yield from self.super_member(node, scope))
        holder = yield from self.value(node[1], scope)
        if holder is None or holder is undefined:
            if node[3] or chained(node[1]):
                return undefined
            self.line = node[4]
            key = text_of((yield from self.value(node[2], scope)))
            raise fail(f"Cannot read properties of {text_of(holder)} (reading '{key}')")
        return (yield from self.get(holder, (yield from self.value(node[2], scope))))

    def super_member(self, node: Node, scope: Scope) -> Run:
        home = scope.find("(clase base)").names["(clase base)"]
        return (yield from self.get(home.props["prototype"], node[2][1]))

    def get(self, holder: Any, key: Any) -> Run:
        """La propiedad `key`; si es un getter, lo llama."""
        value = self.library.get(holder, key)
        if isinstance(value, Getter):
            return (yield from self.call(value.function, holder, []))
        return value

    def of_call(self, node: Node, scope: Scope) -> Run:
        _, callee, nodes, optional, line = node
        if callee[0] == "super":
            return (yield from self.super_call(nodes, scope))
        this: Any = undefined
        if callee[0] == "member":
            above = callee[1][0] == "super"
            this = yield from (self.of_this(node, scope) if above else self.value(callee[1], scope))
            if (this is None or this is undefined) and (callee[3] or chained(callee[1])):
                return undefined
            if this is None or this is undefined:
                self.line = line
                raise fail(f"Cannot read properties of {text_of(this)} (reading '{describe(callee[2])}')")
            key = yield from self.value(callee[2], scope)
            function = yield from (self.super_member(callee, scope) if above else self.get(this, key))
        else:
            function = yield from self.value(callee, scope)
        if (function is None or function is undefined) and (optional or chained(callee)):
            return undefined
        arguments = yield from self.values(nodes, scope)
        self.line = line
        if not isinstance(function, Function):
            raise fail(f"{describe(callee)} is not a function")
        return (yield from self.call(function, this, arguments))

    def super_call(self, nodes: list[Node], scope: Scope) -> Run:
        base, this = scope.find("(clase base)").names["(clase base)"], scope.find("this").names["this"]
        return (yield from self.construct(base, (yield from self.values(nodes, scope)), this))

    def of_new(self, node: Node, scope: Scope) -> Run:
        maker = yield from self.value(node[1], scope)
        arguments = yield from self.values(node[2], scope)
        self.line = node[3]
        if not isinstance(maker, Function) or maker.arrow:
            raise fail(f"{describe(node[1])} is not a constructor")
        return (yield from self.construct(maker, arguments, None))

    def construct(self, maker: Function, arguments: list[Any], this: Thing | None) -> Run:
        """`new maker(...)`; `this` ya existe si viene de `super(...)`."""
        if maker.native is not None:
            made = yield from self.call(maker, this or Thing(proto=maker.props.get("prototype")), arguments,
                                        new=True)
            if this is not None and isinstance(made, Thing):
                this.kind, this.inner = made.kind, made.inner
                this.props = {**made.props, **this.props}
                return this
            return made
        if this is None:
            this = Thing(proto=maker.props.get("prototype"))
        if maker.base is not None and "constructor" not in maker.props:
            yield from self.construct(maker.base, arguments, this)
        for name, source in maker.members or ():
            this.props[name] = yield from self.value(source, Scope(maker.scope, {"this": this}))
        result = yield from self.call(maker, this, arguments, new=True)
        return result if isinstance(result, Thing) else this

    def of_await(self, node: Node, scope: Scope) -> Run:
        value = yield from self.value(node[1], scope)
        self.line = node[2]
        return (yield ("await", value))

    def call(self, function: Any, this: Any, arguments: list[Any], new: bool = False) -> Run:
        """Llama a una función; las async devuelven su promesa y siguen por su cuenta."""
        if not isinstance(function, Function):
            raise fail(f"{text_of(function)} is not a function")
        if function.native is not None:
            result = function.native(this, arguments)
            return (yield from result) if isinstance(result, Generator) else result
        if function.members is not None and not new:
            raise fail(f"Class constructor {function.name} cannot be invoked without 'new'")
        running = self.perform(function, this, arguments)
        if function.is_async:
            return (yield from self.library.start(running))
        return (yield from running)

    def perform(self, function: Function, this: Any, arguments: list[Any]) -> Run:
        """El cuerpo de una función con sus argumentos."""
        scope = Scope(function.scope)
        if not function.arrow:
            scope.names |= {"this": this, "arguments": Array(list(arguments))}
            if function.base is not None:
                scope.names["(clase base)"] = function.base
        self.depth += 1
        if self.depth > 90:
            self.depth = 0
            raise fail("Maximum call stack size exceeded", "RangeError")
        self.trace.append((function.name, self.line))
        try:
            for at, (target, default, rest) in enumerate(function.params):
                value = Array(arguments[at:]) if rest else arguments[at] if at < len(arguments) else undefined
                if value is undefined and default is not None:
                    value = yield from self.value(default, scope)
                yield from self.bind(target, value, scope, "let")
            yield from self.block(function.body, scope)
        except Leave as leave:
            return leave.value
        except Throw as thrown:
            self.library.stamp(thrown.value)     # aquí todavía se sabe desde dónde se llegó
            raise
        finally:
            self.depth = max(0, self.depth - 1)
            self.trace.pop()
        return undefined


setattr(Machine, "of_?", Machine.of_cond)
