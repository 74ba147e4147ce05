"""Los textos que no caben: se abrevian, y los que eran distintos lo siguen siendo."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockerlab.scenes.metrics import distinct, fit, halves, width

FAMILIES = [
    ["hospital-datos-1", "hospital-ingresos-1", "hospital-urgencias-1"],
    [f"servicio-de-pedidos-{n}" for n in range(30)],
    ["cola-de-pedidos-pendientes-del-almacen-norte-1", "cola-de-pedidos-devueltos-del-almacen-norte-1"],
    ["x" * 40 + "a" + "x" * 40, "x" * 40 + "b" + "x" * 40, "x" * 81],
    ["registro.example/equipo/servicio:v1", "registro.example/equipo/servicio:v2"],
]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("room", [80, 100, 130, 180])
def test_names_that_differ_stay_different_when_shortened(family, room):
    shown = [distinct(name, family, room, 13, bold=True) for name in family]
    assert len(set(shown)) == len(family)
    assert all(width(text, 13, bold=True) <= room for text in shown)


def test_a_name_that_needs_it_is_shown_from_the_word_that_tells_it_apart():
    shown = [distinct(name, FAMILIES[0], 100, 13, bold=True) for name in FAMILIES[0]]
    assert shown == ["…datos-1", "…ingresos-1", "hospita…as-1"]
    assert distinct("web", ["api"], 100, 13) == "web"
    assert distinct(FAMILIES[0][0], ["web"], 100, 13, bold=True) == fit(FAMILIES[0][0], 100, 13, bold=True, tail=4)


@given(st.lists(st.text("abc-", min_size=8, max_size=30), min_size=2, max_size=6, unique=True))
def test_two_halves_are_the_whole_name(names):
    for name in names:
        first, second = halves(name, 90, 13, bold=True)
        assert first + second == name and (not second or width(first, 13, bold=True) <= 90)


def test_a_name_is_cut_where_one_of_its_words_ends():
    assert halves("hospital-ingresos-1", 100, 13, bold=True) == ("hospital-", "ingresos-1")
    assert halves("unsolonombrelarguisimo", 100, 13, bold=True)[0] == "unsolonombr"
