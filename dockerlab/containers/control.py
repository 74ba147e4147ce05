"""La vida y la muerte de los procesos: señales, herencias, zombis, congelación y límites.

Es la mitad del núcleo que no mira el reloj; la otra, la cola de sucesos, está en
`kernel`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dockerlab.errors import fault

from . import signals, stepping
from .fds import OpenFile
from .journal import SIGNAL, VALUE
from .process import Process
from .space import Space
from .syscalls import Killed
from .tty import Tty

HOST_MEMORY = 8 * 1024**3    # la que hay cuando nadie pone límite
HOST_PROCESSES = 4096        # los que caben en el anfitrión: una bomba de procesos no tumba nada
BASE_MEMORY = 400_000        # bytes que ocupa cualquier proceso, aunque no diga nada


class Control:
    """Lo que el núcleo hace con procesos que ya existen."""

    # -- números --
    def numbering(self, space: Space) -> Space:
        """El espacio que reparte los números de proceso de `space`: él mismo, o aquel con el que los comparte."""
        return self.spaces.get(space.pids_with, space) if space.pids_with else space

    def inner(self, pid: int, space: Space) -> int:
        """El número que se ve desde `space`; 0 si desde ahí no se ve."""
        process = self.processes.get(pid)
        if process is None:
            return 0
        if process.space is not space and not space.host_pids and (
                self.numbering(process.space) is not self.numbering(space)):
            return 0
        return pid if space.host_pids else process.inner

    def outer(self, inner: int, space: Space) -> int:
        """El número de anfitrión del proceso que `space` ve como `inner`; 0 si no lo hay."""
        if space.host_pids:
            return inner if inner in self.processes else 0
        if inner == 1:
            return self.numbering(space).init
        return next((one.pid for one in self.visible(space) if one.inner == inner), 0)

    def members(self, space: Space) -> list[Process]:
        """Los procesos de `space`, en el orden en que nacieron."""
        return [self.processes[pid] for pid in space.members]

    def visible(self, space: Space) -> list[Process]:
        """Los que se ven desde `space`."""
        if space.host_pids:
            return list(self.processes.values())
        shared = self.numbering(space)
        if shared is space and not space.lends_pids:
            return self.members(space)
        return [one for one in self.processes.values() if self.numbering(one.space) is shared]

    def children(self, process: Process) -> list[Process]:
        """Los hijos de `process`, vivos y zombis."""
        return [one for one in self.members(process.space) if one.parent == process.pid]

    def describe(self, process: Process, space: Space) -> dict[str, Any]:
        """La ficha de un proceso para `ps` y `docker top`."""
        tty = any(file.is_terminal for file in process.fds.values())
        return {"pid": self.inner(process.pid, space), "ppid": self.inner(process.parent, space),
                "host_pid": process.pid, "user": process.user.uid, "state": process.state,
                "argv": list(process.argv), "started": process.started, "tty": tty,
                "memory": process.memory or BASE_MEMORY, "cpu_ns": process.cpu_ns,
                "group": self.inner(process.group, space)}

    def targets(self, sender: Process, pid: int) -> list[Process]:
        """A quién alcanza `kill pid` hecho por `sender`."""
        if pid > 0:
            found = self.processes.get(self.outer(pid, sender.space))
            return [found] if found else []
        everyone = self.visible(sender.space)
        if pid == -1:
            return [one for one in everyone if one is not sender and one.pid != sender.space.init]
        group = sender.group if pid == 0 else self.outer(-pid, sender.space)
        return [one for one in everyone if one.group == group]

    # -- señales --
    def signal(self, pid: int, signo: int, sender: Process | None = None) -> bool:
        """Manda la señal `signo`; `sender` es quien la manda desde dentro. Falso si el proceso no existe.

        El proceso 1 no recibe lo que no atiende; desde dentro, ni siquiera KILL.
        """
        process = self.processes.get(pid)
        if process is None:
            return False
        inside = sender is not None and sender.space is process.space
        first = process.pid == process.space.init and not process.space.pids_with
        protected = first and signo not in process.caught
        if not process.alive or signo == 0 or (protected and (inside or signo not in signals.UNBLOCKABLE)):
            return True
        if signo not in process.pending:
            process.pending.append(signo)
        self.deliver(process)
        return True

    def signal_group(self, group: int, signo: int) -> None:
        """La señal a todo un grupo de procesos (Ctrl+C)."""
        for process in [one for one in self.processes.values() if one.group == group]:
            self.signal(process.pid, signo)

    def deliver(self, process: Process) -> None:
        """Atiende las señales pendientes de un proceso, si puede recibirlas ahora."""
        for signo in list(process.pending):
            if process.space.frozen or not process.alive:
                return
            if process.state == "T" and signo not in (signals.KILL, signals.CONT):
                continue
            if signo in process.caught and signo != signals.CONT:
                if process.state == "S" or process.pid in self.processor.work:
                    process.pending.remove(signo)
                    self.complete(process, (SIGNAL, signo))
                continue
            process.pending.remove(signo)
            self._default(process, signo)

    def _default(self, process: Process, signo: int) -> None:
        """Lo que hace una señal que el programa no atiende."""
        if signo == signals.CONT:
            self._continue(process)
        elif signo in process.ignored or signo in signals.IGNORED:
            return
        elif signo in signals.STOPPING:
            process.state = "T"
            self.redistribute()
        elif process is self.current:
            raise Killed(signo)
        else:
            self.finish(process, 128 + signo)

    def _continue(self, process: Process) -> None:
        if process.state == "T":
            process.state = "S"
            self._resume(process)
            self.redistribute()
            self.deliver(process)
        if signals.CONT in process.caught and process.state == "S":
            self.complete(process, (SIGNAL, signals.CONT))

    def _resume(self, process: Process) -> None:
        """Vuelve a la cola si despertó mientras no podía seguir."""
        if process.held:
            process.held = False
            self.ready(process, 0)
        elif process.state == "S" and process.answer is None and process.pid not in self.processor.work:
            self.attend(process)

    # -- congelar --
    def freeze(self, space: Space) -> None:
        """Congela todos los procesos de `space` (`docker pause`): no se enteran de nada."""
        space.frozen = True
        self.redistribute()

    def thaw(self, space: Space) -> None:
        """Los descongela: siguen donde estaban y reciben las señales que esperaban."""
        space.frozen = False
        for process in self.members(space):
            self._resume(process)
        self.redistribute()
        for process in self.members(space):
            self.deliver(process)

    # -- acabar --
    def finish(self, process: Process, code: int) -> None:
        """El proceso acaba con `code`: cierra lo suyo, deja a sus hijos al proceso 1 y avisa a su padre."""
        if not process.alive:
            return
        space = process.space
        process.state, process.exit_code, process.request, process.held = "Z", code, None, False
        process.token += 1
        stepping.discard(process)
        self.processor.loops.discard(process.pid)
        if process.pid in self.processor.work:
            self.processor.settle(self.processes, self.clock.now)
            self.processor.drop(process.pid)
            self.redistribute()
        for number in sorted(process.fds):
            process.fds.pop(number).closed(self)
        if process.pid == space.init:
            self._collapse(space)
        else:
            for child in self.children(process):
                child.parent, child.adopted = space.init, True
                if not child.alive:
                    self._tell(self.processes.get(space.init), child)
        self._tell(self.processes.get(process.parent), process)
        for listener in tuple(self.listeners):
            listener(process)

    def _collapse(self, space: Space) -> None:
        """Acabó el proceso 1: el núcleo mata a todos los demás del espacio."""
        space.init = 0
        for other in self.members(space):
            other.parent = 0
            if other.alive:
                self.finish(other, 128 + signals.KILL)
            else:
                self.reap(other)

    def _tell(self, parent: Process | None, child: Process) -> None:
        """El padre se entera: recoge a su hijo si lo esperaba; sin padre, lo recoge el motor."""
        if parent is None or not parent.alive or signals.CHLD in parent.ignored:
            self.reap(child)
            return
        if parent.state == "S" and type(parent.request).__name__ in ("Wait", "WaitAny") and not parent.space.frozen:
            self.attend(parent)
        if signals.CHLD in parent.caught:
            self.signal(parent.pid, signals.CHLD)

    def reap(self, process: Process) -> None:
        """Recoge a un zombi: su número queda libre."""
        if self.processes.pop(process.pid, None):
            process.space.members.remove(process.pid)
            parent = self.processes.get(process.parent)
            if parent:
                parent.children_ns += process.cpu_ns + process.children_ns

    def kill_space(self, space: Space) -> None:
        """Mata desde fuera a todos los procesos de `space`, congelados o no."""
        space.frozen = False
        init = self.processes.get(space.init)
        for process in [init] if init else self.members(space):
            self.finish(process, 128 + signals.KILL)

    def on_exit(self, callback: Callable[[Process], None]) -> None:
        """Llama a `callback(process)` cada vez que acaba un proceso."""
        self.listeners.append(callback)

    # -- límites --
    def admit(self, space: Space) -> None:
        """`FileError` EAGAIN si el espacio llegó a su límite de procesos, o el anfitrión al suyo."""
        if len(self.processes) >= HOST_PROCESSES or 0 < space.limits.pids <= len(space.members):
            raise fault("EAGAIN", path="fork")

    def memory(self, space: Space) -> int:
        """Los bytes que ocupan los procesos de `space`."""
        return sum(one.memory or BASE_MEMORY for one in self.members(space) if one.alive)

    def account(self, process: Process, size: int) -> None:
        """El proceso ocupa `size` bytes. Si el espacio (o el anfitrión) pasa su límite, muere el mayor (OOM)."""
        process.memory, space = size, process.space
        used, limit = self.memory(space), space.limits.memory or HOST_MEMORY
        if used <= limit:
            space.memory_peak = max(space.memory_peak, used)
            return
        space.memory_peak = limit
        space.oom_killed, space.oom_kills = True, space.oom_kills + 1
        victim = max((one for one in self.members(space) if one.alive), key=lambda one: (one.memory, one.pid))
        for listener in tuple(self.oom_listeners):
            listener(victim)
        if victim is self.current:
            raise Killed(signals.KILL)
        self.finish(victim, 128 + signals.KILL)

    def work(self, process: Process, amount: int) -> None:
        """El proceso trabaja `amount` ns de procesador."""
        self.processor.settle(self.processes, self.clock.now)
        self.processor.work[process.pid] = float(amount)
        process.state = "R"
        self.redistribute()

    def redistribute(self) -> None:
        """Reparte el procesador de nuevo y despierta a quien haya acabado su trabajo."""
        processor = self.processor
        processor.settle(self.processes, self.clock.now)
        for pid in processor.finished():
            self.complete(self.processes[pid], (VALUE, None))
        delay = processor.share(self.processes)
        if delay is not None:
            self.agenda.push(delay, "cpu", processor.generation)

    def terminal_of(self, process: Process, path: str) -> OpenFile:
        """El terminal del proceso (`/dev/tty`). `FileError` ENXIO si no tiene."""
        for file in process.fds.values():
            if file.is_terminal:
                return Tty(file.terminal)
        raise fault("ENXIO", path=path)
