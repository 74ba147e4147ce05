"""El sistema de archivos por capas: nodos, capas, su unión y lo que ve un proceso.

    >>> from dockerlab.filesystem import File, FileSystem, Layer, Overlay
    >>> base = Layer({"etc/motd": File(b"hola\\n")})
    >>> fs = FileSystem(Overlay([base]))
    >>> fs.write("/etc/motd", b"adi\\xc3\\xb3s\\n")
    >>> fs.root.changes()
    [('C', '/etc'), ('C', '/etc/motd')]
    >>> base.entries["etc/motd"].content
    b'hola\\n'
"""

from .access import ROOT, User
from .compression import Limits
from .layer import Layer
from .nodes import Device, Directory, File, Node, Symlink, Whiteout
from .overlay import Overlay
from .view import FileSystem, Mount, Stat, Tree

__all__ = ["ROOT", "Device", "Directory", "File", "FileSystem", "Layer", "Limits", "Mount", "Node", "Overlay",
           "Stat", "Symlink", "Tree", "User", "Whiteout"]
