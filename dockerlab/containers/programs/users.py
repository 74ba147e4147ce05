"""adduser, useradd, groupadd, usermod, passwd...: las cuentas, en /etc/passwd y /etc/group.

BusyBox y Debian usan los mismos nombres con opciones distintas.
"""

from __future__ import annotations

from typing import Any

from dockerlab.errors import FileError

from .kit import account_number, accounts
from .making import make_folder
from .options import BadUsage, Options, Stop, applet

PASSWD, GROUP, SHADOW = "/etc/passwd", "/etc/group", "/etc/shadow"


def append(sys: Any, path: str, line: str, mode: int = 0o644) -> None:
    sys.fs.write(path, (line + "\n").encode(), append=sys.fs.exists(path), mode=mode)


def rewrite(sys: Any, path: str, rows: list[list[str]]) -> None:
    sys.fs.write(path, "".join(":".join(row) + "\n" for row in rows).encode())


def free_number(sys: Any, path: str, low: int, high: int) -> int:
    """El primer número libre entre `low` y `high`."""
    used = {int(row[2]) for row in accounts(sys, path) if len(row) > 2 and row[2].isdigit()}
    return next(number for number in (range(low, high + 1) if low < high else range(low, high - 1, -1))
                if number not in used)


def is_root(sys: Any, opt: Options, place: str) -> None:
    if sys.user.uid:
        raise Stop(opt.word(f"{place}: Permission denied", "Permission denied."), 1)


def new_group(sys: Any, name: str, number: int) -> None:
    append(sys, GROUP, f"{name}:x:{number}:")
    if sys.fs.exists("/etc/gshadow"):
        append(sys, "/etc/gshadow", f"{name}:!::", 0o640)


def new_user(sys: Any, name: str, uid: int, gid: int, gecos: str, home: str, shell: str) -> None:
    append(sys, PASSWD, f"{name}:x:{uid}:{gid}:{gecos}:{home}:{shell}")
    if sys.fs.exists(SHADOW):
        append(sys, SHADOW, f"{name}:!:{sys.now() // 86_400_000_000_000}:0:99999:7:::", 0o640)


def make_home(sys: Any, home: str, uid: int, gid: int, mode: int = 0o755) -> None:
    if not sys.fs.exists(home):
        make_folder(sys, home, mode, parents=True)
        for name in sys.fs.listdir("/etc/skel") if sys.fs.isdir("/etc/skel") else ():
            sys.fs.write(f"{home}/{name}", sys.fs.read(f"/etc/skel/{name}"))
            sys.fs.chown(f"{home}/{name}", uid, gid)
        sys.fs.chown(home, uid, gid)


def join_group(sys: Any, user: str, group: str) -> bool:
    rows = accounts(sys, GROUP)
    row = next((row for row in rows if row[0] == group), None)
    if row is None:
        return False
    members = [name for name in row[3].split(",") if name]
    row[3] = ",".join([*members, *([] if user in members else [user])])
    rewrite(sys, GROUP, rows)
    return True


def exists(sys: Any, name: str, path: str) -> bool:
    return any(row[0] == name for row in accounts(sys, path))


# -- adduser y addgroup --
@applet("adduser", "h:g:s:G:SDHu:k:qI:Z:P!:Y:X:W:V:", "[OPTIONS] USER [GROUP]",
        "Create new user, or add USER to GROUP",
        long="home=h gecos=g shell=s ingroup=I group=Z system=S disabled-password=D disabled-login=D "
        "no-create-home=H uid=u gid=P "
             "quiet=q force-badname=q allow-bad-names=q comment=g", least=1, most=2)
def adduser(sys: Any, opt: Options) -> int:
    """En BusyBox -G es el grupo y -D no pide contraseña; en Debian son opciones largas."""
    name = opt.args[0]
    is_root(sys, opt, PASSWD)
    if len(opt.args) > 1:
        if not exists(sys, name, PASSWD):
            raise Stop(opt.word(f"unknown user {name}", f"The user `{name}' does not exist."))
        if not join_group(sys, name, opt.args[1]):
            raise Stop(opt.word(f"unknown group {opt.args[1]}", f"The group `{opt.args[1]}' does not exist."))
        if not opt.busybox:
            sys.out(f"Adding user `{name}' to group `{opt.args[1]}' ...\nDone.\n")
        return 0
    if exists(sys, name, PASSWD):
        if not opt.busybox and "S" in opt:
            return 0
        raise Stop(opt.word(f"user '{name}' in use", f"The user `{name}' already exists."))
    system = "S" in opt
    low, high = (100, 999) if system else (1000, 59999)
    uid = opt.number("u", free_number(sys, PASSWD, low, high))
    group = opt["G"] if opt.busybox else opt["I"]
    if group:
        gid = account_number(sys, group, GROUP)
        if gid is None:
            raise Stop(opt.word(f"unknown group {group}", f"The group `{group}' does not exist."))
    elif "P" in opt:
        gid = opt.number("P", 0)
    elif system and not opt.busybox and opt["Z"] is None and "--group" not in sys.argv:
        gid = account_number(sys, "nogroup", GROUP) or 65534
    else:
        gid = uid if not any(row[2] == str(uid) for row in accounts(sys, GROUP)) else free_number(sys, GROUP, low, high)
        new_group(sys, name, gid)
    home = opt["h"] or (f"/home/{name}" if not system or opt.busybox else "/nonexistent")
    shell = opt["s"] or ("/sbin/nologin" if system and opt.busybox else "/usr/sbin/nologin" if system
                         else "/bin/ash" if opt.busybox else "/bin/bash")
    gecos = opt["g"] if "g" in opt else "Linux User,,," if opt.busybox else ",,,"
    new_user(sys, name, uid, gid, gecos, home, shell)
    if not opt.busybox and "q" not in opt:
        kind = "system user" if system else "user"
        sys.out(f"Adding {kind} `{name}' {'(UID ' + str(uid) + ') ' if system else ''}...\n")
        if not system and not group:
            sys.out(f"Adding new group `{name}' ({gid}) ...\nAdding new user `{name}' ({uid}) with group "
                    f"`{name} ({gid})' ...\n")
    if "H" not in opt and home != "/nonexistent":
        make_home(sys, home, uid, gid, 0o755)
        if not opt.busybox and "q" not in opt:
            sys.out(f"Creating home directory `{home}' ...\n")
    elif not opt.busybox and "q" not in opt:
        sys.out(f"Not creating home directory `{home}'.\n")
    return 0


@applet("addgroup", "g:SqG!", "[-g GID] [-S] [USER] GROUP", "Add a group or add USER to GROUP",
        long="gid=g system=S quiet=q", least=1, most=2)
def addgroup(sys: Any, opt: Options) -> int:
    is_root(sys, opt, GROUP)
    if len(opt.args) > 1:
        if not join_group(sys, *opt.args):
            raise Stop(opt.word(f"unknown group {opt.args[1]}", f"The group `{opt.args[1]}' does not exist."))
        return 0
    name = opt.args[0]
    if exists(sys, name, GROUP):
        if not opt.busybox and "S" in opt:
            return 0
        raise Stop(opt.word(f"group '{name}' in use", f"The group `{name}' already exists."))
    gid = opt.number("g", free_number(sys, GROUP, *((100, 999) if "S" in opt else (1000, 59999))))
    if any(row[2] == str(gid) for row in accounts(sys, GROUP)):
        raise Stop(opt.word(f"gid '{gid}' in use", f"The GID `{gid}' is already in use."))
    new_group(sys, name, gid)
    if not opt.busybox and "q" not in opt:
        sys.out(f"Adding group `{name}' (GID {gid}) ...\nDone.\n")
    return 0


# -- useradd y groupadd --
@applet("useradd", "c:d:g:G:mMNrs:u:UlopK:k:", "[options] LOGIN", "", long="comment=c home-dir=d gid=g "
        "groups=G create-home=m "
        "no-create-home=M no-user-group=N system=r shell=s uid=u user-group=U no-log-init=l non-unique=o "
        "home=d", least=1, most=1, bad=(1, 2))
def useradd(sys: Any, opt: Options) -> int:
    name = opt.args[0]
    if sys.user.uid:
        raise Stop("Permission denied.\nuseradd: cannot lock /etc/passwd; try again later.", 1)
    if exists(sys, name, PASSWD):
        raise Stop(f"user '{name}' already exists", 9)
    low, high = (999, 100) if "r" in opt else (1000, 60000)
    uid = opt.number("u", free_number(sys, PASSWD, low, high))
    if any(row[2] == str(uid) for row in accounts(sys)) and "o" not in opt:
        raise Stop(f"UID {uid} is not unique", 4)
    if "g" in opt:
        gid = account_number(sys, opt["g"], GROUP)
        if gid is None or not any(row[2] == str(gid) for row in accounts(sys, GROUP)):
            raise Stop(f"group '{opt['g']}' does not exist", 6)
    else:
        if exists(sys, name, GROUP):
            raise Stop(f"group {name} exists - if you want to add this user to that group, use -g.", 9)
        gid = uid if not any(row[2] == str(uid) for row in accounts(sys, GROUP)) else free_number(sys, GROUP, low, high)
        new_group(sys, name, gid)
    home = opt["d"] or f"/home/{name}"
    new_user(sys, name, uid, gid, opt["c"] or "", home, opt["s"] or "/bin/sh")
    for group in (opt["G"] or "").split(","):
        if group and not join_group(sys, name, group):
            raise Stop(f"group '{group}' does not exist", 6)
    if "m" in opt:
        make_home(sys, home, uid, gid)
    return 0


@applet("groupadd", "g:rfoK:", "[options] GROUP", "", long="gid=g system=r force=f non-unique=o", least=1,
        most=1, bad=(1, 2))
def groupadd(sys: Any, opt: Options) -> int:
    name = opt.args[0]
    if sys.user.uid:
        raise Stop("Permission denied.\ngroupadd: cannot lock /etc/group; try again later.", 10)
    if exists(sys, name, GROUP):
        if "f" in opt:
            return 0
        raise Stop(f"group '{name}' already exists", 9)
    gid = opt.number("g", free_number(sys, GROUP, *((999, 100) if "r" in opt else (1000, 60000))))
    if any(row[2] == str(gid) for row in accounts(sys, GROUP)) and "o" not in opt:
        raise Stop(f"GID '{gid}' already exists", 4)
    new_group(sys, name, gid)
    return 0


@applet("usermod", "aG:g:s:d:mu:l:Lc:oU", "[options] LOGIN", "", long="append=a groups=G gid=g shell=s "
        "home=d move-home=m uid=u login=l lock=L comment=c",
        least=1, most=1, bad=(1, 2))
def usermod(sys: Any, opt: Options) -> int:
    name = opt.args[0]
    rows = accounts(sys)
    row = next((row for row in rows if row[0] == name), None)
    if row is None:
        raise Stop(f"user '{name}' does not exist", 6)
    for group in (opt["G"] or "").split(","):
        if group and not join_group(sys, name, group):
            raise Stop(f"group '{group}' does not exist", 6)
    for letter, column in (("u", 2), ("s", 6), ("d", 5), ("c", 4), ("l", 0)):
        if letter in opt:
            row[column] = opt[letter]
    if "g" in opt:
        gid = account_number(sys, opt["g"], GROUP)
        if gid is None:
            raise Stop(f"group '{opt['g']}' does not exist", 6)
        row[3] = str(gid)
    rewrite(sys, PASSWD, rows)
    return 0


@applet("groupmod", "g:n:o", "[options] GROUP", "", long="gid=g new-name=n", least=1, most=1)
def groupmod(sys: Any, opt: Options) -> int:
    rows = accounts(sys, GROUP)
    row = next((row for row in rows if row[0] == opt.args[0]), None)
    if row is None:
        raise Stop(f"group '{opt.args[0]}' does not exist", 6)
    row[2], row[0] = opt["g"] or row[2], opt["n"] or row[0]
    rewrite(sys, GROUP, rows)
    return 0


@applet("deluser", "rR", "[--remove-home] USER", "Delete USER from the system",
        long="remove-home=r remove=r quiet=q force=f", least=1,
        also=("userdel", "delgroup", "groupdel"))
def deluser(sys: Any, opt: Options) -> int:
    path, kind = (GROUP, "group") if "group" in opt.name else (PASSWD, "user")
    name = opt.args[0]
    if not exists(sys, name, path):
        raise Stop(opt.word(f"unknown {kind} {name}", f"{kind} '{name}' does not exist"), 1 if opt.busybox
                   else 6)
    for place in (path, *((GROUP, SHADOW) if kind == "user" else ())):
        if sys.fs.exists(place):
            rewrite(sys, place, [row for row in accounts(sys, place) if row[0] != name or place == GROUP
                                 and kind == "user" and row[3:] != [""]])
    return 0


@applet("passwd", "dlueS", "[-a ALG] [-dlu] [USER]", "Change USER's password",
        long="delete=d lock=l unlock=u", most=1)
def passwd(sys: Any, opt: Options) -> int:
    """Solo quitar (-d), cerrar (-l) y abrir (-u): teclear una contraseña pide un terminal."""
    name = opt.args[0] if opt.args else "root"
    if not exists(sys, name, PASSWD):
        raise Stop(opt.word(f"unknown user {name}", f"user '{name}' does not exist"))
    marks = {"d": "", "l": "!", "u": "*"}
    letter = opt.last("dlu")
    if not letter:
        raise Stop(opt.word("no changes", "Authentication token manipulation error\npasswd: password "
                            "unchanged"), 1 if opt.busybox else 10)
    try:
        rows = accounts(sys, SHADOW)
        for row in rows:
            if row[0] == name:
                row[1] = marks[letter]
        rewrite(sys, SHADOW, rows)
    except FileError as error:
        return opt.complain(sys, SHADOW, SHADOW, "", error)
    sys.out(opt.word(f"passwd: password for {name} changed by root\n", "passwd: password changed.\n"))
    return 0


@applet("chpasswd", "eRc:", "[--md5|--encrypted]", "Read user:password from stdin and update /etc/passwd",
        long="encrypted=e")
def chpasswd(sys: Any, opt: Options) -> Any:
    from .kit import slurp
    text = (yield slurp(sys)).decode("utf-8", "replace")
    for line in text.splitlines():
        name, mark, _ = line.partition(":")
        if not mark:
            raise BadUsage
        if not exists(sys, name, PASSWD):
            raise Stop(opt.word(f"unknown user {name}", f"(user {name}) pam_chauthtok() failed, error:\n"
                                "Authentication token manipulation error"))
        if opt.busybox:
            sys.err(f"chpasswd: password for '{name}' changed\n")
    return 0
