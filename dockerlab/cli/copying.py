"""`docker cp`: árboles de archivos entre el anfitrión y un contenedor.

Un árbol es una tabla de ruta relativa a nodo; la raíz es la ruta vacía. Los dos
lados saben leer uno y dejar otro, y las reglas del destino son las mismas.
"""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Mapping
from typing import TYPE_CHECKING

from dockerlab.errors import FileError, fault
from dockerlab.filesystem import Directory, File, FileSystem, Symlink
from dockerlab.filesystem.nodes import Node

if TYPE_CHECKING:
    from dockerlab.containers.container import Container

Tree = Mapping[str, Node]
BLOCK = 512


class HostSide:
    """El lado del anfitrión, desde la carpeta `cwd`. Solo se escribe en lo que cuelga de `root`."""

    def __init__(self, cwd: str, root: str):
        self.cwd, self.root = os.path.abspath(cwd), os.path.realpath(root)

    def full(self, path: str) -> str:
        """La ruta entera."""
        return os.path.normpath(os.path.join(self.cwd, path))

    def read(self, path: str, follow: bool) -> Tree:
        """El árbol que hay en `path`. Falta `cp-missing-here`."""
        top = self.full(path)
        if not os.path.lexists(top):
            raise fault("cp-missing-here", path=top)
        top = os.path.realpath(top) if follow else top
        tree = {"": self.node(top)}
        for folder, names, files in os.walk(top) if isinstance(tree[""], Directory) else ():
            for name in sorted(names + files):
                whole = os.path.join(folder, name)
                tree[os.path.relpath(whole, top).replace(os.sep, "/")] = self.node(whole)
        return tree

    @staticmethod
    def node(path: str) -> Node:
        """Un archivo, carpeta o enlace del anfitrión; su dueño pasa a ser root."""
        info = os.lstat(path)
        mode, mtime = stat.S_IMODE(info.st_mode), info.st_mtime_ns
        if stat.S_ISLNK(info.st_mode):
            return Symlink(os.readlink(path).replace(os.sep, "/"), mtime=mtime)
        if stat.S_ISDIR(info.st_mode):
            return Directory(mode, mtime=mtime)
        with open(path, "rb") as file:
            return File(file.read(), mode, mtime=mtime)

    def is_dir(self, path: str) -> bool:
        """¿Es una carpeta?"""
        return os.path.isdir(self.full(path))

    def exists(self, path: str) -> bool:
        """¿Existe?"""
        return os.path.exists(self.full(path))

    def check_parent(self, path: str) -> None:
        """Falta `cp-parent-here` si no hay dónde dejarlo."""
        parent = os.path.dirname(self.full(path.rstrip("/")))
        if not os.path.isdir(parent):
            raise fault("cp-parent-here", path=parent)

    def write(self, path: str, tree: Tree) -> None:
        """Deja el árbol con su raíz en `path`."""
        for name, node in tree.items():
            whole = os.path.join(self.full(path), *name.split("/")) if name else self.full(path)
            self.check_inside(whole)
            if os.path.islink(whole):
                os.remove(whole)                # nunca se escribe a través de un enlace
            if isinstance(node, Directory):
                os.makedirs(whole, exist_ok=True)
            elif isinstance(node, Symlink):
                if os.path.lexists(whole):
                    os.remove(whole)
                os.symlink(node.target, whole)
            elif isinstance(node, File):
                with open(whole, "wb") as file:
                    file.write(node.content)
                os.chmod(whole, node.mode & 0o777)


    def check_inside(self, path: str) -> None:
        """Falta `cp-outside` si `path`, seguidos los enlaces de sus carpetas, queda fuera de `root`."""
        folder = os.path.realpath(os.path.dirname(path))
        if os.path.commonpath([folder, self.root]) != self.root:
            raise fault("cp-outside", path=path)


class ContainerSide:
    """El lado del contenedor, tal como lo verían sus procesos."""

    def __init__(self, fs: FileSystem, container: Container, asked: str, now: int):
        self.fs, self.container, self.asked, self.now = fs, container, asked, now

    def clean(self, path: str) -> str:
        """La ruta desde la raíz."""
        return posixpath.normpath("/" + path.lstrip("/"))

    def missing(self, path: str) -> Exception:
        """La falta de un archivo que no está."""
        return fault("cp-missing-inside", path=path, name=self.asked)

    def read(self, path: str, follow: bool) -> Tree:
        """El árbol que hay en `path`. Falta `cp-missing-inside`."""
        top = self.clean(path)
        try:
            top = self.fs.resolve(top, follow)
            root = self.fs.node(top, follow=False)
        except FileError:
            raise self.missing(path) from None
        if root is None:
            raise self.missing(path)
        tree: dict[str, Node] = {"": root}
        for name, node in self.fs.walk(top) if isinstance(root, Directory) else ():
            relative = posixpath.relpath(name, top)
            if relative != ".":
                tree[relative] = node
        return tree

    def is_dir(self, path: str) -> bool:
        """¿Es una carpeta?"""
        return self.fs.isdir(self.clean(path))

    def exists(self, path: str) -> bool:
        """¿Existe?"""
        return self.fs.exists(self.clean(path))

    def check_parent(self, path: str) -> None:
        """Falta `cp-missing-inside` si no hay dónde dejarlo."""
        parent = posixpath.dirname(self.clean(path))
        if not self.fs.isdir(parent):
            raise self.missing(parent)

    def write(self, path: str, tree: Tree) -> None:
        """Deja el árbol con su raíz en `path`."""
        for name, node in tree.items():
            whole = posixpath.join(self.clean(path), name) if name else self.clean(path)
            if isinstance(node, Directory) and self.fs.isdir(whole):
                continue
            if isinstance(node, File):
                node = node.replace(inode=0)
            if whole in self.fs.mounts and not isinstance(node, Directory):
                raise fault("cp-mounted", name=posixpath.basename(whole))
            try:
                self.fs.put(whole, node, now=self.now)
            except FileError as error:
                if error.key != "EROFS":
                    raise
                inside = any(whole == path or whole.startswith(f"{path}/") for path in self.fs.mounts)
                raise fault("cp-volume-read-only" if inside else "cp-root-read-only") from None


Side = HostSide | ContainerSide


def split_spec(text: str) -> tuple[str, str]:
    """`contenedor:ruta` → (contenedor, ruta); una ruta del anfitrión (`./a:b`, `C:\\x`) no lleva contenedor."""
    if os.path.isabs(text) or text.startswith("."):
        return "", text
    name, colon, path = text.partition(":")
    return (name, path) if colon and len(name) > 1 else ("", text)


def transfer(source: Side, path: str, target: Side, goal: str, follow: bool) -> int:
    """Copia `path` de un lado a `goal` del otro; devuelve los bytes que viajan. Faltas `cp-*`.

    Una carpeta que acaba en `/.` aporta su contenido, no ella misma.
    """
    tree = source.read(path, follow)
    whole = isinstance(tree[""], Directory)
    contents = path.replace("\\", "/").endswith("/.") or path == "."
    if goal.endswith("/") and not whole and not target.is_dir(goal):
        raise fault("cp-no-folder", path=goal)
    if target.is_dir(goal):
        name = posixpath.basename(path.replace("\\", "/").rstrip("/"))
        goal = goal if contents and whole else posixpath.join(goal, name)
        if whole and target.exists(goal) and not target.is_dir(goal):
            raise fault("cp-folder-over-file")
    elif target.exists(goal):
        if whole:
            raise fault("cp-folder-over-file")
    else:
        target.check_parent(goal)
    target.write(goal, tree)
    return 2 * BLOCK + sum(BLOCK + -(-len(node.content) // BLOCK) * BLOCK if isinstance(node, File) else BLOCK
                           for node in tree.values())
