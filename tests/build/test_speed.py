"""Un COPY de muchos archivos crece en línea recta y no pide memoria de más."""

from __future__ import annotations

import time

from bench.build import peak, plant, seconds


def test_time_per_file_does_not_grow_from_100_to_10000_files(tmp_path):
    few, many = tmp_path / "pocos", tmp_path / "muchos"
    few.mkdir(), many.mkdir()
    plant(few, 100), plant(many, 10_000)
    each = seconds(many, 3, time.process_time) / 10_000
    assert each < 1.5 * seconds(few, 30, time.process_time) / 100


def test_peak_memory_stays_under_three_times_the_context(tmp_path):
    total = plant(tmp_path, 10_000, 1_000)
    assert peak(tmp_path) < 3 * total
