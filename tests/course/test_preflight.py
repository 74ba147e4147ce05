"""El notebook que dice si un equipo vale, y lo que contesta cuando no."""

from __future__ import annotations

import importlib.metadata

from dockerlab.course import preflight
from tests.extras import ROOT

NOTEBOOKS = ROOT / "notebooks" / "instructor"


def test_a_good_machine_is_fit_and_the_text_is_always_the_same():
    one, other = (preflight.comprobar_equipo(str(NOTEBOOKS), clock=lambda: 0.0) for _ in range(2))
    assert one.fit, repr(one)
    assert repr(one) == repr(other) and repr(one).startswith("✔ Equipo apto")
    assert all(check.good for check in one.checks) and len(one.checks) == 9


def test_a_slow_machine_is_told(monkeypatch):
    ticks = iter([0.0, 42.0])
    told = repr(preflight.comprobar_equipo(str(NOTEBOOKS), clock=lambda: next(ticks)))
    assert "no apto" in told and "42.0 s" in told and "diapositivas" in told


def test_an_old_or_missing_package_is_named(monkeypatch):
    def version(name):
        if name == "anywidget":
            raise importlib.metadata.PackageNotFoundError(name)
        return "3.1.0" if name == "jupyterlab" else "99.0"
    monkeypatch.setattr(importlib.metadata, "version", version)
    check = preflight.packages()
    assert not check.good and "falta anywidget" in check.found and "jupyterlab 3.1.0" in check.found
    assert "make lab" in check.tip


def test_a_folder_without_the_course_says_what_is_missing(tmp_path):
    check = preflight.engine(tmp_path)
    assert not check.good and "app" in check.found and check.tip


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    check = preflight.writable(tmp_path / "no-existe")
    assert not check.good and check.found


def test_a_full_disk_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(preflight, "SPACE", 10**18)
    check = preflight.room(tmp_path)
    assert not check.good and "MB libres" in check.found


def test_any_failure_is_a_line_and_not_a_traceback(monkeypatch):
    def broken(folder):
        raise OSError("sin permiso")
    monkeypatch.setattr(preflight, "engine", broken)
    told = repr(preflight.comprobar_equipo(str(NOTEBOOKS)))
    assert "OSError: sin permiso" in told and "no apto" in told
