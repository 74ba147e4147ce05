"""chmod y chown: permisos y dueños, de uno en uno o de un árbol entero."""

from __future__ import annotations

from typing import Any

from dockerlab.errors import FileError
from dockerlab.filesystem.nodes import Directory, Symlink

from .kit import account_number, accounts, join
from .modes import parse_mode
from .options import BadUsage, Options, Stop, applet


def spread(sys: Any, opt: Options, paths: list[str], change: Any, gnu: str) -> int:
    """Aplica `change(ruta)` a cada ruta y, con -R, a todo lo que cuelga de ella."""
    status = 0
    for path in paths:
        try:
            change(path)
            follow = sys.fs.stat(path, follow=False).node
            if "R" in opt and isinstance(follow, Directory):
                status = spread(sys, opt, [join(path, name) for name in sys.fs.listdir(path)], change,
                                gnu) or status
        except FileError as error:
            status = 1
            if "f" not in opt:
                opt.complain(sys, "{}", gnu if error.key == "ENOENT" else gnu.replace(
                    "cannot access", "changing permissions of" if opt.name == "chmod"
                    else "changing ownership of"), path, error)
    return status


@applet("chmod", "Rcvf", "[-Rcvf] MODE[,MODE]... FILE...", "", long="recursive=R verbose=v",
        operand=r"-[rwxXst][-rwxXst,ugoa+=]*")
def chmod(sys: Any, opt: Options) -> int:
    if len(opt.args) < 2:
        raise BadUsage("" if opt.busybox else f"missing operand after '{opt.args[0]}'" if opt.args
                       else "missing operand")
    text = opt.args[0]

    def change(path: str) -> None:
        node = sys.fs.stat(path, follow=False).node
        if isinstance(node, Symlink):
            if path not in opt.args:
                return
            node = sys.fs.stat(path).node
        sys.fs.chmod(path, parse_mode(text, node.mode, isinstance(node, Directory), sys.umask))
    try:
        parse_mode(text, 0, False)
        return spread(sys, opt, opt.args[1:], change, "cannot access '{}'")
    except ValueError:
        if opt.busybox:
            raise Stop(f"invalid mode '{text}'") from None
        sys.err(f"chmod: invalid mode: '{text}'\nTry 'chmod --help' for more information.\n")
        return 1


@applet("chown", "RhLHPcvf", "[-Rhcvf] USER[:[GRP]] FILE...", "Change the owner and/or group of FILEs to "
        "USER and/or GRP",
        long="recursive=R no-dereference=h verbose=v", least=2, also=("chgrp",))
def chown(sys: Any, opt: Options) -> int:
    who = opt.args[0]
    user, mark, group = ("", ":", who) if opt.name == "chgrp" else who.replace(".", ":", ":" not in who).partition(":")
    uid = account_number(sys, user) if user else -1
    gid = account_number(sys, group, "/etc/group") if group else -1
    if uid is None and ":" not in who and "." in who:
        user, mark, group, uid = who, "", "", account_number(sys, who)
        gid = -1
    if uid is None or gid is None:
        raise Stop(unknown_owner(opt, who, user, group, uid is None))
    if mark and user and not group:
        gid = next((int(row[3]) for row in accounts(sys) if row[0] == user or row[2] == user), uid)

    def change(path: str) -> None:
        node = sys.fs.stat(path, follow="h" not in opt).node
        sys.fs.chown(path, node.uid if uid == -1 else uid, node.gid if gid == -1 else gid,
                     **({"follow": False} if "h" in opt or "R" in opt else {}))
    return spread(sys, opt, opt.args[1:], change, "cannot access '{}'")


def unknown_owner(opt: Options, who: str, user: str, group: str, bad_user: bool) -> str:
    if opt.name == "chgrp":
        return opt.word(f"unknown group {group}", f"invalid group: '{group}'")
    if opt.busybox:
        return f"unknown user/group {who}" if group else f"unknown user {user}"
    return f"invalid user: '{who}'" if bad_user else f"invalid group: '{who}'"
