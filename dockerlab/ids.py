"""Identidades deterministas: la misma clase entera ve los mismos ids.

Docker saca sus ids del azar; aquí salen de una sucesión con semilla, así que la
misma secuencia de órdenes da los mismos ids en cualquier máquina.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(slots=True)
class Ids:
    """La sucesión: `seed` la elige, `count` dice por dónde va."""

    seed: str = "dockerlab"
    count: int = 0

    def next(self) -> str:
        """Un id nuevo de 64 cifras hexadecimales, como el de un contenedor.

        Nunca da uno cuyos doce primeros dígitos sean todos decimales: Docker
        tampoco, porque serviría de nombre de máquina ilegal.
        """
        while True:
            self.count += 1
            identity = hashlib.sha256(f"{self.seed}:{self.count}".encode()).hexdigest()
            if not identity[:12].isdecimal():
                return identity

    def mac(self) -> str:
        """Una dirección MAC nueva, de las administradas localmente."""
        digits = self.next()
        first = (int(digits[:2], 16) & 0xFC) | 0x02
        return ":".join([f"{first:02x}"] + [digits[i:i + 2] for i in range(2, 12, 2)])
