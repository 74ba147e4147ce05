"""Un taller en una línea de texto, para repetirlo en otro sitio; y en un guion de órdenes, para un Docker de verdad.

El motor es determinista: bastan los archivos del principio y la lista de pasos.
Si antes de empezar ya había algo (lo que hicieron otras celdas del notebook),
viaja también ese estado, sin las capas de las imágenes oficiales, que están en
todas partes.

    dockerlab1:<datos>:<ocho cifras de la suma>
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shlex
import tempfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import fault
from ..state import NAME, VERSION, Archive
from . import steps as stepping
from .console import jobs
from .steps import Step
from .words import echo

if TYPE_CHECKING:
    from ..engine import Engine
    from .bench import Workbench

PREFIX = "dockerlab1:"
LARGEST = 400_000     # letras del texto


@dataclass(slots=True)
class Shared:
    """Un taller leído: el reto (o «»), la semilla, los archivos, los pasos, el estado del que parte y su huella."""

    task: str
    seed: str
    files: dict[str, bytes | None]
    steps: list[Step]
    state: dict[str, Any] = field(default_factory=dict)
    mark: str = ""


def text_of(bench: Workbench, task: str = "") -> str:
    """El taller en una línea. Falta `share-too-big` si no hay quien la pegue."""
    base, done = bench.origin
    content: dict[str, Any] = {"o": stepping.to_data(done), "k": fingerprint(bench.engine)}
    if task:
        content["t"] = task
    elif bench.engine.seed != "dockerlab":
        content["s"] = bench.engine.seed
    if base.files and not (task and base is bench.start):
        content["f"] = {name: packed(body) for name, body in base.files.items()}
    if not base.plain and not (task and base is bench.start):
        content["b"] = dump(bench.engine, zlib.decompress(base.engine))
    data = zlib.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), 9)
    written = base64.urlsafe_b64encode(data).decode().rstrip("=")
    if len(written) > LARGEST:
        raise fault("share-too-big", size=len(written) // 1000)
    return f"{PREFIX}{written}:{checksum(written)}"


def read(text: str) -> Shared:
    """El taller que dice un texto; los espacios y los saltos dan igual. Faltas `share-foreign`, `share-damaged`."""
    bare = re.sub(r"\s+", "", text).strip("\"'`")
    if not bare.startswith(PREFIX):
        raise fault("share-foreign")
    written, _, check = bare.removeprefix(PREFIX).rpartition(":")
    if not written or len(check) != 8:
        raise fault("share-damaged", reason="no está entero")
    if checksum(written) != check:
        raise fault("share-damaged", reason="alguna letra ha cambiado por el camino")
    try:
        content = json.loads(zlib.decompress(base64.urlsafe_b64decode(written + "=" * (-len(written) % 4))))
        return Shared(content.get("t", ""), content.get("s", "dockerlab"),
                      {name: unpacked(body) for name, body in content.get("f", {}).items()},
                      stepping.from_data(content["o"]), content.get("b", {}), content["k"])
    except (ValueError, KeyError, TypeError, AttributeError, zlib.error):
        raise fault("share-damaged", reason="lo ha escrito otra versión de dockerlab") from None


def checksum(text: str) -> str:
    """Ocho cifras que cambian si cambia una letra."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def fingerprint(engine: Engine) -> str:
    """La huella de lo que hay en un motor: la misma en dos talleres iguales, aunque estén en carpetas distintas."""
    view = engine.view()
    said = [[image.id, image.tags] for image in view.images]
    said += [[item.name, item.id, item.image, item.state, item.exit_code, item.ports] for item in view.containers]
    said += [[item.name, item.size] for item in view.volumes] + [[item.name, item.subnet] for item in view.networks]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:8]


def packed(body: bytes | None) -> Any:
    """Un archivo en JSON: su texto, sus bytes en base64 (en una lista) o, si es una carpeta, None."""
    try:
        return None if body is None else body.decode()
    except UnicodeDecodeError:
        return [base64.b64encode(body).decode()]  # type: ignore[arg-type]


def unpacked(body: Any) -> bytes | None:
    """El archivo que `packed` escribió."""
    return body.encode() if isinstance(body, str) else None if body is None else base64.b64decode(body[0])


def open_text(bench: Workbench, text: str, task: str = "") -> None:
    """Repite en `bench` un taller compartido, desde el principio. Faltas de `read`, `share-other`, `share-unequal`.

    Los archivos que ya hubiera en la carpeta y no estén en el texto se quedan.
    """
    shared = read(text)
    if shared.task != task:
        raise fault("share-other", task=shared.task or "un taller libre", call=f'reto("{shared.task}")' if shared.task
                    else "taller()")
    if task:
        bench.reset()
    else:
        bench.restart(shared.seed, shared.files, lambda engine: load(engine, shared.state) if shared.state else None)
    bench.replay(shared.steps)
    if shared.mark != fingerprint(bench.engine):
        raise fault("share-unequal")


# ── el estado de partida ─────────────────────────────────────────────────────

def dump(engine: Engine, saved: bytes) -> dict[str, Any]:
    """El motor guardado en `saved`, con los blobs que hagan falta; las capas oficiales, solo por su nombre."""
    from .memory import shelf
    state = json.loads(saved)
    store = Archive(Path(shelf().name)).blobs
    catalogue = engine.hub.catalogue
    official = {layer.diff_id: [f"{name}:{tag}", index]
                for name in catalogue.names() for tag in catalogue.tags(name)
                for image in [catalogue.image(f"{name}:{tag}")] if image is not None
                for index, layer in enumerate(image.layers)}
    wanted = set(re.findall(r"\b[0-9a-f]{64}\b", saved.decode()))
    blobs, known = {}, {}
    for number in sorted(wanted):
        digest = f"sha256:{number}"
        if digest in official:
            known[number] = official[digest]
        elif (store.folder / number).exists():
            blobs[number] = store.get(digest).decode("latin-1")   # cada byte, una letra: se comprime mejor
    return {"m": state, "b": blobs, "l": known}


def load(engine: Engine, state: dict[str, Any]) -> None:
    """Deja `engine` en el estado de partida que escribió `dump`. Falta `share-damaged` si no se puede."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive(Path(folder))
        try:
            if state["m"]["version"] != VERSION:
                raise ValueError(NAME)
            for number, content in state["b"].items():
                archive.blobs.put(f"sha256:{number}", lambda file, body=content: file.write(body.encode("latin-1")))
            for number, (reference, index) in state["l"].items():
                layer = engine.hub.catalogue.image(reference).layers[index]
                archive.layers[f"sha256:{number}"] = layer
            archive.restore(engine, state["m"])
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, OSError):
            raise fault("share-damaged", reason="lo ha escrito otra versión de dockerlab") from None


# ── el guion ─────────────────────────────────────────────────────────────────

HEAD = """\
#!/bin/sh
# Lo que hiciste en el taller de dockerlab, para un Docker de verdad.
# Ejecútalo en una carpeta vacía: escribe en ella los archivos que hacen falta.
"""


def script_of(bench: Workbench) -> str:
    """La sesión como guion de shell, con órdenes de Docker de verdad."""
    base, done = bench.origin
    lines = [HEAD]
    if not base.plain:
        lines.append("# Antes de empezar ya había cosas en el motor (las hicieron otras celdas): aquí no están.\n")
    for name, body in base.files.items():
        if body is not None:
            lines.append(written_file(name, body))
    for step in done:
        lines += told(step)
    return "\n".join(lines).rstrip("\n") + "\n"


def written_file(name: str, body: bytes) -> str:
    """Las líneas que escriben un archivo."""
    folder = f"mkdir -p {shlex.quote(str(Path(name).parent.as_posix()))}\n" if "/" in name else ""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return f"{folder}base64 -d > {shlex.quote(name)} <<'FIN'\n{base64.encodebytes(body).decode()}FIN\n"
    if not text.endswith("\n"):      # `cat <<` le pondría un salto de línea que no tiene, y el digest sería otro
        return f"{folder}printf %s {shlex.quote(text)} > {shlex.quote(name)}\n"
    end = next(word for word in ("FIN", "FIN_DEL_ARCHIVO", "FIN_" + checksum(text)) if word not in text.split("\n"))
    return f"{folder}cat > {shlex.quote(name)} <<'{end}'\n{text}{end}\n"


def told(step: Step) -> Iterable[str]:
    """Un paso en el guion."""
    if step.kind == "save":
        yield written_file(step.text, step.body.encode())
    elif step.kind == "delete":
        yield f"rm -rf {shlex.quote(step.text)}"
    elif step.kind == "order" and step.text.split()[0].lstrip("!") not in LOCAL:
        line = step.text.strip().removeprefix("!").strip()
        if step.code:
            yield f"# (aquí acabó con el código {step.code})"
        if step.typed and "<<" in line:
            yield "\n".join([line, *step.typed])
        elif step.typed:
            yield f"{without_tty(line)} <<'FIN'\n" + "\n".join(step.typed) + "\nFIN"
        else:
            yield echoed(line) or line


def echoed(line: str) -> str:
    """Un `echo` con opciones o con «\\», que cada shell entiende a su manera, dicho para todos; vacío si no es eso."""
    try:    # una variable deja una huella que nadie teclea: lo que vale en el otro equipo, aquí no se sabe
        job, *others = jobs(line, dict.fromkeys(re.findall(r"\w+", line), "\0"))
    except ValueError:
        return ""
    name, *args = job.words or [""]
    odd = "\\" in "".join(args) or args[:1] and args[0].startswith("-")
    if name != "echo" or others or job.filters or not odd or re.search(r"\0|`|\$\(", line + "".join(args)):
        return ""
    target = f" {'>>' if job.append else '>'} {shlex.quote(job.target)}" if job.target else ""
    return f"printf %s {shlex.quote(echo(None, args))}{target}"


def pasteable(road: str) -> str:
    """Un camino escrito como celdas de notebook, tal como se pegaría en el terminal del taller."""
    lines: list[str] = []
    for cell in re.split(r"\n\s*\n(?=%%|!docker)", road.strip()):
        head, _, body = cell.partition("\n")
        if head.startswith("%%archivo "):
            lines.append(written_file(head.split(maxsplit=1)[1], f"{body.rstrip(chr(10))}\n".encode()).rstrip("\n"))
        elif head.strip() == "%%docker":
            lines.append(body)
        else:
            lines += [line.removeprefix("!") for line in cell.splitlines()]
    return "\n".join(lines).strip()


LOCAL = ("clear", "ayuda", "help", "nano", "vi", "vim", "code", "editar", "notepad")


def without_tty(line: str) -> str:
    """La orden para un guion, donde nadie teclea: `-it` pasa a ser `-i`."""
    line = re.sub(r"(?<=\s)-(it|ti)(?=\s)", "-i", line, count=1)
    return re.sub(r"\s(-t|--tty)(?=\s)", "", line, count=1)
