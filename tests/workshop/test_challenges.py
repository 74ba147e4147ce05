"""Los retos del curso, resueltos en el terminal del taller como los resolvería una persona."""

from __future__ import annotations

import re

import pytest

from dockerlab.course import challenges, rooms
from dockerlab.workshop import sharing
from dockerlab.workshop.memory import look


@pytest.mark.parametrize("name", challenges.names())
def test_the_solution_pasted_in_the_terminal_solves_it_and_travels(name):
    challenge = challenges.find(name)
    made = rooms.of(challenge)
    assert made.task["state"] == "pendiente" and made.status["undo"] == ""
    assert not re.search(r"[0-9a-f]{12}|/tmp/|^/", " ".join(made.task["missing"]))
    made.bench.type(sharing.pasteable(challenge.solution))
    made.bench.leave()
    made.refresh()
    assert made.task["state"] == "correcto" and all(done for _, done in made.task["goals"])
    assert made.task["same"] == "Nada: ya se ven igual."
    assert 0 < made.bench.count <= challenge.par and not made.error
    text = made.share()
    assert len(text) < 1000
    other = rooms.opened(text)
    assert other.task["state"] == "correcto" and other.bench.engine.view() == made.bench.engine.view()
    while made.bench.undo():
        pass
    made.refresh()
    assert made.task["state"] == "pendiente"
    assert look(made.bench.engine.view()) == look(made.bench.start.view)   # mirar no se deshace: el reloj ha corrido
    made.close()
    other.close()
