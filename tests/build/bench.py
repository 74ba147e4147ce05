"""Un constructor sin motor: las imágenes de las grabaciones, un núcleo y una caché."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from dockerlab.build.context import Context
from dockerlab.build.options import Base, Options, Ports
from dockerlab.build.steps import build_steps
from dockerlab.errors import DockerlabError, fault
from dockerlab.events import BuildTask, StepFinished
from dockerlab.registry.catalogue import Catalogue

CATALOGUE = Catalogue(Path(__file__).parent.parent / "oracle" / "catalogue")
image = cache(CATALOGUE.image)


def resolve(reference, platform, pull):
    """Las imágenes base: las del catálogo de las grabaciones, como si ya estuvieran aquí."""
    found = image(reference)
    if found is None:
        raise fault("base-reason", reason=f"{reference}: not found")
    return Base(found)


def make_ports():
    """Un constructor nuevo, con la caché vacía."""
    return Ports(resolve)


class Outcome:
    """Una construcción acabada: los sucesos, la imagen y el error (uno de los dos es None)."""

    def __init__(self, ports, context, **options):
        self.events, self.image, self.error = [], None, None
        steps = build_steps(ports, context, Options(**options))
        try:
            while True:
                self.events.append(next(steps))
        except StopIteration as finished:
            self.image = finished.value
        except DockerlabError as error:
            self.error = error

    @property
    def steps(self):
        """Los pasos que acabaron."""
        return [event for event in self.events if isinstance(event, StepFinished)]

    @property
    def tasks(self):
        """Los nombres de las tareas internas."""
        return [event.name for event in self.events if isinstance(event, BuildTask)]

    def step(self, start):
        """El primer paso cuya instrucción empieza así."""
        return next(step for step in self.steps if step.instruction.startswith(start))

    @property
    def output(self):
        """Todo lo que escribieron los RUN."""
        return "".join(event.text for event in self.events if type(event).__name__ == "StepOutput")


def construct(dockerfile, files=None, ports=None, **options):
    """Construye un Dockerfile con esos archivos."""
    context = Context.of({"Dockerfile": dockerfile, **(files or {})})
    return Outcome(ports or make_ports(), context, **options)
