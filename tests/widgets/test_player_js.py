"""El JavaScript del reproductor, con el ejecutor de pruebas de Node."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from dockerlab.scenes import wire
from dockerlab.widgets import player
from tests.extras import need
from tests.scenes.films import MAKERS, film

HERE = Path(__file__).parent


def test_the_player_script_passes_its_own_tests(tmp_path):
    node = need("node")
    films = [
        {
            "name": name,
            "pack": wire.pack(film(name).frames),
            "frames": [
                {
                    "caption": frame.caption,
                    "said": frame.description,
                    "views": [
                        {"height": round(drawing.height), "items": wire.entries(drawing)}
                        for drawing in (frame.wide, frame.narrow)
                    ],
                }
                for frame in film(name).frames
            ],
        }
        for name in MAKERS
        if name != "construcción enorme"
    ]
    path = tmp_path / "films.json"
    path.write_text(json.dumps(films), encoding="utf-8")
    script = Path(player.__file__).with_name("player.js")
    run = subprocess.run(
        [node, "--test", HERE / "player.test.mjs"],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PLAYER_JS": str(script), "FILMS": str(path)},
    )
    assert run.returncode == 0, run.stdout[-4000:]


def test_the_workshop_script_passes_its_own_tests(tmp_path):
    node = need("node")
    path, panels = tmp_path / "workshop.mjs", tmp_path / "panels.mjs"
    path.write_text(player.script("panels.js", "workshop.js"), encoding="utf-8")
    panels.write_text(player.script("panels.js"), encoding="utf-8")
    run = subprocess.run([node, "--test", HERE / "workshop.test.mjs"], capture_output=True, text=True, timeout=60,
                         env={**os.environ, "WORKSHOP_JS": str(path), "PANELS_JS": str(panels),
                              "WORKSHOP_PARTS": str(Path(player.__file__).parent)})
    assert run.returncode == 0, run.stdout[-4000:]
