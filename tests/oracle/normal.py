"""Lo impreso, sin lo que cambia de una vez a otra: horas, tamaños, puertos, nombres al azar, orden de lo simultáneo.

Los ids se quedan marcados (`\\x01CLASE:doce-cifras\\x02`): al comparar importa cuál es cuál, no sus cifras.
La tabla completa está en FORMAT.md, *Normalising*.
"""

from __future__ import annotations

import os
import re

from .build_progress import settled

AGE = r"(?:Less than a second|About an? (?:minute|hour)|\d+ (?:second|minute|hour|day|week|month|year)s?)"
HEADING = re.compile(r"^[A-Z][A-Z/%#()]*(?: [A-Z/%#()]+)*(?: {2,}[A-Z][A-Z/%#()]*(?: [A-Z/%#()]+)*)+ *$")
NOT_TABLES = {"run", "exec", "logs", "start", "attach", "cp", "export", "save", "inspect", "version", "info"}
GROUPS = {"container", "image", "builder", "buildx", "compose", "network", "volume", "system"}
VOLATILE = {"top": {"PID", "PPID", "C", "STIME", "TIME", "START"},
            "stats": {"CPU %", "MEM USAGE / LIMIT", "MEM %", "NET I/O", "BLOCK I/O"}}
"""Por orden, las columnas cuyo valor cambia siempre."""
BIG_SIZE = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:MB|GB|TB|MiB|GiB|TiB)\b")
HELLO_WORLD = re.compile(r"^.*hello-world.*$", re.M)
ANNOUNCED_SIZE = re.compile(r"(Sending build context to Docker daemon|transferring (?:context|dockerfile):|"
                            r"Total reclaimed space:|Total:) +\S+")
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
REPLACED = [(re.compile(pattern, re.M), to) for pattern, to in (
    (r"^(\s*(?:/bin/)?\S*sh: (?:cd: )?)line \d+: ", r"\1"),                  # solo los BusyBox más nuevos
    (r"^time=\S+ level=\w+ msg=.*\n", ""),                                   # avisos internos del cliente
    (r"(digest: sha256:[0-9a-f]{64} size:) \d+", r"\1 <N>"),
    (r"^SRun '", "Run '"),                                                   # una errata del cliente 28
    (r"\bref [0-9a-f-]{36}::[a-z0-9]{25}", "ref <REF>"),
    (r"/proc/(?:thread-)?self/fd/\d+", "/proc/self/fd/<N>"),
    (r"/overlay2/[a-z0-9]{25}/", "/overlay2/<REF>/"),
    (r"\b(file|dir|multi):[0-9a-f]{8,64}", r"\1:<HASH>"),
    (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)", "<TS>"),
    (r"\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? [+-]\d{4} [A-Z]+\b", "<TS>"),
    (r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d \w+\b", "<TS>"),
    (AGE + r" ago", "<AGO>"),
    (r"\bUp " + AGE, "Up <DUR>"),
    (r"\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b", "<MAC>"),
    (r"to \d+\.\d+, as there are only \d+ CPUs", "to <N>, as there are only <N> CPUs"),
)]
IDS = re.compile(r"(?<![0-9a-zA-Z])(sha256:)?([0-9a-f]{64}|[0-9a-f]{12})(?![0-9a-zA-Z])")
KINDS = {("", 12): "ID", ("", 64): "LID", ("sha256:", 64): "SHA", ("sha256:", 12): "SHS"}
EPHEMERAL_PORT = re.compile(r"(?<![\w.])(3276[89]|327[7-9]\d|32[89]\d\d|3[3-9]\d{3}|[45]\d{4}|60\d{3})"
                            r"(?=->|$|/tcp|/udp)", re.M)
RANDOM_NAME = re.compile(r"^[a-z]+_[a-z]+\d?$")
LAYER_PROGRESS = re.compile(
    r"^([0-9a-f]{12}): (Pulling fs layer|Waiting|Downloading|Verifying Checksum|Download complete|Extracting|"
    r"Pull complete|Already exists|Preparing|Pushing|Pushed|Layer already exists|Mounted from \S+|Loading layer|"
    r"Loaded)\b.*$")


class Normaliser:
    """Normaliza lo impreso en un guion.

    `workdir`: su carpeta; `data_root`: donde el motor guarda lo suyo; `words`: el texto
    del guion (un nombre con forma de nombre al azar que está en él no lo es).
    """

    def __init__(self, workdir: str, data_root: str | None = None, words: str = ""):
        self.workdir, self.data_root, self.words = workdir, data_root, words

    def __call__(self, text: str, argv: list[str], stream: str) -> str:
        """`text`, que `docker argv…` escribió en `stream` («out» o «err»)."""
        text = ANSI.sub("", text.replace("\r\n", "\n"))
        text = "\n".join(_last_segment(line) for line in text.split("\n"))
        for folder in {self.workdir, os.path.realpath(self.workdir)}:
            text = text.replace(folder, "<PWD>")
        if self.data_root:
            text = text.replace(self.data_root, "/var/lib/docker")
        verb = verb_of(argv)
        if verb == "build" and stream == "err" or re.search(r"^#\d+ ", text, re.M):
            text = settled(text)
        if verb in ("pull", "run", "create", "build", "push", "import"):
            text = last_layer_words(text)
        if stream == "out" and verb not in NOT_TABLES:
            text = self.tables(text, verb)
        if verb == "diff" and stream == "out" and re.fullmatch(r"([ACD] /.*\n)+", text):
            text = "".join(sorted(text.splitlines(keepends=True)))
        if verb in ("ps", "port", "ls", "inspect", "container"):
            text = EPHEMERAL_PORT.sub("<PORT>", text)
        text = ANNOUNCED_SIZE.sub(r"\1 <SIZE>", text)
        for pattern, to in REPLACED:
            text = pattern.sub(to, text)
        if stream == "out":
            text = BIG_SIZE.sub("<SIZE>", text)
            text = HELLO_WORLD.sub(lambda line: re.sub(r"\b\d+(?:\.\d+)?kB\b", "<SIZE>", line[0]), text)
        text = IDS.sub(lambda found: f"\x01{KINDS[found[1] or '', len(found[2])]}:{found[2][:12]}\x02", text)
        return "\n".join(line.rstrip() for line in text.split("\n"))

    def tables(self, text: str, verb: str) -> str:
        """Las tablas, cortadas por las columnas de su cabecera: así una que no cuadra se distingue."""
        lines: list[str] = []
        starts: list[int] = []
        headings: list[str] = []
        for line in text.split("\n"):
            heading = HEADING.match(line)
            if heading:
                starts = [found.start() for found in re.finditer(r"(?:(?<=  )|^)\S", line)]
            elif not line.strip():
                starts = []
            cells = [line[start:end] for start, end in zip(starts, [*starts[1:], len(line) + 1], strict=False)]
            if cells and _straight(cells):
                if heading:
                    headings = [cell.strip() for cell in cells]
                elif verb in VOLATILE:
                    cells = [f"<{name}>" if name in VOLATILE[verb] else cell
                             for name, cell in zip(headings, cells, strict=False)]
                line = " | ".join(self.cell(cell.strip()) for cell in cells)
            lines.append(line)
        return "\n".join(lines)

    def cell(self, text: str) -> str:
        """Una casilla, sin la edad ni el nombre al azar."""
        if re.fullmatch(AGE + r"(?: ago)?", text):
            return "<AGO>"
        return "<RANDOM_NAME>" if RANDOM_NAME.match(text) and text not in self.words else text


def verb_of(argv: list[str]) -> str:
    """La orden: `ps` en `docker ps` y en `docker container ps`."""
    words = [word for word in argv if not word.startswith("-")]
    return (words[1] if words[:1] and words[0] in GROUPS and len(words) > 1 else words[0]) if words else ""


def last_layer_words(text: str) -> str:
    """Del progreso de descargar o subir, solo lo último de cada capa, por orden de aparición."""
    last: dict[str, str] = {}
    lines: list[tuple[str, str]] = []   # (capa o nada, texto)
    for line in text.split("\n"):
        found = LAYER_PROGRESS.match(line)
        if not found:
            lines.append(("", line))
            continue
        if found[1] not in last:
            lines.append((found[1], ""))
        last[found[1]] = found[2]
    return "\n".join(f"{layer}: {last[layer]}" if layer else line for layer, line in lines)


def _straight(cells: list[str]) -> bool:
    """¿Empieza cada casilla en su columna y acaba antes de la siguiente?"""
    return (all(not cell or cell.endswith(" ") for cell in cells[:-1])
            and all(not cell.startswith(" ") or not cell.strip() for cell in cells))


def _last_segment(line: str) -> str:
    """De una línea que se reescribe a sí misma con retornos de carro, lo que queda a la vista."""
    parts = [part for part in line.split("\r") if part]
    return parts[-1] if parts else ""
