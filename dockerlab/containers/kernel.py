"""El núcleo simulado: procesos, señales y sucesos sobre el reloj virtual.

Nada ocurre «a la vez»: hay una cola de sucesos ordenada por su hora y, entre
iguales, por orden de llegada. `run` los va cumpliendo y adelanta el reloj de uno
al siguiente, así que la misma secuencia da siempre el mismo resultado.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dockerlab.clock import Clock

from . import execution, procfs, snapshot, stepping, waiting
from .agenda import Agenda, Happening
from .control import Control
from .cpu import Processor
from .fds import LogSink, Null, OpenFile, Pipe, Waiters
from .journal import SIGNAL
from .launch import Launch
from .net import Loopback, Sockets
from .process import Birth, Process
from .space import Space
from .syscalls import Calls, Killed

STEP_COST = 20_000           # ns de procesador por paso
START_COST = 500_000         # ns hasta el primer paso: quien crea un proceso suele ir por delante
BUSY_STEPS = 500             # pasos sin descanso a partir de los que cada uno cuesta el doble, el triple...
REST = 10_000_000            # ns de espera que cuentan como descanso
FIRST_PID = 4001


class Kernel(Control):
    """El núcleo de un motor.

    `processes`: los vivos y los zombis, por su número en el anfitrión;
    `handlers`: qué función atiende cada clase de aviso (`Agenda.at`);
    `route_of`: la red de un espacio que no trae la suya.
    """

    def __init__(self, clock: Clock | None = None, seed: str = "dockerlab"):
        self.clock, self.seed = clock or Clock(), seed
        self.processes: dict[int, Process] = {}
        self.spaces: dict[str, Space] = {}
        self.agenda = Agenda(self.clock, self._valid)
        self.handlers: dict[str, Callable[[Any], None]] = {}
        self.listeners: list[Callable[[Process], None]] = []
        self.oom_listeners: list[Callable[[Process], None]] = []
        self.next_pid = FIRST_PID
        self.processor, self.sockets = Processor(), Sockets()
        self.fifos: dict[tuple[str, str], Pipe] = {}
        self.calls = Calls(self)
        self.current: Process | None = None
        self.stalled: OpenFile | None = None
        self.loopback = Loopback()

    # -- iniciar procesos --
    def spawn_init(self, space: Space, launch: Launch, init: bool = False) -> Process:
        """Inicia el proceso 1 de `space`. Lo que escriba va a `space.log` si no se dice otra cosa.

        Faltas: las de `execution.start`. `init`: pone delante un `docker-init`.
        """
        self.attach(space)
        space.oom_killed = False
        if not space.pids_with:
            space.next_pid = 0
        found = launch.under_init() if init else launch.executable(space.fs, execution.CREATE)
        process = self._begin(space, launch, found, LogSink(space, 1), LogSink(space, 2))
        space.init = process.pid
        return process

    def exec(self, space: Space, launch: Launch) -> Process:
        """Otro proceso dentro de `space` (`docker exec`). Su salida se pierde si nadie da dónde dejarla."""
        return self._begin(space, launch, launch.executable(space.fs, execution.EXEC), Null(), Null())

    def _begin(self, space: Space, launch: Launch, found: execution.Executable, stdout: OpenFile,
               stderr: OpenFile) -> Process:
        stdout, stderr = launch.stdout or stdout, launch.stderr or stderr
        terminal = launch.terminal(stdout)
        birth = Birth(found.program, found.argv, tuple(launch.env.items()), launch.cwd, launch.user, found.dialect,
                      found.problem)
        process = self.create(space, birth, launch.files(stdout, stderr, terminal))
        if terminal:
            terminal.foreground = process.pid
        return process

    def create(self, space: Space, birth: Birth, files: Mapping[int, OpenFile], parent: Process | None = None,
               group: int | None = None) -> Process:
        """Un proceso nuevo, listo para dar su primer paso. `FileError` EAGAIN si no caben más en `space`."""
        self.admit(space)
        numbers = self.numbering(space)
        numbers.next_pid += 1
        pid, self.next_pid = self.next_pid, self.next_pid + 1
        process = Process(pid, numbers.next_pid, parent.pid if parent else 0, space, birth, birth.argv, birth.cwd,
                          birth.user, self.clock.now, birth.umask)
        if parent is None or group == 0:
            process.group = pid
        else:
            process.group = parent.group if group is None else self.outer(group, space)
        if parent:
            process.ignored = set(parent.ignored)
        for number, file in files.items():
            file.opened()
            process.fds[number] = file
        self.processes[pid] = process
        space.members.append(pid)
        self.ready(process, START_COST)
        return process

    def attach(self, space: Space) -> None:
        """Da de alta el espacio y monta en él `/proc` y `/dev`."""
        self.spaces[space.id] = space
        if space.pids_with:
            self.numbering(space).lends_pids = True
        procfs.mount(self, space)

    # -- el tiempo --
    def run(self, until: Callable[[], bool] | None = None, deadline: int | None = None,
            max_steps: int = 2_000_000) -> str:
        """Cumple sucesos. Contesta por qué paró:

        `done`: se cumplió `until`; `deadline`: el reloj llegó a esa hora; `idle`:
        no va a pasar nada más por sí solo; `steps`: demasiados sucesos.
        """
        why = self._run(until, deadline, max_steps)
        self.processor.settle(self.processes, self.clock.now)
        return why

    def _run(self, until: Callable[[], bool] | None, deadline: int | None, max_steps: int) -> str:
        for _ in range(max_steps):
            if until and until():
                return "done"
            event = self.agenda.first()
            if deadline is None and (event is None or (event.background and self.agenda.next_instant() is None)):
                return "idle"
            if deadline is not None and (event is None or event.instant > deadline):
                self.clock.advance_to(deadline)
                return "deadline"
            self.agenda.pop()
            self.clock.advance_to(event.instant)
            self._happen(event)
        return "steps"

    def _valid(self, event: Happening) -> bool:
        """¿Sigue en pie? Un proceso que ya despertó y un reparto ya rehecho dejan apuntes viejos."""
        if event.kind == "wake":
            pid, token = event.data
            process = self.processes.get(pid)
            return process is not None and process.token == token
        return event.kind != "cpu" or event.data == self.processor.generation

    def _happen(self, event: Happening) -> None:
        if event.kind == "timer":
            key, payload = event.data
            self.handlers[key](payload)
        elif event.kind == "cpu":
            self.redistribute()
        else:
            process = self.processes[event.data[0]]
            if process.space.frozen or process.state == "T":
                process.token += 1
                process.held = True
            else:
                self._step(process)

    # -- pasos --
    def _step(self, process: Process) -> None:
        self.current, self.stalled = process, None
        process.state = "R"
        try:
            request = stepping.step(self, process)
        except Killed as killed:
            self.current = None
            self.finish(process, 128 + killed.signo)
            return
        finally:
            self.current = None
        if isinstance(request, stepping.Ended):
            self.finish(process, request.code)
        else:
            process.request, process.token, process.asleep = request, process.token + 1, self.clock.now
            self.attend(process)

    def attend(self, process: Process) -> None:
        """Intenta contestar lo que pide; si no se puede, el proceso se duerme."""
        process.state = "S"
        signo = next((number for number in process.pending if number in process.caught), 0)
        if signo:
            process.pending.remove(signo)
            return self.complete(process, (SIGNAL, signo))
        waiters = self.stalled.full() if self.stalled else None
        if waiters is not None:
            waiters.append((process.pid, process.token))
            return None
        answer = waiting.attempt(self, process)
        if answer is not None:
            self.complete(process, answer)
        return None

    def complete(self, process: Process, answer: tuple[str, Any]) -> None:
        """Ya tiene su respuesta: seguirá cuando pague el procesador que debe."""
        self.processor.drop(process.pid)
        rested = self.clock.now - process.asleep
        process.busy = process.busy + 1 if rested < REST else 0
        (self.processor.loops.add if process.busy >= BUSY_STEPS else self.processor.loops.discard)(process.pid)
        process.answer = None if answer[0] == waiting.START else answer
        self.ready(process, STEP_COST * (1 + process.busy // BUSY_STEPS))

    def ready(self, process: Process, cost: int) -> None:
        """Dará un paso después de gastar `cost` ns y lo que deba."""
        cost, process.debt = cost + process.debt, 0
        process.cpu_ns += cost
        process.space.cpu_ns += cost
        process.state, process.token = "R", process.token + 1
        delay = round(cost * self.processor.pace(process, self.processes))
        if process.space.limits.cpus:
            process.space.throttled_ns += delay - cost
        self.agenda.push(delay, "wake", (process.pid, process.token))

    def later(self, process: Process, delay: int, answer: tuple[str, Any]) -> None:
        """Se le contestará `answer` dentro de `delay` ns."""
        process.answer = answer
        delay, process.debt = delay + process.debt + STEP_COST, 0
        process.busy = 0 if delay > REST else process.busy + 1
        self.agenda.push(delay, "wake", (process.pid, process.token))

    def charge(self, process: Process, cost: int) -> None:
        """Le apunta `cost` ns de procesador, que pagará en su próxima espera."""
        process.debt += cost

    def wake_all(self, pids: Waiters) -> None:
        """Vuelve a intentar lo que piden esos procesos y vacía la lista."""
        waiting_now, pids[:] = list(pids), []
        for pid, token in waiting_now:
            process = self.processes.get(pid)
            if process and process.state == "S" and process.token == token:
                stalled, self.stalled = self.stalled, None
                self.attend(process)
                self.stalled = stalled

    def network(self, space: Space) -> Any:
        """Quién sabe de nombres y rutas en ese espacio."""
        return space.network or self.loopback

    def fifo(self, space: Space, path: str) -> Pipe:
        """La tubería con nombre de `path`."""
        return self.fifos.setdefault((space.id, path), Pipe(named=True))

    # -- guardar --
    def to_data(self) -> dict[str, Any]:
        """Todo el núcleo en JSON (véase `snapshot`)."""
        return snapshot.to_data(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any], spaces: Mapping[str, Space], clock: Clock | None = None) -> Kernel:
        """El núcleo que `to_data` guardó, sobre esos espacios."""
        return snapshot.from_data(cls, data, spaces, clock)
