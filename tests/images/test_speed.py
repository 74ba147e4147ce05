"""Cargar un archivo grande cuesta, como mucho, el doble que lo mínimo: resumir sus bytes y recorrerlos."""

from __future__ import annotations

from bench.load import MARK, speed


def test_loading_goes_at_least_half_as_fast_as_a_bare_digest_and_walk():
    _, mine, least = speed(4_000)
    assert least / mine >= MARK
