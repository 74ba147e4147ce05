"""Los métodos de las listas de JavaScript. Los que llaman a una función son generadores."""

from __future__ import annotations

import functools
from typing import Any

from .js_text import slice_, whole
from .js_values import Array, Function, fail, number_of, same, text_of, truthy, undefined


def each(machine: Any, here: Array, args: list[Any]) -> Any:
    """Llama a la función con cada elemento y va dando (elemento, resultado)."""
    function = args[0] if args else undefined
    if not isinstance(function, Function):
        raise fail(f"{text_of(function)} is not a function")
    results = []
    for at, item in enumerate(list(here.items)):
        results.append((item, (yield from machine.call(function, undefined, [item, float(at), here]))))
    return results


def for_each(machine: Any, here: Array, args: list[Any]) -> Any:
    yield from each(machine, here, args)
    return undefined


def map_(machine: Any, here: Array, args: list[Any]) -> Any:
    return Array([result for _, result in (yield from each(machine, here, args))])


def filter_(machine: Any, here: Array, args: list[Any]) -> Any:
    return Array([item for item, result in (yield from each(machine, here, args)) if truthy(result)])


def find(machine: Any, here: Array, args: list[Any]) -> Any:
    at = yield from find_index(machine, here, args)
    return here.items[int(at)] if at >= 0 else undefined


def find_index(machine: Any, here: Array, args: list[Any]) -> Any:
    for at, item in enumerate(list(here.items)):
        if truthy((yield from machine.call(args[0], undefined, [item, float(at), here]))):
            return float(at)
    return -1.0


def some(machine: Any, here: Array, args: list[Any]) -> Any:
    return (yield from find_index(machine, here, args)) >= 0


def every(machine: Any, here: Array, args: list[Any]) -> Any:
    return all(truthy(result) for _, result in (yield from each(machine, here, args)))


def reduce(machine: Any, here: Array, args: list[Any], backwards: bool = False) -> Any:
    items = [(float(at), item) for at, item in enumerate(here.items)]
    if backwards:
        items.reverse()
    if len(args) > 1:
        total = args[1]
    elif items:
        total = items.pop(0)[1]
    else:
        raise fail("Reduce of empty array with no initial value")
    for at, item in items:
        total = yield from machine.call(args[0], undefined, [total, item, at, here])
    return total


def sort(machine: Any, here: Array, args: list[Any]) -> Any:
    """Ordena por texto, o con la función dada (por mezcla: estable y sin sorpresas)."""
    if not args or args[0] is undefined:
        here.items.sort(key=text_of)
        return here
    rows = [[item] for item in here.items]
    while len(rows) > 1:
        merged = []
        for at in range(0, len(rows), 2):
            pair = rows[at:at + 2]
            merged.append(pair[0] if len(pair) == 1 else (yield from merge(machine, args[0], *pair)))
        rows = merged
    here.items = rows[0] if rows else []
    return here


def merge(machine: Any, compare: Any, one: list[Any], other: list[Any]) -> Any:
    out = []
    while one and other:
        order = number_of((yield from machine.call(compare, undefined, [one[0], other[0]])))
        out.append((other if order > 0 else one).pop(0))
    return out + one + other


def flat_map(machine: Any, here: Array, args: list[Any]) -> Any:
    mapped = yield from map_(machine, here, args)
    return flat(mapped, 1)


def flat(here: Array, depth: int) -> Array:
    out: list[Any] = []
    for item in here.items:
        out += flat(item, depth - 1).items if isinstance(item, Array) and depth > 0 else [item]
    return Array(out)


def push(here: Array, args: list[Any]) -> float:
    here.items += args
    return float(len(here.items))


def unshift(here: Array, args: list[Any]) -> float:
    here.items[:0] = args
    return float(len(here.items))


def splice(here: Array, args: list[Any]) -> Array:
    start = slice_(len(here.items), args[:1]).start
    count = whole(args, 1, len(here.items))
    gone = here.items[start:start + count]
    here.items[start:start + count] = args[2:]
    return Array(gone)


def index_of(here: Array, wanted: Any) -> float:
    return next((float(at) for at, item in enumerate(here.items) if same(item, wanted)), -1.0)


def reverse(here: Array) -> Array:
    here.items.reverse()
    return here


def fill(here: Array, args: list[Any]) -> Array:
    span = slice_(len(here.items), args[1:])
    here.items[span] = [args[0]] * len(here.items[span])
    return here


def concat(here: Array, args: list[Any]) -> Array:
    return Array(functools.reduce(lambda all_,
                                  item: all_ + (item.items if isinstance(item, Array) else [item]),
                                  args, list(here.items)))


def join(here: Array, args: list[Any]) -> str:
    glue = "," if not args or args[0] is undefined else text_of(args[0])
    return glue.join("" if item is None or item is undefined else text_of(item) for item in here.items)


def item_at(here: Array, args: list[Any]) -> Any:
    at = whole(args, 0)
    return here.items[at] if -len(here.items) <= at < len(here.items) else undefined


METHODS: dict[str, Any] = {
    "forEach": for_each, "map": map_, "filter": filter_, "find": find, "findIndex": find_index, "some": some,
    "every": every, "reduce": reduce, "reduceRight": lambda m, s, a: reduce(m, s, a, True), "sort": sort,
    "flatMap": flat_map, "push": lambda m, s, a: push(s, a),
    "pop": lambda m, s, a: s.items.pop() if s.items else undefined,
    "shift": lambda m, s, a: s.items.pop(0) if s.items else undefined, "unshift": lambda m, s, a: unshift(s, a),
    "splice": lambda m, s, a: splice(s, a), "slice": lambda m, s, a: Array(s.items[slice_(len(s.items), a)]),
    "concat": lambda m, s, a: concat(s, a), "join": lambda m, s, a: join(s, a), "reverse": lambda m, s, a: reverse(s),
    "indexOf": lambda m, s, a: index_of(s, a[0]), "includes": lambda m, s, a: index_of(s, a[0]) >= 0,
    "fill": lambda m, s, a: fill(s, a), "flat": lambda m, s, a: flat(s, whole(a, 0, 1)),
    "keys": lambda m, s, a: Array([float(at) for at in range(len(s.items))]),
    "values": lambda m, s, a: Array(list(s.items)),
    "entries": lambda m, s, a: Array([Array([float(at), item]) for at, item in enumerate(s.items)]),
    "at": lambda m, s, a: item_at(s, a), "toString": lambda m, s, a: join(s, []),
}
