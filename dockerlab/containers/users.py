"""De «node», «1000:1000» o nada al usuario con el que se ejecuta un proceso.

Docker real: el `USER` se busca en /etc/passwd y /etc/group *de la imagen*.
"""

from __future__ import annotations

from dockerlab.errors import FileError, fault
from dockerlab.filesystem import FileSystem, User


def rows(fs: FileSystem, path: str) -> list[list[str]]:
    """Las líneas de un archivo como /etc/passwd, partidas por los dos puntos."""
    try:
        text = fs.read(path).decode("utf-8", "replace")
    except FileError:
        return []
    return [line.split(":") for line in text.splitlines() if line.count(":") >= 2]


def find_user(fs: FileSystem, text: str) -> User:
    """El usuario `nombre|uid[:grupo|gid]`; vacío es root. Faltas `no-such-user`, `no-such-group`."""
    name, _, group = (text or "0").partition(":")
    passwd = rows(fs, "/etc/passwd")
    groups = rows(fs, "/etc/group")
    entry = next((row for row in passwd if len(row) > 3 and name in (row[0], row[2])), None)
    if entry:
        uid, gid = int(entry[2]), int(entry[3])
    elif name.isdecimal():
        uid, gid = int(name), 0
    else:
        raise fault("no-such-user", user=name)
    login = entry[0] if entry else ""
    extra = tuple(int(row[2]) for row in groups if len(row) > 3 and login and login in row[3].split(","))
    if group:
        gid = find_group(fs, group)
        return User(uid, gid, (gid,))
    return User(uid, gid, tuple(dict.fromkeys((gid, *extra))))


def find_group(fs: FileSystem, group: str) -> int:
    """El número del grupo `nombre|gid`. Falta `no-such-group`."""
    found = next((row for row in rows(fs, "/etc/group") if group in (row[0], row[2])), None)
    if not found and not group.isdecimal():
        raise fault("no-such-group", group=group)
    return int(found[2] if found else group)


def home(fs: FileSystem, uid: int) -> str:
    """La carpeta personal de `uid` según /etc/passwd; «/» si no está."""
    entry = next((row for row in rows(fs, "/etc/passwd") if len(row) > 5 and row[2] == str(uid)), None)
    return entry[5] or "/" if entry else "/"
