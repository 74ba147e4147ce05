"""Guardar el núcleo entero como JSON y volver a levantarlo.

Los archivos, los registros y los límites de cada espacio los guarda el motor;
aquí van los procesos con su diario, las tuberías, los puertos y la cola de
sucesos. Los generadores no se guardan: cada proceso se vuelve a ejecutar con su
diario la primera vez que le toca dar un paso.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dockerlab.clock import Clock
from dockerlab.filesystem.nodes import Device, Directory, File, Symlink, Whiteout
from dockerlab.filesystem.view import Stat

from .codec import Decoder, Encoder, saved
from .space import Space

if TYPE_CHECKING:
    from .kernel import Kernel

for _cls in (File, Directory, Symlink, Device, Whiteout, Stat):
    saved(_cls)

FIELDS = ("processes", "next_pid", "processor", "sockets", "fifos", "seed")


def to_data(kernel: Kernel) -> dict[str, Any]:
    """El núcleo en forma JSON."""
    encoder = Encoder({Space: lambda space: space.id})
    state = {name: encoder.encode(getattr(kernel, name)) for name in FIELDS}
    return {"now": kernel.clock.now, "spaces": {name: space.counters() for name, space in kernel.spaces.items()},
            "state": {**state, "events": encoder.encode(kernel.agenda.heap), "sequence": kernel.agenda.count}}


def from_data(cls: type[Kernel], data: Mapping[str, Any], spaces: Mapping[str, Space],
              clock: Clock | None) -> Kernel:
    """El núcleo que `to_data` guardó. `spaces`: los espacios, ya con sus archivos, por id."""
    kernel = cls(clock)
    kernel.clock.advance_to(data["now"])
    for name, counters in data["spaces"].items():
        if name in spaces:
            kernel.attach(spaces[name])
            spaces[name].restore(counters)
    decoder = Decoder({"Space": spaces.__getitem__})
    for name in FIELDS:
        setattr(kernel, name, decoder.decode(data["state"][name]))
    kernel.agenda.restore(decoder.decode(data["state"]["events"]), data["state"]["sequence"])
    return kernel
