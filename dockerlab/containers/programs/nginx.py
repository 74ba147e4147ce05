"""nginx: un maestro que lee la configuración y unos trabajadores que sirven."""

from __future__ import annotations

import re
from typing import Any

from dockerlab.errors import FileError
from dockerlab.filesystem.access import User

from .. import signals
from ..requests import Pause, Signalled, WaitAny
from .http_serving import WebServer
from .kit import account_number, moment
from .nginx_answers import Site
from .nginx_conf import BadConfig, Directive, Server, read, servers
from .options import Options, applet
from .system import proc

CONF = "/etc/nginx/nginx.conf"
DEFAULT = "1.27.4"


def version(sys: Any) -> str:
    return sys.env.get("NGINX_VERSION") or (sys.dialect if sys.dialect[:1].isdigit() else DEFAULT)


class Master:
    """El proceso maestro: configuración, registros y trabajadores."""

    def __init__(self, sys: Any, conf: str, extra: str):
        self.sys, self.conf, self.extra = sys, conf, extra
        self.tree: list[Directive] = []
        self.sites: list[Server] = []
        self.groups: dict[str, list[str]] = {}
        self.fds: dict[int, tuple[str, int]] = {}
        self.workers: list[int] = []
        self.pid_file = "/var/run/nginx.pid"
        self.errors = 2

    def log(self, level: str, text: str) -> None:
        """Una línea del registro de errores."""
        line = f"{moment(self.sys.now()):%Y/%m/%d %H:%M:%S} [{level}] {self.sys.pid}#{self.sys.pid}: {text}\n"
        self.sys.write(self.errors, line)

    def load(self) -> None:
        """Lee la configuración y comprueba los nombres. `BadConfig` si no vale."""
        self.tree = read(self.sys, self.conf)
        self.sites, self.groups = servers(self.tree)
        for directive in self.tree:
            if directive.words[0] == "pid":
                self.pid_file = directive.words[1]
        for site in self.sites:
            for location in site.locations:
                for target, place in location.rules.get("proxy_pass", []):
                    self.check_upstream(target, place)

    def check_upstream(self, target: str, place: str) -> None:
        found = re.match(r"https?://([^/:$]+)", target)
        if not found or "$" in target:
            return
        hosts = [each.partition(":")[0] for each in self.groups.get(found[1], [found[1]])]
        for host in hosts:
            if not self.sys.lookup(host):
                raise BadConfig(f'host not found in upstream "{host}" in {place}')

    def value(self, name: str, default: str) -> str:
        return next((one.words[1] for one in self.tree if one.words[0] == name), default)

    def start(self) -> None:
        """Abre los registros, los puertos y el archivo del pid. `BadConfig` si algo no se puede."""
        try:
            self.errors = self.sys.open(self.value("error_log", "/var/log/nginx/error.log"), "a")
        except FileError as error:
            raise BadConfig(f'open() "/var/log/nginx/error.log" failed ({number(error)}: {error.text})') from None
        for address, port in dict.fromkeys(port for site in self.sites for port in site.ports):
            try:
                self.fds[self.sys.listen(port, address)] = (address, port)
            except FileError as error:
                raise BadConfig(f"bind() to {address}:{port} failed ({number(error)}: {error.text})") from None
        for name in ("client_temp", "proxy_temp", "fastcgi_temp", "uwsgi_temp", "scgi_temp"):
            folder = f"/var/cache/nginx/{name}"
            try:
                if self.sys.fs.isdir("/var/cache/nginx") and not self.sys.fs.exists(folder):
                    self.sys.fs.mkdir(folder, 0o700)
            except FileError as error:
                raise BadConfig(f'mkdir() "{folder}" failed ({number(error)}: {error.text})') from None
        try:
            self.sys.fs.write(self.pid_file, f"{self.sys.pid}\n".encode())
        except FileError as error:
            raise BadConfig(f'open() "{self.pid_file}" failed ({number(error)}: {error.text})') from None

    def spawn_workers(self) -> None:
        asked = self.value("worker_processes", "1")
        count = proc(self.sys, "cpuinfo").count("processor") if asked == "auto" else max(1, int(asked))
        owner = self.value("user", "nobody") if self.sys.user.uid == 0 else ""
        for _ in range(count):
            payload = [{str(fd): list(place) for fd, place in self.fds.items()}, self.conf, owner,
                       self.errors]
            pid = self.sys.fork("nginx-worker", payload)
            self.workers.append(pid)
            self.log("notice", f"start worker process {pid}")

    def serve(self) -> Any:
        """Hasta que llegue una señal que lo acabe."""
        self.log("notice", 'using the "epoll" event method')
        self.log("notice", f"nginx/{version(self.sys)}")
        self.log("notice", "built by gcc 12.2.0 (Debian 12.2.0-14)")
        self.log("notice", f"OS: Linux {self.sys.uname()['release']}")
        self.log("notice", "getrlimit(RLIMIT_NOFILE): 1048576:1048576")
        self.log("notice", "start worker processes")
        self.sys.catch("TERM", "INT", "QUIT", "HUP", "USR1", "CHLD")
        self.spawn_workers()
        waiting: list[int] = []
        while True:
            try:
                if not waiting:
                    yield Pause()
                result = yield from self.obey(waiting[0])
                waiting.pop(0)
                if result is not None:
                    return result
            except Signalled as received:
                waiting.append(received.signo)

    def obey(self, signo: int) -> Any:
        """Hace lo que pide una señal; da el código de salida si es el final."""
        name = signals.name(signo)
        if name in ("TERM", "INT", "QUIT"):
            self.log("notice", f"signal {signo} (SIG{name}) received"
                     + (", shutting down" if name == "QUIT" else ", exiting"))
            return (yield from self.stop(name))
        if name == "HUP":
            self.reload()
        elif name == "CHLD":
            yield from self.replace()
        return None

    def stop(self, name: str) -> Any:
        """Despide a los trabajadores y acaba con 0."""
        self.sys.default("CHLD", "HUP", "TERM", "INT", "QUIT")
        for pid in self.workers:
            self.sys.kill(pid, "QUIT" if name == "QUIT" else "TERM")
        for _ in range(len(self.workers)):
            ended = yield WaitAny()
            if ended:
                self.log("notice", f"worker process {ended[0]} exited with code 0")
        self.log("notice", "exit")
        try:
            self.sys.fs.remove(self.pid_file)
        except FileError:
            return 0     # ya no estaba
        return 0

    def reload(self) -> None:
        """HUP: configuración nueva, trabajadores nuevos; si está mal, sigue la vieja."""
        self.log("notice", f"signal {signals.HUP} (SIGHUP) received, reconfiguring")
        self.log("notice", "reconfiguring")
        try:
            self.load()
        except BadConfig as error:
            self.log("emerg", str(error))
            return
        old, self.workers = self.workers, []
        self.log("notice", 'using the "epoll" event method')
        self.log("notice", "start worker processes")
        self.spawn_workers()
        for pid in old:
            self.sys.kill(pid, "QUIT")

    def replace(self) -> Any:
        """Recoge a los trabajadores que acabaron; si alguno no se despidió, pone otro en su lugar."""
        while ended := (yield WaitAny(block=False)):
            if ended[0] in self.workers:
                self.workers.remove(ended[0])
                self.log("alert", f"worker process {ended[0]} exited on signal {ended[1] - 128}")
                self.spawn_one()

    def spawn_one(self) -> None:
        asked, self.tree = self.tree, [Directive(["worker_processes", "1"], "", 0), *self.tree]
        self.spawn_workers()
        self.tree = asked


def number(error: FileError) -> int:
    return {"ENOENT": 2, "EACCES": 13, "EADDRINUSE": 98, "EROFS": 30, "EISDIR": 21}.get(error.key, 5)


@applet("nginx", None)
def nginx(sys: Any, opt: Options) -> Any:
    """`nginx [-g directivas] [-c archivo] [-t] [-s señal] [-v]`."""
    words, given, test = list(sys.argv[1:]), {"-c": CONF, "-g": "", "-s": ""}, ""
    while words:
        word = words.pop(0)
        if word in ("-v", "-V"):
            sys.err(f"nginx version: nginx/{version(sys)}\n")
            return 0
        if word in ("-t", "-T"):
            test = word
        elif word in ("-g", "-c", "-s", "-p") and words:
            given[word] = words.pop(0)
        else:
            sys.err(f'nginx: invalid option: "{word.lstrip("-")}"\n')
            return 1
    conf, extra = given["-c"], given["-g"]
    master = Master(sys, conf, extra)
    if given["-s"]:
        return signal(sys, master, given["-s"])
    stamp = f"{moment(sys.now()):%Y/%m/%d %H:%M:%S}"
    try:
        master.load()
        if test:
            sys.err(f"nginx: the configuration file {conf} syntax is ok\nnginx: configuration file {conf} "
                    "test is successful\n")
            if test == "-T":
                sys.out(sys.fs.read(conf))
            return 0
        master.start()
    except BadConfig as error:
        sys.err(f"{stamp} [emerg] {sys.pid}#{sys.pid}: {error}\nnginx: [emerg] {error}\n")
        if test:
            sys.err(f"nginx: configuration file {conf} test failed\n")
        return 1
    sys.memory(9 * 2**20)
    if "daemon off" not in extra and not any(one.words[:2] == ["daemon", "off"] for one in master.tree):
        sys.fork("nginx-master", [conf, extra])      # se va al segundo plano y este proceso acaba
        return 0
    sys.rename(f"nginx: master process {' '.join(sys.argv)}")
    return (yield from master.serve())


@applet("nginx-master", None)
def nginx_master(sys: Any, opt: Options) -> Any:
    """El maestro en segundo plano."""
    master = Master(sys, *sys.payload)
    sys.rename("nginx: master process nginx")
    master.load()
    try:
        master.start()
    except BadConfig as error:
        sys.err(f"nginx: [emerg] {error}\n")
        return 1
    return (yield from master.serve())


def signal(sys: Any, master: Master, name: str) -> int:
    """`nginx -s reload`."""
    numbers = {"stop": "TERM", "quit": "QUIT", "reload": "HUP", "reopen": "USR1"}
    if name not in numbers:
        sys.err(f'nginx: invalid option: "-s {name}"\n')
        return 1
    try:
        master.load()
        pid = int(sys.fs.read(master.pid_file) or b"0")
        sys.kill(pid, numbers[name])
    except BadConfig as error:
        sys.err(f"nginx: [emerg] {error}\n")
        return 1
    except (FileError, ValueError):
        sys.err(f'nginx: [error] invalid PID number "" in "{master.pid_file}"\n')
        return 1
    sys.err(f"{moment(sys.now()):%Y/%m/%d %H:%M:%S} [notice] {sys.pid}#{sys.pid}: signal process started\n")
    return 0


@applet("nginx-worker", None)
def nginx_worker(sys: Any, opt: Options) -> Any:
    """Un trabajador: atiende los puertos del maestro con el usuario de la configuración."""
    places, conf, owner, errors = sys.payload
    sys.rename("nginx: worker process")
    sys.memory(3 * 2**20)
    sys.catch("TERM", "QUIT")
    sys.ignore("INT", "HUP")
    sites, groups = servers(read(sys, conf))
    access = sys.open("/var/log/nginx/access.log", "a") if sys.fs.exists("/var/log/nginx") else 1
    if owner:
        uid = account_number(sys, owner)
        if uid is not None:
            sys.become(User(uid, account_number(sys, owner, "/etc/group") or uid, ()))
    answers = {}
    for fd, (address, port) in places.items():
        here = [site for site in sites if (address, port) in site.ports]
        answers[int(fd)] = Site(sys, here, groups, f"nginx/{version(sys)}", access, errors).answer
    try:
        yield from WebServer(sys, answers, f"nginx/{version(sys)}").run()
    except Signalled:
        return 0
