"""Quién puede hacer qué: usuarios y permisos POSIX."""

from __future__ import annotations

from dataclasses import dataclass

from .nodes import Node

READ, WRITE, PASS = 4, 2, 1
STICKY = 0o1000
CHOWN, DAC_OVERRIDE, FOWNER = 0, 1, 3   # capacidades que cuentan para los archivos, por su número
EVERY = (1 << 41) - 1                   # todas


@dataclass(frozen=True, slots=True)
class User:
    """Con qué identidad actúa un proceso.

    El 0 es root, que se salta casi todos los permisos: los que le dejen las
    capacidades de `bounding` (bits; véase `capabilities(7)`). Los demás no tienen ninguna.
    """

    uid: int = 0
    gid: int = 0
    groups: tuple[int, ...] = ()
    bounding: int = EVERY

    @property
    def capabilities(self) -> int:
        """Las que tiene de verdad (`CapEff`)."""
        return 0 if self.uid else self.bounding

    def may(self, capability: int) -> bool:
        """¿Tiene esa capacidad?"""
        return not self.uid and bool(self.bounding >> capability & 1)


ROOT = User()


def allowed(node: Node, user: User, want: int) -> bool:
    """¿Puede `user` leer (4), escribir (2) o ejecutar o atravesar (1) este nodo? Se suman."""
    mode = node.mode
    if user.may(DAC_OVERRIDE):
        return not want & PASS or node.is_directory or bool(mode & 0o111)
    if user.uid == node.uid:
        mode >>= 6
    elif user.gid == node.gid or node.gid in user.groups:
        mode >>= 3
    return mode & want == want
