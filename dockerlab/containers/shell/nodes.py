"""Las órdenes compuestas: listas, tuberías, condiciones y bucles. Una función por clase de nodo.

`tested`: alguien mira el código, así que `set -e` no actúa; `tail`: es lo último
que hará el shell.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from . import patterns, redirection, trace
from .conditions import evaluate
from .state import Jump
from .tree import (
    AndOr,
    Case,
    Condition,
    For,
    Function,
    Group,
    If,
    Loop,
    Node,
    Pipeline,
    Redirect,
    Sequence,
    Simple,
    Subshell,
    Timed,
)

if TYPE_CHECKING:
    from .interpreter import Interpreter

Steps = Generator[Any, Any, Any]


def redirected(shell: Interpreter, node: Node, redirects: tuple[Redirect, ...], tested: bool) -> Steps:
    """Una orden compuesta con sus redirecciones puestas."""
    undo = yield from redirection.apply(shell, redirects)
    if undo is None:
        return shell.state.dialect.redirect_status
    try:
        return (yield METHODS[type(node)](shell, node, tested, False))
    finally:
        redirection.restore(shell.sys, undo)


def sequence(shell: Interpreter, node: Sequence, tested: bool, tail: bool) -> Steps:
    """`a; b & c`."""
    status = 0
    for index, (item, background) in enumerate(node.items):
        if background:
            status = shell.state.status = yield shell.background(item)
        else:
            status = yield shell.run(item, tested, tail and index == len(node.items) - 1)
    return status


def and_or(shell: Interpreter, node: AndOr, tested: bool, tail: bool) -> Steps:
    """`a && b || c`: de izquierda a derecha, con la misma fuerza."""
    status = yield shell.run(node.first, True)
    for index, (operator, item) in enumerate(node.rest):
        if (status == 0) == (operator == "&&"):
            last = index == len(node.rest) - 1
            status = yield shell.run(item, tested if last else True, tail and last)
    return status


def pipeline(shell: Interpreter, node: Pipeline, tested: bool, tail: bool) -> Steps:
    """`a | b`: cada orden en su proceso, todas a la vez. El código es el de la última (con pipefail, el del fallo)."""
    if len(node.commands) == 1:
        try:
            status = yield shell.run(node.commands[0], True)
        except Jump as jump:
            if jump.kind == "return" and shell.state.dialect.name != "bash":
                jump.status = int(not jump.status)
            raise
        return int(not status)
    pids, status, source = [], 0, None
    for index, command in enumerate(node.commands):
        last = index == len(node.commands) - 1
        reader, writer = (None, None) if last else shell.sys.pipe()
        fds = {n: n for n in shell.sys.fds() if n < 10 and n not in (reader, writer, source)}
        if source is not None:
            fds[0] = source
        if writer is not None:
            fds[1] = writer
        pids.append(shell.fork(command, fds, tested))
        for fd in (source, writer):
            if fd is not None:
                shell.sys.close(fd)
        source = reader
    failed = 0
    for pid in pids:
        status = yield shell.wait(pid)
        failed = status or failed
    status = failed if "pipefail" in shell.state.options else status
    return int(not status) if node.negated else status


def timed(shell: Interpreter, node: Timed, tested: bool, tail: bool) -> Steps:
    """`time`: el reloj y el procesador que gastó la orden."""
    start, (mine, theirs) = shell.sys.now(), shell.sys.times()
    status = yield shell.run(node.body, tested)
    cpu = sum(shell.sys.times()) - mine - theirs
    trace.times(shell, (shell.sys.now() - start) / 1e9, cpu / 1e9)
    return status


def subshell(shell: Interpreter, node: Subshell, tested: bool, tail: bool) -> Steps:
    """`( ... )`: en un proceso con una copia del estado."""
    pid = shell.fork(Group(node.body, node.redirects, node.line), None, tested)
    return (yield shell.wait(pid))


def group(shell: Interpreter, node: Group, tested: bool, tail: bool) -> Steps:
    """`{ ...; }`."""
    return (yield shell.run(node.body, tested, tail))


def choose(shell: Interpreter, node: If, tested: bool, tail: bool) -> Steps:
    """`if`."""
    for condition, body in node.clauses:
        if (yield shell.run(condition, True)) == 0:
            return (yield shell.run(body, tested, tail))
    return (yield shell.run(node.otherwise, tested, tail)) if node.otherwise else 0


def body(shell: Interpreter, node: Node, tested: bool) -> Steps:
    """Una vuelta de un bucle: (código, ¿sigue?). `break n` y `continue n` se reparten entre los bucles."""
    shell.state.loops += 1
    try:
        return (yield shell.run(node, tested)), True
    except Jump as jump:
        if jump.kind == "return":
            raise
        if jump.levels > 1 and shell.state.loops > 1:
            raise Jump(jump.kind, jump.levels - 1) from None
        return 0, jump.kind == "continue"
    finally:
        shell.state.loops -= 1


def loop(shell: Interpreter, node: Loop, tested: bool, tail: bool) -> Steps:
    """`while` y `until`."""
    status, more = 0, True
    while more:
        done, more = yield body(shell, node.condition, True)
        if not more or (done == 0) == node.until:
            break
        status, more = yield body(shell, node.body, tested)
    return status


def each(shell: Interpreter, node: For, tested: bool, tail: bool) -> Steps:
    """`for`."""
    words = list(shell.state.positional) if node.words is None else (yield from shell.expand.fields(node.words))
    status = 0
    for word in words:
        if shell.state.dialect.name == "bash" and "xtrace" in shell.state.options:
            trace.line(shell, f"for {node.name} in {' '.join(map(trace.source, node.words or ()))}".rstrip())
        shell.assign(node.name, word)
        status, more = yield body(shell, node.body, tested)
        if not more:
            break
    return status


def case(shell: Interpreter, node: Case, tested: bool, tail: bool) -> Steps:
    """`case`: el primer patrón que casa; `;&` sigue con el cuerpo siguiente y `;;&`, con los demás patrones."""
    subject = yield from shell.expand.text(node.subject)
    status, through = 0, False
    for choices, body, end in node.clauses:
        matched = through
        for choice in () if through else choices:
            if patterns.matches((yield from shell.expand.pattern(choice)), subject):
                matched = True
                break
        if not matched:
            continue
        status = (yield shell.run(body, tested, tail and end == ";;")) if body else 0
        if end == ";;":
            break
        through = end == ";&"
    return status


def define(shell: Interpreter, node: Function, tested: bool, tail: bool) -> Steps:
    """La definición de una función."""
    shell.state.functions[node.name] = node.body
    yield from ()
    return 0


def condition(shell: Interpreter, node: Condition, tested: bool, tail: bool) -> Steps:
    """`[[ ... ]]`."""
    return (yield from evaluate(shell, node))


METHODS = {Sequence: sequence, AndOr: and_or, Pipeline: pipeline,
           Subshell: subshell, Group: group, If: choose, Loop: loop,
           For: each, Case: case, Function: define,
           Condition: condition, Timed: timed}
CHECKED = frozenset((Simple, Pipeline, Subshell, Condition))
