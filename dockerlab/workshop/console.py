"""El terminal del taller: de una línea tecleada a lo que se ve debajo.

Entiende `docker …`, las palabras de `words`, órdenes encadenadas, `| grep web`,
`> archivo`, `< archivo` y `$(docker …)`. No es un shell: lo demás lo dice, y acaba con 127.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ..cli.app import run
from ..cli.complete import complete, paths
from ..cli.terminal import Terminal, explanation
from ..errors import DockerlabError
from ..pipes import pipe
from ..shell_line import BOTH, CHAINS, FILTERS, lexed, substitute, unquoted
from .desk import Desk
from .errand import Ask
from .words import EDITORS, LOOPS, NO_LOOPS, WORDS, unknown

if TYPE_CHECKING:
    from ..engine import Engine

Entry = list[Any]   # [clase, texto]: order, typed, out, err o say; en `say`, pares (título, texto)
HEREDOC = re.compile(r"<<-?\s*(['\"]?)(?P<end>\w+)\1")
PIPED = ("Con `{operator}`, aquí no se puede: no se ha ejecutado nada. Detrás de `|` valen `grep`, `head`, `tail`, "
         "`wc`, `sort`, `cut`, `awk`…; lo demás, en órdenes sueltas.")
UNCLOSED = "Hay unas comillas sin cerrar en la línea: no se ha ejecutado nada."
MISSING_END = "Falta la línea «{end}» que cierra el texto: no se ha escrito nada."
NOBODY = "Aquí no se puede preguntar nada a quien teclea: escribe el texto en el panel «Archivos»."


class Shellish(ValueError):
    """La línea pide algo que solo hace un shell; el mensaje es el signo."""


@dataclass(slots=True)
class Job:
    """Una orden de la línea: qué la une a la anterior, sus palabras, de dónde lee, por dónde pasa y adónde escribe."""

    operator: str
    words: list[str] = field(default_factory=list)
    source: str = ""
    target: str = ""
    append: bool = False
    filters: list[list[str]] = field(default_factory=list)
    both: bool = False


def jobs(line: str, environment: dict[str, str]) -> list[Job]:
    """Las órdenes de una línea. `Shellish`: en segundo plano o con un filtro que no hay. `ValueError`: una comilla.

    `2>&1` solo cuenta delante de un filtro: en la pantalla las dos salidas van siempre juntas.
    """
    ready = BOTH.sub(" ", line)
    found, pending = [Job("", both=ready != line)], ""
    for kind, text in lexed(ready):
        if kind == "word" and pending:
            setattr(found[-1], "source" if pending == "<" else "target", unquoted(text, environment))
            found[-1].append = found[-1].append or pending == ">>"
            pending = ""
        elif kind == "word":
            (found[-1].filters or [found[-1].words])[-1].append(unquoted(text, environment))
        elif text == "|" and not pending:
            found[-1].filters.append([])
        elif text in CHAINS:
            found.append(Job(text, both=ready != line))
        elif text in ("<", ">", ">>") and not pending:
            pending = text
        else:
            raise Shellish(text)
    if pending:
        raise Shellish(pending)
    if any(words[:1] == [] or words[0] not in FILTERS for job in found for words in job.filters):
        raise Shellish("|")
    return [job for job in found if job.words or job.operator not in ("", ";")]


class Console:
    """Ejecuta líneas en `engine` y `desk`; lo que se ve lo recibe `write(clase, contenido)`.

    `edit(ruta)` abre un archivo en el editor y `clear()` limpia la pantalla.
    """

    def __init__(self, engine: Engine, desk: Desk, write: Callable[[str, Any], None],
                 edit: Callable[[str], None] = lambda name: None, clear: Callable[[], None] = lambda: None):
        self.engine, self.desk, self.write, self.edit, self.clear = engine, desk, write, edit, clear
        self.code = 0

    @property
    def environment(self) -> dict[str, str]:
        """Las variables de quien teclea."""
        return {"PWD": str(self.desk.cwd), "HOME": str(self.desk.root), "USER": "alumno"}

    def run(self, line: str, ask: Ask | None = None) -> int:
        """Ejecuta una línea entera; su código de salida. Nunca lanza los errores del proyecto."""
        line = line.strip().removeprefix("!").strip().replace("$?", str(self.code))
        line = line.replace("$(pwd)", "$PWD").replace("`pwd`", "$PWD")
        text = HEREDOC.search(line)
        if text:
            line = line[:text.start()] + line[text.end():]
        try:
            ready = jobs(substitute(line, self.captured), self.environment)
        except Shellish as error:
            return self.refuse(PIPED.format(operator=error), 127)
        except ValueError:
            return self.refuse(UNCLOSED, 2)
        if ready and ready[0].words[:1] and ready[0].words[0] in LOOPS:
            return self.refuse(NO_LOOPS, 127)
        self.code = 0
        for job in ready:
            if job.operator in ("", ";") or (self.code == 0) == (job.operator == "&&"):
                self.code = self.one(job, ask, text["end"] if text else None)
        return self.code

    def one(self, job: Job, ask: Ask | None, end: str | None) -> int:
        """Una orden de la línea."""
        try:
            stdin = self.desk.read(job.source) if job.source else None
            if end is not None or (job.words == ["cat"] and stdin is None):
                stdin = self.dictated(ask, end)
            if not job.target and not job.filters:
                return self.do(job.words, stdin, lambda piece: self.write("out", piece), ask)
            caught: list[str] = []
            code, errors = self.do(job.words, stdin, caught.append, None if job.filters else ask,
                                   job.both and bool(job.filters)), ""
            text = "".join(caught)
            if job.filters:
                code, text, errors = pipe(text, job.filters, self.again)
            if job.target:
                self.desk.write(job.target, text.encode(), job.append)
            else:
                self.write("out", text)
            if errors:
                self.write("err", errors)
            return code
        except DockerlabError as error:
            return self.failed(job.words[0] if job.words else "", error)
        except OSError as error:
            return self.refuse(f"{job.words[0]}: {error.strerror or error}", 1)

    def do(self, words: list[str], stdin: bytes | None, out: Callable[[str], Any], ask: Ask | None,
           both: bool = False) -> int:
        """`docker` o una palabra de las de aquí. `both`: los errores salen por el mismo sitio que lo demás."""
        name, *args = words or ["cat"]
        if name == "docker":
            terminal = self.terminal(out, stdin, ask)
            return run(self.engine, args, replace(terminal, err=out) if both else terminal)
        if name in ("clear", "cls"):
            self.clear()
        elif name in EDITORS:
            self.edit(self.desk.name(self.desk.locate(args[0] if args else "Dockerfile")))
        elif name == "cat" and stdin is not None and not args:
            out(stdin.decode(errors="replace"))
        elif name in WORDS:
            text = WORDS[name](self.desk, args)
            if text:
                out(text)
        else:
            return self.refuse(unknown(name), 127)
        return 0

    def terminal(self, out: Callable[[str], Any], stdin: bytes | None, ask: Ask | None) -> Terminal:
        """El terminal con el que habla la línea de órdenes de Docker."""
        def question(prompt: str) -> str:
            if prompt:
                self.write("out", prompt)
            line = ask(prompt)  # type: ignore[misc]
            self.write("typed", "" if prompt.startswith("Password") else line)
            return line
        return Terminal(out, lambda piece: self.write("err", piece), stdin, str(self.desk.cwd), self.environment,
                        width=100, ask=question if ask and stdin is None else None,
                        explaining=lambda error: self.write("say", explanation(error)),
                        noting=lambda text: self.write("say", [("", text)]))

    def dictated(self, ask: Ask | None, end: str | None) -> bytes:
        """Las líneas que se teclean hasta `end` (o hasta Ctrl+D)."""
        if ask is None:
            raise DockerlabError("nadie teclea", what=NOBODY)
        lines: list[str] = []
        while True:
            self.write("out", "> ")
            try:
                line = ask("> ")
            except EOFError:
                if end is not None:
                    raise DockerlabError("texto sin cerrar", what=MISSING_END.format(end=end)) from None
                break
            except KeyboardInterrupt:
                raise DockerlabError("interrumpido", code=130, what="Interrumpido: no se ha escrito nada.") from None
            self.write("typed", line)
            if line == end:
                break
            lines.append(line + "\n")
        return "".join(lines).encode()

    def again(self, words: Sequence[str]) -> tuple[int, str]:
        """La orden `docker …` que pide un `xargs`: su código y lo que escribe."""
        caught: list[str] = []
        return run(self.engine, list(words[1:]), self.terminal(caught.append, None, None)), "".join(caught)

    def captured(self, line: str) -> str:
        """Lo que escribe una orden `docker …` que va dentro de otra."""
        caught: list[str] = []
        words = next(iter(jobs(line, self.environment)), Job("")).words
        run(self.engine, words[1:], self.terminal(caught.append, None, None))
        return "".join(caught)

    def failed(self, name: str, error: DockerlabError) -> int:
        """Una palabra de aquí que no pudo."""
        text = error.text if error.text.startswith(f"{name}: ") else f"{name}: {error.text}"
        self.write("err", f"{text}\n")
        if error.what:
            self.write("say", explanation(error))
        return error.code

    def refuse(self, text: str, code: int) -> int:
        """Algo que aquí no se puede; queda dicho, y nada se ha hecho."""
        self.write("say", [("", text)])
        self.code = code
        return code

    # ── completar ────────────────────────────────────────────────────────────

    def completions(self, line: str) -> tuple[str, list[str]]:
        """El trozo que se está escribiendo al final de `line` y lo que puede ser."""
        joint, part = re.fullmatch(r"(?:.*(&&|\|\||[;<>]))?(.*)", line, re.DOTALL).groups()  # type: ignore[union-attr]
        before, _, prefix = part.lstrip(" !").rpartition(" ")
        words = before.split()
        if joint in ("<", ">"):
            return prefix, paths(prefix, str(self.desk.cwd))
        if not words:
            return prefix, [word for word in ("docker", *WORDS, "clear", "nano") if word.startswith(prefix)]
        if words[0] == "docker":
            return prefix, complete(self.engine, words[1:], prefix, str(self.desk.cwd))
        return prefix, paths(prefix, str(self.desk.cwd))
