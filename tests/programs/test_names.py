"""La tabla de programas dice la verdad: cada nombre está en su módulo, y ningún módulo tiene otros."""

from __future__ import annotations

from importlib import import_module

import pytest

from dockerlab.containers.process import find_program
from dockerlab.containers.programs import NAMES
from dockerlab.containers.programs.options import CATALOGUE

from .machine import Machine


@pytest.mark.parametrize("module", NAMES)
def test_each_module_declares_exactly_the_names_of_the_table(module):
    """`NAMES` se escribe a mano: aquí se compara con lo que cada módulo apunta."""
    import_module(f"dockerlab.containers.programs.{module}")
    declared = {name for name, applet in CATALOGUE.items() if applet.body.__module__.endswith(f".{module}")}
    assert declared - {"(no simulado)"} == set(NAMES[module].split())


def test_every_name_can_be_found_by_the_kernel():
    for names in NAMES.values():
        for name in names.split():
            assert find_program(name) is not None, name


def test_a_program_that_only_exists_says_so_and_fails():
    outcome = Machine().run("vi", "x")
    assert (outcome.code, outcome.err) == (1, "vi: dockerlab no simula este programa\n")


def test_help_is_printed_by_every_program_with_a_synopsis():
    machine = Machine()
    for name, applet in CATALOGUE.items():
        if applet.synopsis and applet.letters is not None and name.isalnum():
            outcome = machine.run(name, "--help")
            assert outcome.code == 0 and f"Usage: {name} " in outcome.err, name
