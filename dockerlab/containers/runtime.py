"""Del contenedor a sus espacios de nombres: montar, enchufar e iniciar el proceso principal.

Docker real: lo que el demonio, containerd y runc hacen entre `start` y el
primer `exec` del programa.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..clock import SECOND
from ..errors import fault
from ..filesystem import File, FileSystem, Mount, Overlay
from .container import Container, MountPoint
from .fds import Capture, Pipe, PipeReader, capture
from .routes import HOST, Routes
from .space import Limits, Log, Space
from .users import find_user, home

if TYPE_CHECKING:
    from ..engine import Engine

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
HOSTS = ("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::\tip6-localnet\n"
         "ff00::\tip6-mcastprefix\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n")


def single_file(content: str, mode: int = 0o644) -> Overlay:
    """Un árbol que es un solo archivo, para montarlo encima de otro."""
    return Overlay((), {"": File(content.encode(), mode)})


class Runtime:
    """Crea y deshace los espacios de los contenedores."""

    def __init__(self, engine: Engine):
        self.engine = engine

    @property
    def routes(self) -> Routes:
        """La red, vista desde dentro."""
        return Routes(self.engine.containers)

    def start(self, container: Container, stdin: bytes | None) -> Any:
        """Conecta, monta e inicia; devuelve el proceso principal."""
        host, config = container.host_config, container.config
        for network in self.engine.switchboard.connect(container):
            self.engine.emit("network", "connect", network.id, container=container.id, name=network.name,
                             type=network.driver)
        ends = self.engine.switchboard.of(container)
        endpoint = ends[0][1].id if ends else ""
        container.ports = self.engine.switchboard.publish(container, endpoint)
        space = container.space = self.space(container)
        user = find_user(space.fs, config.get("User") or "")
        cwd = config.get("WorkingDir") or "/"
        if not space.fs.exists(cwd):
            space.fs.mkdir(cwd, parents=True, now=self.engine.clock.now)
        return self.engine.kernel.spawn_init(
            space, container.argv, env=self.environment(container, user.uid), cwd=cwd, user=user,
            tty=bool(config.get("Tty")), stdin=self.feed(container, stdin), init=bool(host.get("Init")))

    def stop(self, container: Container) -> None:
        """Deshace los espacios: suelta la red y los puertos. La capa de escritura se queda."""
        for network in self.engine.switchboard.disconnect(container):
            self.engine.emit("network", "disconnect", network.id, container=container.id, name=network.name,
                             type=network.driver)
        container.ports = {}
        container.space = None

    def feed(self, container: Container, stdin: bytes | None) -> Any:
        """La entrada del proceso principal: lo dado, un final inmediato o algo que no llega nunca (`-i` sin nadie)."""
        if container.config.get("Tty") or not container.config.get("OpenStdin"):
            return stdin if container.config.get("OpenStdin") else None
        return PipeReader(Pipe(writers=1)) if stdin is None else stdin

    # ── las piezas ───────────────────────────────────────────────────────────

    def space(self, container: Container) -> Space:
        """El juego de espacios de nombres de un contenedor, sin procesos todavía."""
        host = container.host_config
        mode = container.network_mode
        netns = HOST if mode == "host" else ""
        if mode.startswith("container:"):
            netns = self.engine.containers.get(mode.partition(":")[2]).id
        return Space(container.id, self.file_system(container), self.hostname(container),
                     Log(container.log), self.limits(container), self.routes, netns,
                     host_pids=host.get("PidMode") == "host")

    def hostname(self, container: Container) -> str:
        """El nombre de máquina: el del anfitrión si comparte su red o su UTS."""
        shared = container.network_mode == "host" or container.host_config.get("UTSMode") == "host"
        asked = container.config["Hostname"]
        return self.engine.host.name if shared and asked == container.id[:12] else asked

    def limits(self, container: Container) -> Limits:
        """Los límites de su grupo de control."""
        host = container.host_config
        period = host.get("CpuPeriod") or 100_000
        cpus = (host.get("NanoCpus") or 0) / SECOND or (host.get("CpuQuota") or 0) / period
        return Limits(host.get("Memory") or 0, cpus, host.get("PidsLimit") or 0, host.get("CpuShares") or 1024)

    def file_system(self, container: Container) -> FileSystem:
        """La raíz con sus montajes: los tres archivos de red y lo que se pidió."""
        points = {point.target: self.mount(point) for point in container.mounts}
        return FileSystem(container.root, {**self.network_files(container), **points},
                          read_only=bool(container.host_config.get("ReadonlyRootfs")))

    def mount(self, point: MountPoint) -> Mount:
        """Lo que se monta en un punto."""
        if point.type == "volume":
            return Mount(self.engine.volumes.get(point.name).tree, point.read_only)
        if point.type == "bind":
            tree, inner = self.engine.host.locate(point.source, create=point.mode != "strict")
            return Mount(tree, point.read_only, inner)
        return Mount(Overlay((), {}), point.read_only)

    def network_files(self, container: Container) -> dict[str, Mount]:
        """/etc/hosts, /etc/hostname y /etc/resolv.conf: montados, por eso no salen en ningún `diff`."""
        name = self.hostname(container)
        lines = [HOSTS]
        for extra in container.host_config.get("ExtraHosts") or ():
            host, _, address = extra.replace("=", ":", 1).partition(":")
            lines.append(f"{'172.17.0.1' if address == 'host-gateway' else address}\t{host}\n")
        lines += self.link_lines(container)
        joined = [(net, end) for net, end in self.engine.switchboard.of(container) if end.address]
        lines += [f"{end.address}\t{name}\n" for _, end in joined]
        if container.network_mode == "host":
            lines = ["127.0.0.1\tlocalhost\n", f"127.0.1.1\t{name}\n"]
        own = any(net.resolves_names for net, _ in joined)
        servers = container.host_config.get("Dns") or ["127.0.0.11" if own else "192.168.1.1"]
        resolv = "".join(f"nameserver {server}\n" for server in servers)
        if own:
            resolv += "options ndots:0\n"
        return {path: Mount(single_file(text)) for path, text in
                (("/etc/hosts", "".join(lines)), ("/etc/hostname", f"{name}\n"), ("/etc/resolv.conf", resolv))}

    def refresh(self, container: Container) -> None:
        """Vuelve a escribir los tres archivos de red de un contenedor en marcha."""
        if container.space is not None:
            for path, mount in self.network_files(container).items():
                container.space.fs.mount(path, mount)

    def link_lines(self, container: Container) -> list[str]:
        """Las líneas que `--link otro:alias` añade a /etc/hosts."""
        lines = []
        for link in container.host_config.get("Links") or ():
            target, _, alias = link.partition(":")
            other = self.engine.containers.get(target)
            for _, end in self.engine.switchboard.of(other):
                if end.address:
                    lines.append(f"{end.address}\t{alias or other.name} {other.id[:12]} {other.name}\n")
        return lines

    def environment(self, container: Container, uid: int) -> dict[str, str]:
        """PATH, HOSTNAME, (TERM), lo de la configuración y HOME al final, como lo pone el motor."""
        env = {"PATH": PATH, "HOSTNAME": self.hostname(container)}
        if container.config.get("Tty"):
            env["TERM"] = "xterm"
        for item in container.config.get("Env") or ():
            name, equals, value = item.partition("=")
            if equals:
                env[name] = value
        env.setdefault("HOME", home(container.space.fs, uid))
        return env

    def processes(self, container: Container) -> list[Any]:
        """Los procesos vivos de su espacio, por número de anfitrión."""
        return [process for _, process in sorted(self.engine.kernel.processes.items())
                if process.space is container.space and process.alive]

    def exec(self, container: Container, argv: list[str], *, env: Sequence[str] = (), cwd: str = "", user: str = "",
             tty: bool = False, stdin: bytes | None = b"") -> tuple[Any, Capture]:
        """Otro proceso dentro de un contenedor en marcha, y dónde queda lo que escribe."""
        fs = container.space.fs
        who = find_user(fs, user or container.config.get("User") or "")
        place = cwd or container.config.get("WorkingDir") or "/"
        if not fs.isdir(place):
            raise fault("exec-working-dir", path=place)
        variables = self.environment(container, who.uid)
        variables.update(item.split("=", 1) for item in env if "=" in item)
        out, err = capture()
        process = self.engine.kernel.exec(container.space, argv, env=variables, cwd=place, user=who, tty=tty,
                                          stdin=stdin, stdout=out, stderr=err)
        return process, out
