"""Lo que puede esperar un proceso y cuándo se cumple.

`attempt` intenta contestar una petición: devuelve la respuesta, o `None` si el
proceso tiene que esperar; entonces queda apuntado en la lista de quien lo
despertará. Cada clase de petición tiene su función en la tabla `ATTEMPTS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dockerlab.errors import FileError, fault

from . import polling, requests
from .cpu import nanoseconds
from .journal import ERROR, VALUE, Journal
from .net import Listener
from .process import Birth, Process
from .stepping import discard
from .syscalls import PRIVATE

if TYPE_CHECKING:
    from .kernel import Kernel

Answer = tuple[str, Any]
EXEC_COST = 150_000
START = "start"          # respuesta de un `exec` que cambió de programa


def attempt(kernel: Kernel, process: Process) -> Answer | None:
    """La respuesta a lo que pide `process`, o `None` si hay que esperar."""
    try:
        return ATTEMPTS[type(process.request)](kernel, process, process.request)
    except FileError as error:
        return ERROR, (error.key, error.text, dict(error.data))


def _sleep(kernel: Kernel, process: Process, request: requests.Sleep) -> None:
    delay = max(0, nanoseconds(request.seconds))
    kernel.later(process, delay, (VALUE, None))


def _cpu(kernel: Kernel, process: Process, request: requests.Cpu) -> Answer | None:
    if request.seconds <= 0:
        return VALUE, None
    kernel.work(process, nanoseconds(request.seconds))
    return None


def _read(kernel: Kernel, process: Process, request: requests.Read) -> Answer | None:
    file = kernel.calls.descriptor(process, request.fd)
    data = file.read_line(kernel, request.count) if request.line else file.read(kernel, request.count)
    if data is None:
        file.waiters().append((process.pid, process.token))
        return None
    return VALUE, data


def _wait(kernel: Kernel, process: Process, request: requests.Wait) -> Answer | None:
    if request.others:
        for orphan in [one for one in kernel.children(process) if one.adopted and not one.alive]:
            kernel.reap(orphan)
    pid = kernel.outer(request.pid, process.space)
    child = kernel.processes.get(pid)
    if child is None or child.parent != process.pid:
        return VALUE, 127
    if child.alive:
        return None
    kernel.reap(child)
    return VALUE, child.exit_code


def _wait_any(kernel: Kernel, process: Process, request: requests.WaitAny) -> Answer | None:
    children = kernel.children(process)
    for child in children:
        if not child.alive:
            ended = kernel.inner(child.pid, process.space), child.exit_code
            kernel.reap(child)
            return VALUE, ended
    return None if children and request.block else (VALUE, None)


def _pause(kernel: Kernel, process: Process, request: requests.Pause) -> None:
    return None


def _connect(kernel: Kernel, process: Process, request: requests.Connect) -> Answer | None:
    space = process.space
    route = kernel.network(space).route(space, request.host, request.port)
    listener = None if route.error else kernel.sockets.find(route)
    if listener is None:
        key = route.error or ("ECONNRESET" if route.published else "ECONNREFUSED")
        problem = fault(key, host=request.host, port=request.port)
        answer = ERROR, (key, problem.text, dict(problem.data))
        if not route.delay:
            return answer
        kernel.later(process, nanoseconds(min(route.delay, request.timeout or route.delay)), answer)
        return None
    return VALUE, kernel.calls.install(process, kernel.sockets.connect(kernel, listener, route))


def _accept(kernel: Kernel, process: Process, request: requests.Accept) -> Answer | None:
    listener = kernel.calls.descriptor(process, request.fd)
    if not isinstance(listener, Listener):
        raise fault("ENOTCONN", path=str(request.fd))
    if not listener.queue:
        listener.accepting.append((process.pid, process.token))
        return None
    return VALUE, kernel.calls.install(process, listener.queue.pop(0))


def _exec(kernel: Kernel, process: Process, request: requests.Exec) -> Answer:
    found = kernel.calls.find(process, request.argv, request.env, request.path)
    discard(process)
    process.birth = Birth(found.program, found.argv, request.env, process.cwd, process.user, found.dialect,
                          umask=process.umask)
    process.argv, process.caught, process.pending = found.argv, set(), []
    process.journal, process.begun, process.memory = Journal(), False, 0
    for fd in [number for number in process.fds if number >= PRIVATE]:
        kernel.calls.close(process, fd)
    kernel.charge(process, EXEC_COST)
    return START, None


ATTEMPTS = {requests.Sleep: _sleep, requests.Cpu: _cpu, requests.Read: _read, requests.Wait: _wait,
            requests.WaitAny: _wait_any, requests.Pause: _pause, requests.Connect: _connect,
            requests.Accept: _accept, requests.Exec: _exec, polling.Select: polling.select}
