"""`!docker` y `%%docker` en los cuadernos: `%load_ext dockerlab`.

Se cambian `system` y `getoutput` de esta instancia de IPython: una línea que
empieza por `docker` va al simulador; las demás, donde siempre. A un Docker de
verdad no se llega ni queriendo.
"""

from __future__ import annotations

import contextlib
import html
import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from .cli.app import run
from .cli.terminal import Terminal, explanation, plain_explanation
from .errors import DockerlabError
from .mishaps import slip
from .pipes import pipe
from .shell_line import Piece, Unsupported, logical_lines, mentions_docker, pieces, substitute, without_shell

BOX = ("border-left:4px solid var(--jp-info-color1,#0b5cad);background:var(--jp-layout-color2,#eef2f7);"
       "color:var(--jp-content-font-color1,#1b1b1b);padding:.5em .9em;margin:.4em 0;max-width:60em;"
       "font-family:var(--jp-content-font-family,sans-serif);font-size:.95em;line-height:1.45")
ELSEWHERE = ("Esa línea ejecutaría un Docker de verdad, y este cuaderno usa el simulador: no se ha ejecutado nada. "
             "Escribe `!docker …` al principio de la línea, sin `sudo` ni nada delante.")
SHELL_ONLY = ("`{operator}` es cosa del shell, y `!docker` habla directamente con el simulador: no se ha ejecutado "
              "nada. ")
IN_PYTHON = ("Detrás de `|` valen `grep`, `head`, `tail`, `wc`, `sort`, `cut`, `awk`… Para lo demás, guarda la salida "
             "en una lista (`lineas = !docker ps -a`) y sigue con Python. Si tenía que hacerlo el contenedor: "
             "`docker exec NOMBRE sh -c \"…\"`.")
MIXED = ("En una línea que empieza por `docker` solo caben órdenes de Docker y `echo $?`, que dice su código de "
         "salida. `{word}` es de otro sitio: no se ha ejecutado nada.")
LOWER = "La orden se escribe en minúsculas, `docker`: para un terminal no es lo mismo. No se ha ejecutado nada."
UNCLOSED = "Hay unas comillas sin cerrar en la línea: no se ha ejecutado nada."


def shown(text: str) -> str:
    """El texto en HTML; lo que va entre acentos graves, como código."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))


def box(parts: list[tuple[str, str]]) -> str:
    """Un recuadro suave, en HTML."""
    rows = "".join(f"<div>{f'<b>{title}.</b> ' if title else ''}{shown(text)}</div>" for title, text in parts)
    return f'<div role="note" style="{BOX}">{rows}</div>'


def show(parts: list[tuple[str, str]], plain: str) -> None:
    """Enseña el recuadro; donde no hay HTML, el texto."""
    from IPython.display import display
    sys.stdout.flush()
    display({"text/html": box(parts), "text/plain": plain.rstrip("\n")}, raw=True)


def explain(error: DockerlabError) -> None:
    """La explicación de un error."""
    show(explanation(error), plain_explanation(error))


def note(text: str) -> None:
    """Una nota."""
    show([("", text)], f"  │ {text}")


class Notebook:
    """El simulador dentro de una instancia de IPython."""

    def __init__(self, shell: Any):
        self.shell = shell
        self.system, self.getoutput, self.cell_magic = shell.system, shell.getoutput, shell.run_cell_magic
        self.matcher: Callable[..., Any] | None = None
        self.cells: list[str] = []           # las celdas ejecutadas, como se escribieron
        self.latest: tuple[list[str], int] = ([], 0)     # la última orden, palabra a palabra, y su código de salida

    def remember(self, info: Any) -> None:
        """Apunta la celda que va a ejecutarse, también si no va al historial de IPython."""
        self.cells.append(info.raw_cell)

    @property
    def engine(self) -> Any:
        """El motor del cuaderno: el de la variable `docker`, o el de `dockerlab.docker`."""
        import dockerlab

        from .client import Docker
        chosen = self.shell.user_ns.get("docker")
        return (chosen if isinstance(chosen, Docker) else dockerlab.docker).engine

    def asking(self) -> Callable[[str], str] | None:
        """Cómo preguntar a la persona, si hay alguien."""
        kernel = getattr(self.shell, "kernel", None)
        return input if kernel is not None and getattr(kernel, "_allow_stdin", False) else None

    def terminal(self, write: Callable[[str], Any], visible: bool) -> Terminal:
        """Un terminal que escribe las dos salidas, en su orden, con `write`."""
        return Terminal(write, write, b"", os.getcwd(), os.environ, ask=self.asking() if visible else None,
                        explaining=explain if visible else None, noting=note if visible else None)

    def line(self, line: str, write: Callable[[str], Any], visible: bool = True) -> int:
        """Ejecuta una línea que empieza por `docker` (quizá varias órdenes encadenadas); su código de salida."""
        try:
            found = pieces(substitute(line, lambda inner: self.captured(inner)[1]), os.environ)
        except Unsupported as error:
            note(SHELL_ONLY.format(operator=error) + (without_shell(line, str(error)) or IN_PYTHON))
            return self.ended(2)
        except ValueError:
            note(UNCLOSED)
            return self.ended(2)
        strange = next((piece.words[0] for piece in found if piece.words[:1] not in (("docker",), ("echo",))), "")
        if strange:
            note(MIXED.format(word=strange))
            return self.ended(2)
        code = 0
        for piece in found:
            if piece.operator in ("", ";") or (code == 0) == (piece.operator == "&&"):
                code = self.piece(piece, write, visible, code)
        return self.ended(code)

    def piece(self, piece: Piece, write: Callable[[str], Any], visible: bool, before: int) -> int:
        """Una orden de la línea; `before`, el código de salida de la anterior, que es `$?`."""
        if piece.words[0] == "echo":
            write(" ".join(piece.words[1:]).replace("$?", str(before)) + "\n")
            return 0
        if not piece.filters:
            code = run(self.engine, piece.words[1:], self.terminal(write, visible))
        else:
            caught: list[str] = []
            terminal = self.terminal(caught.append, False)
            code = run(self.engine, piece.words[1:], terminal if piece.both else replace(terminal, err=write))
        self.latest = (list(piece.words), code)
        if piece.filters:
            code, text, errors = pipe("".join(caught), piece.filters, lambda words: self.captured(shlex.join(words)))
            write(text + errors)
        return code

    def captured(self, line: str) -> tuple[int, str]:
        """Ejecuta una línea sin enseñarla: (código, lo escrito)."""
        written: list[str] = []
        return self.line(line, written.append, visible=False), "".join(written)

    def ended(self, code: int) -> int:
        """Deja el código de salida donde IPython lo deja."""
        self.shell.user_ns["_exit_code"] = code
        return code

    def expand(self, text: str, depth: int) -> str:
        """Pone las variables de Python (`{nombre}`, `$nombre`).

        Respeta las plantillas de Docker (`{{.Names}}`, también con las llaves dobladas que pide IPython)
        y las variables de entorno (`$PWD`), que se ponen después.
        """
        kept = text.replace("{{{{", "{{").replace("}}}}", "}}").replace("{{", "\0").replace("}}", "\1")
        kept = re.sub(r"\$(?=\{?(\w+))", lambda found: "$" if found[1] in self.shell.user_ns else "\2", kept)
        done = self.shell.var_expand(kept, depth=depth + 1)
        return done.replace("\0", "{{").replace("\1", "}}").replace("\2", "$")

    @contextlib.contextmanager
    def expanded(self) -> Iterator[None]:
        """Mientras dura, IPython no vuelve a poner variables: ya están puestas, y se miraron donde tocaba."""
        self.shell.var_expand = lambda text, *_, **__: text
        try:
            yield
        finally:
            del self.shell.var_expand

    # ── lo que se cambia en IPython ──────────────────────────────────────────

    def do_system(self, command: str) -> None:
        """`!orden`."""
        if is_docker(command):
            self.line(self.expand(command, 1), sys.stdout.write)
        elif is_docker(command.lower()):
            note(LOWER)
            self.ended(127)
        elif mentions_docker(command):
            note(ELSEWHERE)
            self.ended(2)
        else:
            ready = self.shell.var_expand(command, depth=1)
            with self.expanded():
                self.system(ready)

    def do_getoutput(self, command: str, split: bool = True, depth: int = 0) -> Any:
        """`x = !orden`."""
        from IPython.utils.text import LSString, SList
        if is_docker(command):
            _, text = self.captured(self.expand(command, depth + 1))
            return SList(text.splitlines()) if split else LSString(text)
        if mentions_docker(command):
            note(ELSEWHERE)
            self.ended(2)
            return SList() if split else LSString("")
        ready = self.shell.var_expand(command, depth=depth + 1)
        with self.expanded():
            return self.getoutput(ready, split=split)

    def magic(self, line: str, cell: str | None = None) -> None:
        """`%docker …` y `%%docker`: muchas líneas, cada una con lo que se habría tecleado delante."""
        if cell is None:
            self.line(self.expand(f"docker {line}", 2), sys.stdout.write)
            return
        for command in logical_lines(cell):
            command = command.lstrip().removeprefix("!").lstrip()      # aquí sobra la «!», y se escribe sin querer
            command = self.expand(command if is_docker(command) else f"docker {command}", 2)
            print(f"$ {command}", flush=True)
            self.line(command, sys.stdout.write)

    def do_cell_magic(self, name: str, line: str, cell: str) -> Any:
        """`%%bash` y compañía: como siempre, salvo que fueran a llamar a un Docker de verdad."""
        lines = (each for each in cell.splitlines() if not each.lstrip().startswith("#"))
        if name in SCRIPTS and any(map(mentions_docker, lines)):
            note(ELSEWHERE + f" Para varias líneas, usa `%%docker` en lugar de `%%{name}`.")
            self.ended(2)
            return None
        return self.cell_magic(name, line, cell)

    def complete(self, context: Any) -> Any:
        """Lo que completa el tabulador tras `!docker`, `%docker` y en las celdas `%%docker`."""
        from IPython.core.completer import SimpleCompletion

        from .cli.complete import complete
        line = context.full_text.split("\n")[context.cursor_line][:context.cursor_position]  # posición: la columna
        found = re.search(r"(?:^|=\s*)\s*[!%]{1,2}\s*docker\s(?P<rest>.*)$", line)
        rest = found["rest"] if found else None
        if rest is None and context.full_text.lstrip().startswith("%%docker"):
            rest = line.lstrip().removeprefix("docker ")
        if rest is None:
            return {"completions": [], "suppress": False}
        typed, _, prefix = rest.rpartition(" ")
        words = typed.split()
        options = complete(self.engine, words, prefix, os.getcwd())
        return {"completions": [SimpleCompletion(option, type="docker") for option in options],
                "matched_fragment": prefix, "suppress": bool(options), "ordered": True}


def is_docker(command: str) -> bool:
    """¿Empieza la línea por `docker`?"""
    return command.split(maxsplit=1)[:1] == ["docker"]


def magic_first(lines: list[str]) -> list[str]:
    """La celda sin los comentarios que van delante de un `%%docker` o un `%%archivo`: IPython los quiere primero."""
    start = next((n for n, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")), 0)
    return lines[start:] if lines[start:] and lines[start].startswith(("%%docker", "%%archivo")) else lines


SCRIPTS = ("bash", "sh", "script", "system", "sx", "cmd")


def load_ipython_extension(shell: Any) -> None:
    """`%load_ext dockerlab`. Hacerlo dos veces no cambia nada."""
    if getattr(shell, "dockerlab_notebook", None) is not None:
        return
    from IPython.core.completer import context_matcher
    from IPython.core.magic import no_var_expand
    notebook = shell.dockerlab_notebook = Notebook(shell)
    shell.system, shell.getoutput = notebook.do_system, notebook.do_getoutput
    shell.run_cell_magic = notebook.do_cell_magic
    shell.events.register("pre_run_cell", notebook.remember)
    shell.input_transformers_cleanup.insert(0, magic_first)

    @no_var_expand
    def docker(line: str, cell: str | None = None) -> None:
        """El Docker simulado: `%docker ps`, o varias líneas en una celda `%%docker`."""
        notebook.magic(line, cell)

    @context_matcher()
    def docker_matcher(context: Any) -> Any:
        return notebook.complete(context)
    shell.set_custom_exc((NameError, TypeError), slip)
    shell.register_magic_function(docker, "line_cell")
    notebook.matcher = docker_matcher
    shell.Completer.custom_matchers.append(docker_matcher)


def unload_ipython_extension(shell: Any) -> None:
    """`%unload_ext dockerlab`: todo como estaba."""
    notebook = shell.dockerlab_notebook
    del shell.system, shell.getoutput, shell.run_cell_magic
    shell.events.unregister("pre_run_cell", notebook.remember)
    shell.input_transformers_cleanup.remove(magic_first)
    shell.Completer.custom_matchers.remove(notebook.matcher)
    shell.set_custom_exc((), None)
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop("docker", None)
    shell.dockerlab_notebook = None
