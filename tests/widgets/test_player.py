"""La cara de Python de los widgets."""

from __future__ import annotations

import base64
import io
import json
import zlib

import pytest
from PIL import Image

from dockerlab.scenes import wire
from dockerlab.widgets.live import ORDERS, Lifecycle
from dockerlab.widgets.page import page
from dockerlab.widgets.player import STATIC, Player, script
from dockerlab.widgets.static import VIEW, strip
from tests.scenes.films import film

from .puppet import Puppet


def unpack(pack):
    return json.loads(zlib.decompress(base64.b64decode(pack)))


@pytest.fixture
def live():
    """El widget del ciclo de vida con un motor de mentira."""
    puppet = Puppet()
    widget = Lifecycle(puppet, puppet.send)
    yield widget
    widget.close()


def press(widget, action):
    widget._receive(widget, {"type": "act", "id": action}, [])


def test_the_repr_is_deterministic_and_tells_the_film():
    one, other = Player(film("ciclo de vida")), Player(film("ciclo de vida"))
    assert repr(one) == repr(other)
    assert repr(one).splitlines()[:2] == [
        "Player: Ciclo de vida de un contenedor",
        "1. El contenedor web todavía no existe.",
    ]
    assert len(repr(Player(film("construcción enorme"))).splitlines()) <= 42


def test_a_live_notebook_gets_the_widget_and_the_text(monkeypatch):
    monkeypatch.delenv(STATIC, raising=False)
    data, _ = Player(film("ciclo de vida"))._repr_mimebundle_()
    assert set(data) == {VIEW, "text/plain"}


def test_a_static_notebook_gets_a_picture_and_the_same_text(monkeypatch):
    player = Player(film("mapa del aula"))
    monkeypatch.setenv(STATIC, "1")
    data, _ = player._repr_mimebundle_()
    assert set(data) == {"image/png", "text/plain"} and data["text/plain"] == repr(player)
    assert Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).format == "PNG"


def test_appending_sends_only_the_new_frames():
    frames = film("ciclo de vida").frames
    player = Player(film("mapa vacío"))
    sent = []
    player.send = sent.append
    player.append(*frames[:2])
    (message,) = sent
    assert message["from"] == 1 and unpack(message["packs"][0]) == json.loads(
        json.dumps(wire.differences(frames[:2], film("mapa vacío").frames[0]))
    )
    assert len(player.frames) == 3 and len(player._packs) == 2


def test_a_browser_that_lost_messages_gets_them_again():
    player = Player(film("mapa vacío"))
    player.append(*film("ciclo de vida").frames[:2])
    sent = []
    player.send = sent.append
    player._receive(player, {"type": "need", "from": 1}, [])
    assert sent == [{"type": "append", "from": 1, "packs": player._packs[1:]}]


def test_pressing_run_creates_and_starts(live):
    press(live, "run")
    assert [f.mark for f in live.frames] == ["Inicio", "created", "running"]
    assert live.log == [["docker run -d --name web nginx", "c" * 64 + "\n"]]


def test_the_whole_life_can_be_driven_with_buttons(live):
    for action in ("run", "pause", "unpause", "stop", "start", "restart", "kill", "rm"):
        press(live, action)
        assert not live.error
    assert live.frames[-1].mark == "(eliminado)"
    marks = [f.mark for f in live.frames if f.mark]
    assert marks == [
        "Inicio",
        "created",
        "running",
        "paused",
        "running",
        "exited",
        "running",
        "exited",
        "running",
        "exited",
        "(eliminado)",
    ]


def test_buttons_tell_what_docker_would_refuse(live):
    refused = {b["id"] for b in live.actions if b["refused"]}
    assert refused == set(ORDERS) - {"run"}
    press(live, "run")
    refused = {b["id"] for b in live.actions if b["refused"]}
    assert refused == {"run", "unpause", "rm"}


def test_a_refusal_is_shown_and_moves_nothing(live):
    press(live, "run")
    press(live, "rm")
    assert live.frames[-1].caption.startswith("Docker se niega: Error response from daemon")
    assert live.log[-1][1].startswith("Error response from daemon")
    assert "Estado: running." in live.frames[-1].description


def test_what_others_do_to_the_container_is_drawn_too(live):
    live.engine.send("docker run -d --name web nginx")
    assert [f.mark for f in live.frames] == ["Inicio", "created", "running"]
    live.engine.send("docker stop web")
    assert live.frames[-1].mark == "exited" and not live.log


def test_a_closed_widget_stops_listening(live):
    before = len(live.frames)
    live.close()
    live.engine.send("docker run -d --name web nginx")
    assert len(live.frames) == before


def test_errors_in_handlers_are_shown_in_spanish():
    puppet = Puppet()
    widget = Lifecycle(puppet, lambda command: puppet.send("docker explota"))
    press(widget, "start")
    assert widget.error == "Algo ha fallado al atender «start»: ZeroDivisionError: división por cero"
    widget.close()


def test_strip_removes_widget_views_and_state_but_keeps_text_and_pictures():
    notebook = {
        "metadata": {"widgets": {"x": 1}, "kernelspec": {}},
        "cells": [
            {
                "cell_type": "code",
                "outputs": [
                    {
                        "output_type": "display_data",
                        "data": {VIEW: {"model_id": "1"}, "text/plain": "Player"},
                    },
                    {"output_type": "display_data", "data": {VIEW: {"model_id": "2"}}},
                    {"output_type": "stream", "text": "hola"},
                ],
            },
            {"cell_type": "markdown", "source": "x"},
        ],
    }
    clean = strip(notebook)
    assert clean["metadata"] == {"kernelspec": {}}
    assert clean["cells"][0]["outputs"] == [
        {"output_type": "display_data", "data": {"text/plain": "Player"}},
        {"output_type": "stream", "text": "hola"},
    ]
    assert VIEW in notebook["cells"][0]["outputs"][0]["data"]


def test_the_page_holds_the_script_and_cannot_be_broken_by_its_texts():
    made = page(film("ciclo de vida"), error="</script><b>")
    assert made.count("</script>") == 1
    assert len(script().encode()) < 25_000


def test_with_the_real_engine_the_grace_period_is_seen():
    from dockerlab.course.roads import order
    from dockerlab.engine import Engine

    engine = Engine()
    widget = Lifecycle(engine, lambda line: order(engine, line, ".")[1], "terco", "alpine")
    widget.send_command("docker run -d --name terco alpine sleep 1000")
    press(widget, "stop")
    said = [frame.caption for frame in widget.frames[-3:]]
    assert "SIGTERM" in said[0] and "SIGKILL" in said[1] and "137" in said[2]
    clocks = [next(s for s in frame.description if s.startswith("Reloj")) for frame in widget.frames[-3:]]
    seconds = [float(clock.split("+")[1].split()[0]) for clock in clocks]
    assert seconds[1] - seconds[0] == pytest.approx(10, abs=0.2)
    assert not widget.error
    widget.close()
