"""Los espacios de nombres de un contenedor, con el número que enseña `/proc/<pid>/ns`.

Docker real: cada contenedor estrena `cgroup`, `ipc`, `mnt`, `net`, `pid` y `uts`; el reloj
(`time`) y los usuarios (`user`) son los del anfitrión, salvo que se pida otra cosa.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .process import Process
from .space import Space

if TYPE_CHECKING:
    from .kernel import Kernel

# Los del anfitrión son los que un Linux recién arrancado da siempre.
OF_HOST = {"cgroup": 4026531835, "ipc": 4026531839, "mnt": 4026531841, "net": 4026531840, "pid": 4026531836,
           "time": 4026531834, "user": 4026531837, "uts": 4026531838}
OWN = ("mnt", "uts", "ipc", "pid", "cgroup", "net")   # los que se estrenan, en el orden en que se numeran
FOR_CHILDREN = {"pid_for_children": "pid", "time_for_children": "time"}
NAMES = tuple(sorted([*OF_HOST, *FOR_CHILDREN]))
FIRST = 4026532200     # el primero que estrena un contenedor
FIRST_INIT = 4000


def link(kernel: Kernel, process: Process, name: str) -> str:
    """A dónde apunta `/proc/<pid>/ns/<name>`: `pid:[4026532479]`."""
    kind = FOR_CHILDREN.get(name, name)
    return f"{kind}:[{number(kernel, process.space, kind)}]"


def number(kernel: Kernel, space: Space, kind: str) -> int:
    """El número de un espacio de nombres: el mismo número es el mismo espacio."""
    if kind not in OWN or kind in space.host_namespaces:
        return OF_HOST[kind]
    lent = {"net": space.netns, "pid": space.pids_with}.get(kind, "")     # el contenedor con el que lo comparte
    owner = kernel.spaces.get(lent, space)
    return FIRST + OWN.index(kind) + len(OWN) * (owner.init - FIRST_INIT)
