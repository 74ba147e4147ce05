"""su, gosu, setpriv, sudo, tini, chroot...: ejecutar otro programa siendo otro, o cuidando de él."""

from __future__ import annotations

from typing import Any

from dockerlab.errors import FileError
from dockerlab.filesystem.access import User

from ..capabilities import number
from ..init import FORWARDED
from ..requests import Signalled, WaitAny
from .identity import lookup_user
from .kit import account_number, accounts
from .options import BadUsage, Options, Stop, applet
from .running import replace


def become(sys: Any, opt: Options, text: str) -> str:
    """Pasa a ser `usuario[:grupo]`; devuelve su carpeta personal. `Stop` si no existe o no se puede."""
    name, _, group = text.partition(":")
    found = lookup_user(sys, name)
    if found is None:
        raise Stop(f"error: failed switching to \"{text}\": unable to find user {name}: no matching entries "
                   "in passwd file"
                   if opt.name == "gosu" else f"unknown user {name}")
    uid, gid, more = found
    if group:
        number = account_number(sys, group, "/etc/group")
        if number is None:
            raise Stop(f"unknown group {group}")
        gid, more = number, ()
    try:
        sys.become(User(uid, gid, tuple(dict.fromkeys((gid, *more))), sys.user.bounding))
    except FileError as error:
        raise Stop(f"error: failed switching to \"{text}\": {error.text.lower()}" if opt.name == "gosu" else
                   "can't set groups: Operation not permitted" if opt.busybox
                   else "Authentication failure") from None
    return next((row[5] for row in accounts(sys) if len(row) > 5 and row[2] == str(uid)), "/")


@applet("gosu", None, "user-spec command [args]", also=("su-exec",))
def gosu(sys: Any, opt: Options) -> Any:
    """Cambia de usuario y se convierte en el programa: no queda nadie en medio."""
    if len(sys.argv) < 3:
        sys.err(f"Usage: {sys.argv[0]} user-spec command [args]\n   eg: {sys.argv[0]} tianon bash\n")
        return 1
    home = become(sys, opt, sys.argv[1])
    return (yield from replace(sys, opt, sys.argv[2:], {**sys.env, "HOME": home}))


@applet("su", None, "[-lmp] [-s SH] [-] [USER [FILE/ARGS]]", "Run shell under USER (by default, root)")
def su(sys: Any, opt: Options) -> Any:
    """`su [-] [usuario] [-c orden]`. Sin ser root pide una contraseña que nadie tiene."""
    words, login, command, shell, user = list(sys.argv[1:]), False, "", "", "root"
    while words:
        word = words.pop(0)
        if word in ("-", "-l", "--login"):
            login = True
        elif word in ("-c", "--command") and words:
            command = words.pop(0)
        elif word in ("-s", "--shell") and words:
            shell = words.pop(0)
        elif not word.startswith("-"):
            user = word
    if sys.user.uid:
        raise Stop(opt.word("must be suid to work properly", "Authentication failure"))
    row = next((row for row in accounts(sys) if row[0] == user), None)
    if row is None:
        raise Stop(opt.word(f"unknown user {user}", f"user {user} does not exist or the user entry does not "
                            "contain all the required fields"))
    home = become(sys, opt, user)
    shell = shell or row[6] or "/bin/sh"
    if shell.endswith(("nologin", "false")):
        if shell.endswith("nologin"):
            sys.out("This account is currently not available.\n")
        return 1
    env = {"PATH": sys.env.get("PATH", ""), "TERM": sys.env.get("TERM", "")} if login else dict(sys.env)
    env |= {"HOME": home, "SHELL": shell, "USER": user, "LOGNAME": user}
    if login:
        sys.chdir(home)
    return (yield from replace(sys, opt, [shell, *(["-c", command] if command else [])], env))


@applet("sudo", "u:EHnS", "[-u user] command", stop=True, least=1)
def sudo(sys: Any, opt: Options) -> Any:
    if sys.user.uid:
        raise Stop("a password is required" if "n" in opt else "a terminal is required to read the password; "
                   "either use the -S "
                   "option to read from standard input or configure an askpass helper\nsudo: a password is "
                   "required")
    if "u" in opt:
        become(sys, opt, opt["u"])
    return (yield from replace(sys, opt, opt.args, {**sys.env, "SUDO_USER": "root"}))


@applet("setpriv", "r:g:", "[options] program", long="reuid=r regid=g clear-groups=! init-groups=! "
        "no-new-privs=!", stop=True, least=1)
def setpriv(sys: Any, opt: Options) -> Any:
    if "r" in opt:
        become(sys, opt, opt["r"] + (f":{opt['g']}" if "g" in opt else ""))
    return (yield from replace(sys, opt, opt.args, sys.env))


@applet("tini", None, "[OPTIONS] PROGRAM -- [ARGS]", also=("dumb-init", "catatonit"))
def tini(sys: Any, opt: Options) -> Any:
    """Un proceso 1 pequeño: reenvía las señales, recoge huérfanos y acaba con el código de su programa."""
    words = list(sys.argv[1:])
    whole = False
    while words and words[0].startswith("-"):
        word = words.pop(0)
        whole = whole or word in ("-g", "-gv", "-vg")
        if word == "--":
            break
        if word == "--version":
            sys.out(f"{opt.name} version 0.19.0\n")
            return 0
    if not words:
        raise BadUsage("")
    sys.catch(*FORWARDED)
    try:
        child = sys.spawn(words, group=0)
    except FileError as error:
        sys.err(f"[FATAL {opt.name} ({sys.pid})] exec {words[0]} failed: {error.text}\n")
        return 127 if error.key == "ENOENT" else 126
    while True:
        try:
            ended = yield WaitAny()
        except Signalled as received:
            forward(sys, -child if whole else child, received.signo)
            continue
        if ended is None or ended[0] == child:
            return ended[1] if ended else 0


def forward(sys: Any, target: int, signo: int) -> None:
    try:
        sys.kill(target, signo)
    except FileError:
        return      # el hijo acaba de terminar: la siguiente vuelta lo recoge


@applet("chroot", None, "NEWROOT [PROG ARGS]", "Run PROG with root directory set to NEWROOT")
def chroot(sys: Any, opt: Options) -> Any:
    """Solo se simula con la misma raíz; en otra, dice lo que falta en ella: casi siempre, el programa."""
    if len(sys.argv) < 2:
        raise BadUsage
    target, words = sys.argv[1], sys.argv[2:] or [sys.env.get("SHELL", "/bin/sh"), "-i"]
    problem = ("Operation not permitted" if not sys.user.may(number("SYS_CHROOT")) else
               "No such file or directory" if not sys.fs.exists(target) else
               "Not a directory" if not sys.fs.isdir(target) else "")
    if problem:
        raise Stop(opt.word(f"can't change root directory to '{target}': {problem}",
                            f"cannot change root directory to '{target}': {problem}"), 1 if opt.busybox else 125)
    if sys.fs.resolve(target) == "/":
        sys.chdir("/")
        return (yield from replace(sys, opt, words, sys.env))
    folders = ("/",) if "/" in words[0] else sys.env.get("PATH", "").split(":")
    if not any(sys.fs.exists(f"{target}/{folder}/{words[0]}") for folder in folders):
        raise Stop(opt.word(f"can't execute '{words[0]}': No such file or directory",
                            f"failed to run command '{words[0]}': No such file or directory"), 127)
    raise Stop("dockerlab no simula procesos con otra raíz", 126)


@applet("unshare", None, "[OPTIONS] [PROG ARGS]", "Run program with some namespaces unshared", also=("nsenter",))
def unshare(sys: Any, opt: Options) -> int:
    """Pide un privilegio que los contenedores corrientes no tienen."""
    flags = {"m": 0x20000, "u": 0x4000000, "i": 0x8000000, "U": 0x10000000, "p": 0x20000000, "n": 0x40000000}
    asked = sum({flags.get(letter, 0) for word in sys.argv[1:] if word[:1] == "-" for letter in word[1:]})
    raise Stop(opt.word(f"unshare(0x{asked:x}): Operation not permitted" if opt.name == "unshare" else
                        "Operation not permitted", "unshare failed: Operation not permitted"))
