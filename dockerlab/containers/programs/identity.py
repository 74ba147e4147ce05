"""Quién es quién: `whoami`, `id`, `groups`, `logname` y `getent`."""

from __future__ import annotations

from typing import Any

from .kit import account_name, account_number, accounts
from .options import Options, Stop, applet


@applet("whoami", "", "", "Print the user name associated with the current effective user id", most=0)
def whoami(sys: Any, opt: Options) -> int:
    name = account_name(sys, sys.user.uid)
    if name == str(sys.user.uid):
        raise Stop(opt.word(f"unknown uid {name}", f"cannot find name for user ID {name}"))
    sys.out(name + "\n")
    return 0


@applet("id", "ugGnr", "[-ugGnr] [USER]", "Print information about USER or the current user",
        long="user=u group=g groups=G name=n real=r", most=1)
def identity(sys: Any, opt: Options) -> int:
    uid, gid, more = sys.user.uid, sys.user.gid, list(sys.user.groups)
    if opt.args:
        row = next((row for row in accounts(sys) if len(row) > 3 and opt.args[0] in (row[0], row[2])), None)
        if row is None:
            raise Stop(opt.word(f"unknown user {opt.args[0]}", f"'{opt.args[0]}': no such user"))
        uid, gid, more = int(row[2]), int(row[3]), member_of(sys, row[0])
    everyone = [gid, *(number for number in more if number != gid)]
    named = "n" in opt
    if "u" in opt:
        sys.out((account_name(sys, uid) if named else str(uid)) + "\n")
    elif "g" in opt or "G" in opt:
        numbers = everyone if "G" in opt else [gid]
        sys.out(" ".join(account_name(sys, one, "/etc/group") if named else str(one) for one in numbers)
                + "\n")
    else:
        groups = everyone if more or opt.args or not opt.busybox else []
        text = f"uid={titled(sys, uid)} gid={titled(sys, gid, '/etc/group')}"
        text += " groups=" + ",".join(titled(sys, one, "/etc/group") for one in groups) if groups else ""
        sys.out(text + "\n")
    return 0


def titled(sys: Any, number: int, path: str = "/etc/passwd") -> str:
    """`0(root)`, o solo el número si no tiene nombre."""
    name = account_name(sys, number, path)
    return f"{number}({name})" if name != str(number) else str(number)


def member_of(sys: Any, name: str) -> list[int]:
    """Los grupos que tienen a `name` en su lista."""
    return [int(row[2]) for row in accounts(sys, "/etc/group") if len(row) > 3 and name in row[3].split(",")]


@applet("groups", "", "[USER]", "Print the groups USER is in", most=1)
def groups(sys: Any, opt: Options) -> int:
    if opt.args:
        row = next((row for row in accounts(sys) if row[0] == opt.args[0]), None)
        if row is None:
            raise Stop(opt.word(f"unknown user {opt.args[0]}", f"'{opt.args[0]}': no such user"))
        numbers = [int(row[3]), *member_of(sys, row[0])]
    else:
        numbers = [sys.user.gid, *sys.user.groups]
    lead = f"{opt.args[0]} : " if opt.args and not opt.busybox else ""
    sys.out(lead + " ".join(account_name(sys, one, "/etc/group") for one in dict.fromkeys(numbers)) + "\n")
    return 0


@applet("logname", "", "", "Print the name of the current user")
def logname(sys: Any, opt: Options) -> int:
    raise Stop(opt.word("getlogin: No such device or address", "no login name"))


@applet("getent", None, "DATABASE [KEY]...", "Get entries from administrative database")
def getent(sys: Any, opt: Options) -> int:
    words = sys.argv[1:]
    if not words:
        raise Stop("wrong number of arguments")
    if words[0] in ("hosts", "ahosts"):
        found = [(address, name) for name in words[1:] for address in sys.lookup(name)]
        sys.out("".join(f"{address:<15} {name}\n" for address, name in found))
        return 0 if found else 2
    path = {"passwd": "/etc/passwd", "group": "/etc/group"}.get(words[0])
    if path is None:
        raise Stop(f"Unknown database: {words[0]}")
    rows = [row for row in accounts(sys, path) if not words[1:] or row[0] in words[1:] or row[2] in words[1:]]
    sys.out("".join(":".join(row) + "\n" for row in rows))
    return 0 if rows else 2


def lookup_user(sys: Any, name: str) -> tuple[int, int, tuple[int, ...]] | None:
    """(uid, gid, grupos) de un usuario por nombre o número; `None` si no existe."""
    row = next((row for row in accounts(sys) if len(row) > 3 and name in (row[0], row[2])), None)
    if row:
        return int(row[2]), int(row[3]), tuple(member_of(sys, row[0]))
    number = account_number(sys, name)
    return None if number is None else (number, 0, ())
