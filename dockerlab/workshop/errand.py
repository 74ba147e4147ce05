"""Una orden que quizá haga preguntas: se hace en un hilo aparte y, mientras espera la respuesta, no estorba.

El motor queda libre durante la espera (`Engine.aside`): otras celdas y otros
botones lo pueden usar. Donde no hay hilos, la orden se hace igual, y a quien
pregunte se le dice que no hay nadie.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

try:
    import threading
except ImportError:   # hay Python sin hilos
    threading = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from ..engine import Engine

HIDDEN = "********"    # lo que se apunta en lugar de una contraseña
Ask = Callable[[str], str]


class Errand:
    """Una orden en marcha. `waiting`: espera una línea; `typed`: las que ya se le dieron."""

    def __init__(self, engine: Engine, work: Callable[[Ask | None], int]):
        self.engine, self.work = engine, work
        self.code: int | None = None
        self.error: BaseException | None = None
        self.waiting, self.prompt = False, ""
        self.typed: list[str] = []
        self.hung_up = False
        self._answer: str | None | type[BaseException] = None
        if threading:
            self._idle, self._go = threading.Event(), threading.Event()

    @property
    def secret(self) -> bool:
        """¿Espera una contraseña?"""
        return self.waiting and self.prompt.startswith("Password")

    @property
    def done(self) -> bool:
        """¿Ha acabado?"""
        return self.code is not None or self.error is not None

    def start(self) -> None:
        """Empieza, y vuelve cuando acaba o cuando espera una línea."""
        try:
            threading.Thread(target=self._run, args=(self._ask,), name="taller", daemon=True).start()
        except (AttributeError, RuntimeError):   # aquí no hay hilos, o no se pueden lanzar
            self._run(None)
            return
        self._idle.wait()

    def type(self, line: str) -> None:
        """Le da una línea, y vuelve cuando acaba o cuando espera otra. Una contraseña no se recuerda."""
        self.typed.append(HIDDEN if self.secret else line)
        self._resume(line)

    def hang_up(self) -> None:
        """Ctrl+D: no habrá más líneas."""
        self.hung_up = True
        self._resume(EOFError)

    def interrupt(self) -> None:
        """Ctrl+C mientras espera."""
        self._resume(KeyboardInterrupt)

    def _resume(self, answer: str | type[BaseException]) -> None:
        self._answer, self.waiting = answer, False
        self._idle.clear()
        self._go.set()
        self._idle.wait()

    def _run(self, ask: Ask | None) -> None:
        try:
            self.code = self.work(ask)
        except BaseException as error:  # quien la encargó la vuelve a lanzar en su hilo
            self.error = error
        if threading:
            self._idle.set()

    def _ask(self, prompt: str) -> str:
        if self.hung_up:
            raise EOFError
        with self.engine.aside():
            self.prompt, self.waiting = prompt, True
            self._idle.set()
            self._go.wait()
            self._go.clear()
        if isinstance(self._answer, str):
            return self._answer
        raise self._answer or EOFError
