"""Lo que ve un proceso: rutas absolutas, enlaces, permisos y montajes sobre la unión de capas.

Cada operación es la de POSIX (las páginas 2 del manual de Linux) y falla con un
`FileError` cuyo texto es el de la biblioteca de C. Todas aceptan `user` (quién) y
las que escriben, `now` (nanosegundos).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from dockerlab.clock import EPOCH
from dockerlab.errors import FileError, fault

from .access import CHOWN, FOWNER, PASS, READ, ROOT, STICKY, WRITE, User, allowed
from .mounts import Mount, Namespace, Place, Tree
from .nodes import Device, Directory, File, Node, Stat, Symlink
from .paths import join, parent

__all__ = ["FileSystem", "Mount", "Stat", "Tree"]


class FileSystem(Namespace):
    """La raíz de un contenedor con sus montajes, y lo que un proceso puede hacer en ella."""

    # ── buscar ───────────────────────────────────────────────────────────────

    def resolve(self, path: str, follow: bool = True, *, user: User = ROOT) -> str:
        """La ruta absoluta sin enlaces; el último nombre puede no existir."""
        return f"/{self._locate(path, user, follow).path}"

    def node(self, path: str, follow: bool = True, *, user: User = ROOT) -> Node | None:
        """El nodo, o None si no existe (o no se puede llegar a él)."""
        try:
            return self._locate(path, user, follow).node
        except FileError:
            return None

    def exists(self, path: str, follow: bool = True, *, user: User = ROOT) -> bool:
        """¿Existe?"""
        return self.node(path, follow, user=user) is not None

    def isdir(self, path: str, *, user: User = ROOT) -> bool:
        """¿Es una carpeta (o un enlace a una)?"""
        return isinstance(self.node(path, user=user), Directory)

    def isfile(self, path: str, *, user: User = ROOT) -> bool:
        """¿Es un archivo (o un enlace a uno)?"""
        return isinstance(self.node(path, user=user), File)

    def access(self, path: str, want: int, *, user: User = ROOT) -> bool:
        """¿Puede `user` leer (4), escribir (2) o ejecutar (1)? Se suman; 0: ¿existe?"""
        node = self.node(path, user=user)
        return node is not None and allowed(node, user, want)

    def stat(self, path: str, follow: bool = True, *, user: User = ROOT) -> Stat:
        """Los atributos de `path`."""
        place = self._existing(path, user, follow)
        node, key, nlink = place.node, place.path, 1
        if isinstance(node, Directory):
            kind, size = "d", 4096
            nlink = 2 + sum(isinstance(place.mount.tree.lookup(join(place.inner, name)), Directory)
                            for name in place.mount.tree.children(place.inner))
        elif isinstance(node, Symlink):
            kind, size = "l", len(node.target.encode())
        elif isinstance(node, File):
            kind, size = "-", node.size
            links = getattr(place.mount.tree, "links", None)
            if node.inode and links is not None:
                same = links(place.inner)
                nlink, key = len(same), min(same, default=key)
        else:
            kind, size = node.kind, 0
        return Stat(f"/{place.path}", node, size, zlib.crc32(key.encode("utf-8", "surrogateescape")) or 1,
                    kind, nlink, 40 + list(self._mounts.values()).index(place.mount))

    def readlink(self, path: str, *, user: User = ROOT) -> str:
        """El destino de un enlace simbólico (EINVAL si no lo es)."""
        node = self._existing(path, user, follow=False).node
        if not isinstance(node, Symlink):
            raise fault("EINVAL", path=path)
        return node.target

    def listdir(self, path: str = "/", *, user: User = ROOT) -> list[str]:
        """Los nombres de una carpeta, en orden."""
        place = self._folder(path, user)
        if not allowed(place.node, user, READ):
            raise fault("EACCES", path=path)
        return self._names(place)

    def walk(self, path: str = "/", *, user: User = ROOT) -> Iterator[tuple[str, Node]]:
        """`path` y todo lo que cuelga de ella, cada carpeta antes que lo suyo; no sigue enlaces."""
        pending = [self._existing(path, user, follow=False)]
        while pending:
            place = pending.pop()
            yield f"/{place.path}", place.node
            if isinstance(place.node, Directory) and allowed(place.node, user, READ | PASS):
                for name in reversed(self._names(place)):
                    below = self._place(join(place.path, name))
                    if below.node is not None:
                        pending.append(below)

    def read(self, path: str, *, user: User = ROOT) -> bytes:
        """Los bytes de un archivo."""
        node = self._existing(path, user).node
        if isinstance(node, Directory):
            raise fault("EISDIR", path=path)
        if not allowed(node, user, READ):
            raise fault("EACCES", path=path)
        return node.content if isinstance(node, File) else b""

    # ── escribir ─────────────────────────────────────────────────────────────

    def write(self, path: str, data: bytes, append: bool = False, mode: int = 0o644, *,
              user: User = ROOT, now: int = EPOCH, declared_size: int | None = None) -> None:
        """Escribe un archivo entero (o añade al final); lo crea con `mode` si no existe."""
        place = self._locate(path, user)
        node = place.node
        if node is None:
            self._create(place, File(data, mode, user.uid, user.gid, now, declared_size), user, now)
            return
        if isinstance(node, Directory):
            raise fault("EISDIR", path=path)
        if not isinstance(node, Device):
            self._writable(place)           # Docker real: antes que los permisos
        if not allowed(node, user, WRITE):
            raise fault("EACCES", path=path)
        if isinstance(node, Device):
            if (node.kind, node.major, node.minor) == ("c", 1, 7):
                raise fault("ENOSPC", path=path)
            return
        self._writable(place)
        if append and node.declared_size is not None and declared_size is None:
            declared_size = node.declared_size + len(data)
        self._room(place, (len(data) if declared_size is None else declared_size) - (0 if append else node.size))
        place.mount.tree.put(place.inner, node.replace(
            content=node.content + data if append else data, mtime=now, declared_size=declared_size))

    def put(self, path: str, node: Node, *, user: User = ROOT, now: int = EPOCH) -> None:
        """Pone `node` tal cual en `path` (crea o sustituye), sin seguir un enlace final."""
        place = self._locate(path, user, follow=False)
        if place.node is None:
            self._create(place, node, user, now)
        else:
            self._writable(place)
            place.mount.tree.put(place.inner, node)

    def mkdir(self, path: str, mode: int = 0o755, parents: bool = False, *,
              user: User = ROOT, now: int = EPOCH) -> None:
        """Crea una carpeta; con `parents`, las que falten, y no se queja si ya está."""
        if parents:
            at = ""
            for name in [part for part in path.split("/") if part and part != "."]:
                at = f"{at}/{name}"
                if not self.isdir(at, user=user):
                    self.mkdir(at, mode, user=user, now=now)
            return
        place = self._locate(path.rstrip("/") or "/", user, follow=False)
        if place.node is not None:
            raise fault("EEXIST", path=path)
        self._create(place, Directory(mode, user.uid, user.gid, now), user, now)

    def symlink(self, target: str, path: str, *, user: User = ROOT, now: int = EPOCH) -> None:
        """Crea en `path` un enlace simbólico a `target`."""
        place = self._locate(path, user, follow=False)
        if place.node is not None:
            raise fault("EEXIST", path=path)
        self._create(place, Symlink(target, 0o777, user.uid, user.gid, now), user, now)

    def link(self, old: str, new: str, *, user: User = ROOT, now: int = EPOCH) -> None:
        """Crea `new` como enlace duro de `old`."""
        source, place = self._existing(old, user, follow=False), self._locate(new, user, follow=False)
        if isinstance(source.node, Directory):
            raise fault("EPERM", path=old)
        if place.node is not None:
            raise fault("EEXIST", path=new)
        if source.mount is not place.mount:
            raise fault("EXDEV", path=new)
        self._may_change(place, user)
        place.mount.tree.link(source.inner, place.inner)
        self._touch_parent(place, now)

    def remove(self, path: str, *, user: User = ROOT, now: int = EPOCH) -> None:
        """Quita un archivo o un enlace (`unlink`)."""
        place = self._existing(path, user, follow=False)
        if isinstance(place.node, Directory):
            raise fault("EISDIR", path=path)
        self._delete(place, user, now)

    def rmdir(self, path: str, *, user: User = ROOT, now: int = EPOCH) -> None:
        """Quita una carpeta vacía."""
        place = self._existing(path, user, follow=False)
        if not isinstance(place.node, Directory):
            raise fault("ENOTDIR", path=path)
        if self._names(place):
            raise fault("ENOTEMPTY", path=path)
        self._delete(place, user, now)

    def rename(self, old: str, new: str, *, user: User = ROOT, now: int = EPOCH) -> None:
        """Cambia el nombre; sustituye lo que hubiera en `new` si es del mismo tipo (`rename(2)`)."""
        source, place = self._existing(old, user, follow=False), self._locate(new, user, follow=False)
        if source.path == place.path:
            return
        if f"{place.path}/".startswith(f"{source.path}/"):
            raise fault("EINVAL", path=old)
        if source.mount is not place.mount:
            raise fault("EXDEV", path=new)
        if place.node is not None:
            if isinstance(place.node, Directory) and not isinstance(source.node, Directory):
                raise fault("EISDIR", path=new)
            if isinstance(source.node, Directory) and not isinstance(place.node, Directory):
                raise fault("ENOTDIR", path=new)
            if isinstance(place.node, Directory) and self._names(place):
                raise fault("ENOTEMPTY", path=new)
        self._may_change(source, user)
        self._may_change(place, user)
        place.mount.tree.move(source.inner, place.inner)
        self._touch_parent(source, now)
        self._touch_parent(place, now)

    def chmod(self, path: str, mode: int, *, user: User = ROOT, now: int = EPOCH) -> None:
        """Cambia los permisos (solo el dueño o root)."""
        self._change(path, user, True, mode=mode & 0o7777)

    def chown(self, path: str, uid: int = -1, gid: int = -1, follow: bool = True, *,
              user: User = ROOT, now: int = EPOCH) -> None:
        """Cambia dueño y grupo (-1: el que tiene). Solo root cambia de dueño."""
        node = self._existing(path, user, follow).node
        uid, gid = node.uid if uid < 0 else uid, node.gid if gid < 0 else gid
        if not user.may(CHOWN) and (
                uid != node.uid or gid != node.gid and (user.uid != node.uid or gid not in (user.gid, *user.groups))):
            raise fault("EPERM", path=path)
        self._change(path, user, follow, uid=uid, gid=gid)

    def utime(self, path: str, mtime: int, follow: bool = True, *,
              user: User = ROOT, now: int = EPOCH) -> None:
        """Pone la hora de la última modificación."""
        self._change(path, user, follow, mtime=mtime)

    # ── por dentro ───────────────────────────────────────────────────────────

    def _writable(self, place: Place) -> None:
        if place.mount.read_only:
            raise fault("EROFS", path=f"/{place.path}")

    def _room(self, place: Place, more: int) -> None:
        """¿Caben `more` bytes más? ENOSPC si el montaje tiene un límite y no."""
        if place.mount.limit and more > 0 and place.mount.tree.size + more > place.mount.limit:
            raise fault("ENOSPC", path=f"/{place.path}")

    def _may_change(self, place: Place, user: User) -> None:
        """¿Puede `user` añadir, quitar o cambiar el nombre de `place` en su carpeta?"""
        if place.path in self._mounts:
            raise fault("EBUSY", path=f"/{place.path}")
        folder = self._place(parent(place.path)).node
        if not isinstance(folder, Directory):
            raise fault("ENOENT", path=f"/{place.path}")
        self._writable(place)
        if not allowed(folder, user, WRITE | PASS):
            raise fault("EACCES", path=f"/{place.path}")
        if (place.node is not None and folder.mode & STICKY and not user.may(FOWNER)
                and user.uid not in (place.node.uid, folder.uid)):
            raise fault("EPERM", path=f"/{place.path}")

    def _create(self, place: Place, node: Node, user: User, now: int) -> None:
        self._may_change(place, user)
        self._room(place, node.size if isinstance(node, File) else 0)
        place.mount.tree.put(place.inner, node)
        self._touch_parent(place, now)

    def _delete(self, place: Place, user: User, now: int) -> None:
        self._may_change(place, user)
        place.mount.tree.remove(place.inner)
        self._touch_parent(place, now)

    def _touch_parent(self, place: Place, now: int) -> None:
        folder = self._place(parent(place.path))
        if isinstance(folder.node, Directory) and folder.node.mtime != now:
            folder.mount.tree.put(folder.inner, folder.node.replace(mtime=now))

    def _change(self, path: str, user: User, follow: bool, **changes: int) -> None:
        place = self._existing(path, user, follow)
        self._writable(place)
        if user.uid != place.node.uid and not user.may(FOWNER):
            raise fault("EPERM", path=path)
        place.mount.tree.put(place.inner, place.node.replace(**changes))
