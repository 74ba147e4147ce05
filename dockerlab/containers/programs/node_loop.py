"""El bucle de sucesos de Node: promesas, temporizadores, conexiones y señales, un hilo para todo.

El bucle duerme con `Select` hasta que haya algo: una llamada nueva, un cliente
que habla, un temporizador que vence o una señal.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from typing import Any

from dockerlab.errors import FileError

from .. import signals
from ..polling import Select
from ..requests import Cpu, Signalled
from .js_values import Array, Function, Thing, Throw, error, fail, undefined

SECOND = 1_000_000_000


class Exit(Exception):
    """process.exit(código)."""

    def __init__(self, code: int):
        super().__init__(code)
        self.code = code


class Promise:
    """Una promesa por dentro: pending, fulfilled o rejected; y quién espera."""

    __slots__ = ("state", "value", "waiting", "handled")

    def __init__(self) -> None:
        self.state, self.value, self.handled = "pending", undefined, False
        self.waiting: list[Callable[[str, Any], None]] = []


class Loop:
    """Todo lo que está pendiente en un proceso de Node."""

    def __init__(self, sys: Any):
        self.sys, self.machine = sys, None
        self.jobs: deque[Callable[[], Any]] = deque()
        self.ticks: deque[Callable[[], Any]] = deque()         # process.nextTick: antes que las promesas
        self.timers: list[tuple[int, int, Function, list[Any], float]] = []
        self.counter = 0
        self.readers: dict[int, Callable[[int], Any]] = {}     # fd → qué hacer cuando tenga algo
        self.handlers: dict[str, list[Function]] = {}          # process.on(...)
        self.unhandled: list[Promise] = []
        self.exit_code: float | None = None

    # -- promesas --
    def thing(self, promise: Promise) -> Thing:
        return Thing(kind="Promise", inner=promise)

    def promise_of(self, value: Any) -> Promise:
        if isinstance(value, Thing) and value.kind == "Promise":
            return value.inner
        promise = Promise()
        self.resolve(promise, value)
        return promise

    def resolve(self, promise: Promise, value: Any) -> None:
        """Cumple la promesa; si el valor es otra promesa, la sigue."""
        if promise.state != "pending":
            return
        if isinstance(value, Thing) and value.kind == "Promise":
            self.when(value.inner, lambda state, result: self.settle(promise, state, result))
        else:
            self.settle(promise, "fulfilled", value)

    def settle(self, promise: Promise, state: str, value: Any) -> None:
        if promise.state != "pending":
            return
        promise.state, promise.value = state, value
        if state == "rejected" and not promise.handled:
            self.unhandled.append(promise)
        for waiter in promise.waiting:
            self.jobs.append(lambda waiter=waiter: waiter(state, value))
        promise.waiting = []

    def when(self, promise: Promise, action: Callable[[str, Any], Any]) -> None:
        """Hará `action(estado, valor)` cuando la promesa acabe."""
        promise.handled = True
        if promise.state == "pending":
            promise.waiting.append(action)
        else:
            self.jobs.append(lambda: action(promise.state, promise.value))

    def start(self, running: Generator[Any, Any, Any]) -> Any:
        """Echa a andar una función async: hasta su primer `await`, ahora mismo."""
        promise = Promise()
        yield from self.advance(running, promise)
        return self.thing(promise)

    def advance(self, running: Generator[Any, Any, Any], promise: Promise, sent: Any = None,
                problem: BaseException | None = None) -> Any:
        """Da pasos a `running` hasta que espere una promesa o acabe; lo demás que pida, lo cede."""
        while True:
            try:
                request = running.send(sent) if problem is None else running.throw(problem)
            except StopIteration as end:
                self.resolve(promise, undefined if end.value is None else end.value)
                return
            except Throw as thrown:
                self.machine.library.stamp(thrown.value)
                self.settle(promise, "rejected", thrown.value)
                return
            sent = problem = None
            if isinstance(request, tuple):
                self.when(self.promise_of(request[1]), lambda state, value: self.advance(
                    running, promise, *((value,) if state == "fulfilled" else (None, Throw(value)))))
                return
            try:
                sent = yield request
            except (FileError, Signalled) as failure:
                problem = failure

    def then(self, source: Promise, done: Any, failed: Any, always: Any = undefined) -> Thing:
        """La promesa de hacer `done` o `failed` cuando acabe `source`."""
        result = Promise()

        def act(state: str, value: Any) -> Any:
            function = always if isinstance(always, Function) else done if state == "fulfilled" else failed
            if not isinstance(function, Function):
                self.settle(result, state, value)
                return
            inner = Promise()
            yield from self.advance(self.machine.call(function, undefined, [] if always is function
                                                      else [value]), inner)
            if always is function and inner.state == "fulfilled":
                self.settle(result, state, value)
            else:
                self.when(inner, lambda how, what: self.resolve(result, what) if how == "fulfilled"
                          else self.settle(result, how, what))
        self.when(source, act)
        return self.thing(result)

    def all(self, values: list[Any], how: str) -> Thing:
        """Promise.all, allSettled, race y any."""
        result, left, out = Promise(), [len(values)], [undefined] * len(values)

        def arrived(at: int, state: str, value: Any) -> None:
            if how == "race" or how == "any" and state == "fulfilled" or how == "all" and state == "rejected":
                self.settle(result, state, value)
                return
            key = "value" if state == "fulfilled" else "reason"
            out[at] = Thing({"status": state, key: value}) if how == "allSettled" else value
            left[0] -= 1
            if not left[0]:
                self.settle(result, "rejected" if how == "any" else "fulfilled",
                            error("All promises were rejected")
                            if how == "any" else Array(out))
        for at, value in enumerate(values):
            self.when(self.promise_of(value), lambda state, value, at=at: arrived(at, state, value))
        if not values:
            self.settle(result, "fulfilled", Array())
        return self.thing(result)

    # -- temporizadores y trabajo --
    def timer(self, function: Any, delay: float, args: list[Any], every: float = 0) -> Thing:
        if not isinstance(function, Function):
            raise fail('The "callback" argument must be of type function.', "TypeError",
                       code="ERR_INVALID_ARG_TYPE")
        self.counter += 1
        self.timers.append((self.sys.now() + round(max(delay, 1) * 1e6), self.counter, function, args, every))
        return Thing({"id": float(self.counter)}, kind="Timeout")

    def cancel(self, timer: Any) -> None:
        number = timer.props.get("id") if isinstance(timer, Thing) else timer
        self.timers = [row for row in self.timers if row[1] != number]

    def call(self, function: Any, *args: Any, this: Any = undefined) -> None:
        """Llamará a una función en cuanto se pueda."""
        self.jobs.append(lambda: self.perform(function, list(args), this))

    def perform(self, function: Any, args: list[Any], this: Any = undefined) -> Any:
        promise = Promise()
        yield from self.advance(self.machine.call(function, this, args), promise)
        if promise.state == "rejected":
            promise.handled = True
            self.unhandled = [one for one in self.unhandled if one is not promise]
            raise Throw(promise.value)

    def drain(self) -> Any:
        """Hace los trabajos pendientes, y los que ellos dejen."""
        while self.ticks or self.jobs:
            action = (self.ticks or self.jobs).popleft()()
            if isinstance(action, Generator):
                yield from relax(action)
        for promise in [one for one in self.unhandled if not one.handled]:
            self.unhandled = []
            raise Throw(promise.value)
        self.unhandled = []

    def run(self) -> Any:
        """Hasta que no quede nada pendiente."""
        while True:
            yield from self.drain()
            now = self.sys.now()
            due = sorted(row for row in self.timers if row[0] <= now) if self.timers else []
            if due:
                yield from self.fire(due[0])
                continue
            if not self.readers and not self.timers:
                return
            delay = (min(row[0] for row in self.timers) - now) / SECOND if self.timers else None
            try:
                ready = yield Select(tuple(self.readers), delay)
            except Signalled as received:
                yield from self.signal(received.signo)
                continue
            for fd in ready:
                if fd in self.readers:
                    yield from relax(self.readers[fd](fd))

    def fire(self, row: tuple[int, int, Function, list[Any], float]) -> Any:
        self.timers.remove(row)
        if row[4]:
            self.timers.append((self.sys.now() + round(max(row[4], 1) * 1e6), *row[1:]))
        yield from relax(self.perform(row[2], row[3]))

    def signal(self, signo: int) -> Any:
        name = f"SIG{signals.name(signo)}"
        for function in list(self.handlers.get(name, ())):
            yield from relax(self.perform(function, [name, float(signo)]))


def relax(running: Generator[Any, Any, Any]) -> Any:
    """Deja pasar lo que se pide al núcleo y convierte los descansos en procesador gastado."""
    sent, problem = None, None
    while True:
        try:
            request = running.send(sent) if problem is None else running.throw(problem)
        except StopIteration as end:
            return end.value
        sent = problem = None
        try:
            sent = yield Cpu(0.02) if isinstance(request, str) else request
        except (FileError, Signalled) as failure:
            problem = failure


def promise_methods(loop: Loop) -> dict[str, Any]:
    """then, catch y finally."""
    def piece(args: list[Any], at: int) -> Any:
        return args[at] if at < len(args) else undefined
    return {"then": lambda m, s, a: loop.then(s.inner, piece(a, 0), piece(a, 1)),
            "catch": lambda m, s, a: loop.then(s.inner, undefined, piece(a, 0)),
            "finally": lambda m, s, a: loop.then(s.inner, undefined, undefined, piece(a, 0))}
