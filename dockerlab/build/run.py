"""RUN: un contenedor de usar y tirar; lo que escribe en sus archivos se convierte en la capa.

Ve las capas de debajo, los montajes que pide y nada más. Cuando acaba, lo único
que queda es su capa de escritura: ni procesos, ni secretos, ni lo montado.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dockerlab.clock import EPOCH, SECOND
from dockerlab.containers.launch import Launch
from dockerlab.containers.process import Process
from dockerlab.containers.space import Log, Space
from dockerlab.containers.users import find_user, home
from dockerlab.dockerfile.golang import quote
from dockerlab.errors import DockerlabError, FileError, fault
from dockerlab.filesystem import Directory, File, FileSystem, Layer, Mount, Overlay
from dockerlab.filesystem.paths import ancestors

from .operations import Run

if TYPE_CHECKING:
    from .options import Ports

Output = Callable[[int, int, str], Any]  # (instante en ns, flujo, texto) → suceso
STDOUT, STDERR = 1, 2
HOSTNAME = "buildkitsandbox"
HOSTS = f"127.0.0.1\tlocalhost {HOSTNAME}\n::1\tlocalhost ip6-localhost ip6-loopback\n"
RESOLV = "nameserver 127.0.0.11\n"
MOUNT_POINTS = ("dev", "proc", "sys")  # Docker real: si la imagen no las trae, se quedan en la capa
STARTUP = 0.12                         # segundos que cuesta poner en marcha un contenedor
PATIENCE = 4 * 3600 * SECOND           # lo más que se espera a un RUN, en tiempo virtual
PROXIES = tuple(name for upper in ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY")
                for name in (upper, upper.lower()))


def command_of(run: Run) -> str:
    """La orden como la nombra BuildKit cuando falla: entre comillas de Go, sin ellas."""
    return quote(" ".join(run.argv))[1:-1]


def start_space(root: Overlay, run: Run, mounts: Mapping[str, Mount], identity: str) -> Space:
    """El espacio de nombres de un RUN, sin procesos todavía."""
    for name in MOUNT_POINTS:
        if root.lookup(name) is None:
            root.put(name, Directory(mtime=EPOCH))
    files = {"/etc/hosts": HOSTS, "/etc/hostname": f"{HOSTNAME}\n", "/etc/resolv.conf": RESOLV}
    everything = {path: Mount(single_file(text.encode())) for path, text in files.items()}
    everything |= {path: Mount(single_file(text.encode(), 0o555), True) for path, text in run.files}
    everything |= mounts
    view = FileSystem(root, everything)
    return Space(identity, view, HOSTNAME, Log())


def single_file(content: bytes, mode: int = 0o644, uid: int = 0, gid: int = 0) -> Overlay:
    """Un árbol que es un solo archivo, para montarlo."""
    return Overlay((), {"": File(content, mode, uid, gid, EPOCH)})


def root_for(layers: Sequence[Layer], mounts: Sequence[str]) -> Overlay:
    """Las capas con una de escritura encima y, por debajo, las carpetas en las que se monta.

    Van en una capa aparte que luego se quita: montar en /run/secrets no tiene que
    dejar un /run en la imagen.
    """
    root = Overlay(layers)
    stubs = {}
    for path in ("/etc/hosts", *mounts):
        for above in ancestors(path.strip("/")):
            if root.lookup(above) is None and above not in MOUNT_POINTS:
                stubs[above] = Directory(mtime=EPOCH)
    return Overlay((*layers, Layer(stubs))) if stubs else root


def execute(ports: Ports, root: Overlay, run: Run, mounts: Mapping[str, Mount],
            extra: Mapping[str, str], output: Output) -> Iterator[Any]:
    """Ejecuta `run` sobre `root` dando un suceso por cada cosa que escribe; devuelve el código de salida.

    `extra`: variables que no cuentan para la caché (proxys y secretos); `output`:
    quien hace el suceso. Faltas `run-user` y `run-endless`.
    """
    kernel = ports.kernel
    space = start_space(root, run, mounts, f"build-{ports.now}")
    ports.wait(STARTUP)
    try:
        user = find_user(space.fs, run.user)
    except DockerlabError as error:
        raise fault("run-user", command=command_of(run), reason=error.text) from None
    if not space.fs.exists(run.directory):
        space.fs.mkdir(run.directory, parents=True, now=EPOCH)
    variables = {**extra, **run.environment}
    variables.setdefault("HOME", home(space.fs, user.uid))
    try:
        process = kernel.spawn_init(space, Launch(run.argv, variables, run.directory, user, stdin=b""))
    except FileError as error:
        yield output(ports.now, STDERR, f"exec {run.argv[0]}: {error.text.lower()}\n")
        return 255
    except DockerlabError as error:
        if not error.key.startswith("start-"):
            raise
        yield output(ports.now, STDERR, f"runc run failed: {error.text.partition('runc create failed: ')[2]}\n")
        return 1
    try:
        yield from _watch(ports, space, process, command_of(run), output)
    finally:
        kernel.kill_space(space)
        kernel.spaces.pop(space.id, None)
    return process.exit_code


def _watch(ports: Ports, space: Space, process: Process, command: str, output: Output) -> Iterator[Any]:
    """Lo que escribe, según lo escribe, hasta que acaba."""
    limit, told, records = ports.now + PATIENCE, 0, space.log.records
    decoders = {stream: codecs.getincrementaldecoder("utf-8")("replace") for stream in (STDOUT, STDERR)}
    while True:
        reason = ports.kernel.run(lambda: not process.alive or len(records) > told or ports.now > limit)
        fresh, told = records[told:], len(records)
        for time, stream, data in fresh:
            yield output(time, stream, decoders[stream].decode(data))
        if not process.alive:
            return
        if reason != "done" or ports.now > limit:
            raise fault("run-endless", command=command)
