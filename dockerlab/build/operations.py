"""Lo que una instrucción manda hacer además de cambiar la configuración.

ENV o CMD solo cambian la configuración. RUN ejecuta, COPY y ADD copian y WORKDIR
crea una carpeta: cada una se describe con un valor, con las variables ya
puestas, y la construcción lo lleva a cabo.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dockerlab.dockerfile import heredocs, mounts, words
from dockerlab.dockerfile.instruction import Instruction
from dockerlab.dockerfile.rules import refuse
from dockerlab.images import ImageConfig

Expand = Callable[[str], str]
PIPES = "/dev/pipes/"  # donde BuildKit monta el guion de un `RUN <<EOF` que empieza por «#!»
SYMBOLIC_MODE = re.compile(r"[ugoa]*(?:[-+=](?:[rwxXst]*|[ugo]))+(?:,[ugoa]*(?:[-+=](?:[rwxXst]*|[ugo]))+)*")
GIT_REMOTE = re.compile(r"(?:git|ssh)://|https?://[^?#]*\.git(?:[?#]|$)|[a-zA-Z0-9_-]+@[a-zA-Z0-9.-]+:", re.I)


@dataclass(frozen=True, slots=True)
class Run:
    """Ejecutar `argv` con ese entorno, carpeta y usuario.

    `files`: pares (ruta, contenido) que hay que poner antes, de solo lectura y
    ejecutables; `network`: default, none o host.
    """

    argv: tuple[str, ...]
    environment: Mapping[str, str]
    directory: str
    user: str
    mounts: tuple[mounts.Mount, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    network: str = "default"


@dataclass(frozen=True, slots=True)
class Copy:
    """Copiar `sources` a `destination` (ruta absoluta; acaba en «/» si es una carpeta).

    `contents`: pares (nombre, texto) de los documentos en línea; `stage`: lo que
    dice `--from` (vacío: el contexto); `unpack`: None si no se dijo; `add`: si es ADD.
    """

    sources: tuple[str, ...]
    contents: tuple[tuple[str, str], ...]
    destination: str
    stage: str = ""
    chown: str = ""
    chmod: str = ""
    link: bool = False
    parents: bool = False
    exclude: tuple[str, ...] = ()
    checksum: str = ""
    unpack: bool | None = None
    add: bool = False


@dataclass(frozen=True, slots=True)
class MakeDirectory:
    """Crear `path` y las carpetas que falten, a nombre de `user`."""

    path: str
    user: str


Operation = Run | Copy | MakeDirectory


def absolute(directory: str, path: str) -> str:
    """`path` desde `directory`; conserva la barra final, que distingue carpeta de archivo."""
    if path.startswith("/"):
        return path
    path = path if path not in ("", ".") else "./"
    joined = posixpath.normpath(posixpath.join("/", directory, path))
    joined = "/" if joined == "//" else joined
    if path.endswith(("/", "/.")) and joined != "/":
        joined += "/"
    return joined


def shell_of(config: ImageConfig) -> tuple[str, ...]:
    """La shell de la forma shell: la de SHELL, o `/bin/sh -c`."""
    return config.shell or (("cmd", "/S", "/C") if config.os == "windows" else ("/bin/sh", "-c"))


def command_line(config: ImageConfig, instruction: Instruction) -> tuple[str, ...]:
    """Los argumentos de CMD o ENTRYPOINT: tal cual si son JSON; si no, detrás de la shell."""
    if instruction.json:
        return instruction.args
    return (*shell_of(config), " ".join(instruction.args))


def make_run(config: ImageConfig, instruction: Instruction, environment: Mapping[str, str],
             expand: Expand) -> Run:
    """Qué ejecuta un RUN, con sus documentos en línea y sus montajes.

    `DockerfileError` si un montaje no vale.
    """
    files: tuple[tuple[str, str], ...] = ()
    argv = instruction.args
    if instruction.heredocs:
        first = instruction.heredocs[0]
        if heredocs.mentioned(argv[0]) is None:
            # La shell lee los documentos: se le devuelven como estaban escritos.
            argv = (argv[0] + "".join(f"\n{doc.content}{doc.name}" for doc in instruction.heredocs),)
        elif first.text.startswith("#!") and config.os != "windows":
            files = ((PIPES + first.name, first.text),)
            argv = (PIPES + first.name,)
        else:
            argv = (first.text,)
    if not instruction.json:
        argv = (*shell_of(config), " ".join(argv))
    return Run(argv, environment, config.working_dir or "/", config.user,
               mounts.parse(instruction, expand), files, instruction.flag("network", "default"))


def make_copy(config: ImageConfig, instruction: Instruction, expand: Expand,
              expand_content: Expand) -> tuple[Copy, str]:
    """Qué copia un COPY o un ADD, y su línea de historia. `DockerfileError` si algo no vale."""
    chown, chmod = expand(instruction.flag("chown")), expand(instruction.flag("chmod"))
    checksum = expand(instruction.flag("checksum"))
    *operands, target = instruction.args
    documents = {doc.name: doc for doc in instruction.heredocs}
    found = [(word, heredocs.mentioned(word)) for word in operands]
    sources = tuple([expand(word) for word, document in found if document is None])
    target = expand(target)
    contents = tuple([(mark.name, _content(documents.get(mark.name, mark), mark.expand, expand_content))
                      for _, mark in found if mark is not None])
    _check_mode(instruction, chmod)
    _check_checksum(instruction, checksum, sources)
    for source in sources:
        _check_remote(instruction, source)
    copy = Copy(sources, contents, absolute(config.working_dir, target), instruction.flag("from"), chown,
                chmod, link=instruction.enabled("link"), parents=instruction.enabled("parents"),
                exclude=instruction.flag_values("exclude"), checksum=checksum,
                add=instruction.keyword == "ADD",
                unpack=instruction.enabled("unpack") if instruction.flag_values("unpack") else None)
    shown = [instruction.keyword, "--parents" if copy.parents else "", f"--chown={chown}" if chown else "",
             f"--chmod={chmod}" if chmod else ""]
    return copy, " ".join([*filter(None, shown), *sources, *(f"<<{name}" for name, _ in contents), target])


def _content(document: heredocs.Heredoc, expands: bool, expand_content: Expand) -> str:
    return expand_content(document.text) if expands else document.text


def content_expander(variables: Mapping[str, str]) -> Callable[[str], words.Expansion]:
    """Da valor a las variables de un documento en línea, donde las comillas son letras corrientes."""
    return lambda text: words.process(text, variables, keep_quotes=True, splitting=False)


def is_git(source: str) -> bool:
    """Si el origen es un repositorio git: `git://`, `usuario@servidor:`, o una URL que acaba en `.git`."""
    return GIT_REMOTE.match(source) is not None or source.startswith("github.com/")


def is_url(source: str) -> bool:
    """Si el origen se descarga por HTTP."""
    return source.startswith(("http://", "https://")) and not is_git(source)


def _check_mode(instruction: Instruction, mode: str) -> None:
    """Un número octal hasta 07777, o la forma de letras: `u=rwX,go=rX`."""
    if mode[:1].isdecimal():
        if mode.strip("01234567") or len(mode) > 20 or int(mode, 8) > 0o7777:
            raise refuse(instruction, "chmod-number", mode=mode)
    elif mode and not SYMBOLIC_MODE.fullmatch(mode):
        raise refuse(instruction, "chmod-syntax")


def _check_checksum(instruction: Instruction, checksum: str, sources: tuple[str, ...]) -> None:
    if not checksum:
        return
    if len(sources) != 1:
        raise refuse(instruction, "checksum-many")
    if not (is_url(sources[0]) or is_git(sources[0])):
        raise refuse(instruction, "checksum-local")


def _check_remote(instruction: Instruction, source: str) -> None:
    """COPY solo copia del contexto, de una etapa o de una imagen."""
    if instruction.keyword == "COPY":
        if is_git(source) and not source.startswith("github.com/"):
            raise refuse(instruction, "copy-git", source=source)
        if is_url(source):
            raise refuse(instruction, "copy-url", source=source)
