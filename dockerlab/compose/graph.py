"""Quién espera a quién: el grafo de `depends_on`, su orden y sus ciclos."""

from __future__ import annotations

from collections.abc import Mapping

from dockerlab.errors import fault

from .model import Project

STARTED, HEALTHY, COMPLETED = "service_started", "service_healthy", "service_completed_successfully"


def dependencies(project: Project) -> dict[str, list[str]]:
    """De quién depende cada servicio, por orden alfabético."""
    return {name: sorted(other for other in service.get("depends_on") or {} if other in project.services)
            for name, service in sorted(project.services.items())}


def check_cycles(project: Project) -> None:
    """Falta `compose-cycle`, con el camino."""
    edges = dependencies(project)
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        if name in trail:
            raise fault("compose-cycle", path=" -> ".join((*trail[trail.index(name):], name)))
        if name in done:
            return
        for other in edges[name]:
            visit(other, (*trail, name))
        done.add(name)

    for name in edges:
        visit(name, ())


def levels(edges: Mapping[str, list[str]]) -> list[list[str]]:
    """Los servicios por tandas: en cada una, los que ya no esperan a nadie que no haya salido antes."""
    found: list[list[str]] = []
    out: set[str] = set()
    pending = dict(edges)
    while pending:
        ready = [name for name, others in pending.items() if all(other in out for other in others)]
        found.append(ready)
        out |= set(ready)
        pending = {name: others for name, others in pending.items() if name not in out}
    return found


def order(project: Project) -> list[str]:
    """En el orden en que arrancan."""
    return [name for level in levels(dependencies(project)) for name in level]
