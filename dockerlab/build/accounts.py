"""De «ana:equipo» a números, con las cuentas de la imagen: para `--chown` y para quien crea un WORKDIR.

No es lo mismo que el usuario de un proceso: un nombre que no existe no es un
error, es root; y un número no se busca (BuildKit, *fileop user*).
"""

from __future__ import annotations

from dockerlab.containers.users import rows
from dockerlab.errors import fault
from dockerlab.filesystem import FileSystem, Overlay


def owner(tree: Overlay, text: str) -> tuple[int, int]:
    """El dueño y el grupo de `nombre|uid[:grupo|gid]`.

    Falta `copy-no-accounts` si hay un nombre y el árbol está recién empezado.
    """
    user, colon, group = text.partition(":")
    named = not user.isdecimal() and user or colon and group and not group.isdecimal()
    if named and not tree.layers:
        raise fault("copy-no-accounts", owner=text)
    view = FileSystem(tree)
    if user.isdecimal():
        uid = gid = int(user)
    else:
        uid, gid = next(((int(row[2]), int(row[3])) for row in rows(view, "/etc/passwd")
                         if row[0] == user and len(row) > 3 and row[2].isdecimal() and row[3].isdecimal()), (0, 0))
    if colon and not group:
        return uid, 0
    if group.isdecimal():
        return uid, int(group)
    if group:
        gid = next((int(row[2]) for row in rows(view, "/etc/group") if row[0] == group and row[2].isdecimal()), gid)
    return uid, gid
