"""Nombres para quien no pone nombre: un adjetivo y un apellido ilustre, como los de Docker.

Salen de una sucesión, no del azar: la misma clase ve los mismos nombres.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container
from dataclasses import dataclass

LEFT = ("admiring affectionate amazing awesome beautiful bold brave busy charming clever compassionate confident cool "
        "dazzling dreamy eager ecstatic elegant eloquent epic exciting focused friendly gallant gifted gracious great "
        "happy hopeful inspiring intelligent jolly jovial keen kind laughing loving lucid magical modest musing "
        "nifty nostalgic objective optimistic peaceful practical quirky relaxed reverent serene sharp silly sleepy "
        "sweet tender thirsty trusting upbeat vibrant vigilant wizardly wonderful youthful zealous zen").split()
RIGHT = ("albattani allen archimedes babbage banach bardeen bell bohr bose boyd brahmagupta brown carson cerf "
         "chandrasekhar curie darwin davinci dijkstra einstein elion euclid euler faraday fermat fermi feynman "
         "franklin galileo galois gauss goldberg goodall hamilton hawking heisenberg hermann hopper hypatia "
         "jackson johnson kalam kare keller kepler knuth lamarr leakey lovelace maxwell mayer mcclintock "
         "meitner mendel mirzakhani morse newton nightingale nobel noether pasteur payne poincare ptolemy ride "
         "ritchie shannon tesla thompson torvalds turing volhard wescoff wozniak yalow").split()


@dataclass(slots=True)
class NameSequence:
    """La sucesión de nombres; `count` dice por dónde va."""

    count: int = 0

    def next(self, taken: Container[str] = ()) -> str:
        """El siguiente nombre que nadie use (`quirky_morse`)."""
        while True:
            self.count += 1
            number = int.from_bytes(hashlib.sha256(f"nombre:{self.count}".encode()).digest()[:8])
            name = f"{LEFT[number % len(LEFT)]}_{RIGHT[number // len(LEFT) % len(RIGHT)]}"
            if self.count > len(LEFT) * len(RIGHT):
                name += str(number % 10)
            if name not in taken and name != "boring_wozniak":
                return name
