"""apt-get, apk y pip: lo que dicen, lo que dejan y lo que pesa."""

from __future__ import annotations

import pytest

from dockerlab.containers.programs.kit import table_file

from .machine import Machine

ANA_ID = 1000


def debian(**files: str) -> Machine:
    return Machine(files, dialect="", env={"HOME": "/root"})


def weight(made: Machine, path: str) -> int:
    """Los kB de una carpeta."""
    return int(made.run("du", "-s", path).out.split()[0])


@pytest.mark.parametrize("name, columns", [("apt", (3, 4)), ("apk", (2,)), ("pip", (3,)), ("npm", (2,))])
def test_every_dependency_of_the_tables_exists(name, columns):
    rows = table_file(name)["paquetes"]
    for package, row in rows.items():
        for column in columns:
            for need in row[column].split():
                assert need in rows, f"{package} pide {need}"


# -- apt --
def test_install_needs_update_first():
    made = debian()
    outcome = made.run("apt-get", "install", "-y", "curl")
    assert outcome.code == 100 and outcome.err == "E: Unable to locate package curl\n"
    assert made.run("apt-get", "update").code == 0
    assert made.run("apt-get", "install", "-y", "curl").code == 0
    assert made.run("curl", "--version").out.startswith("curl ")


def test_the_lists_weigh_until_they_are_removed():
    made = debian()
    made.run("apt-get", "update")
    assert 15_000 < weight(made, "/var/lib/apt/lists") < 25_000
    made.run("sh", "-c", "rm -rf /var/lib/apt/lists/*")
    assert weight(made, "/var/lib/apt/lists") < 100
    assert made.run("apt-get", "install", "-y", "tree").code == 100


def test_without_yes_it_asks_and_gives_up_without_input():
    made = debian()
    made.run("apt-get", "update")
    outcome = made.run("apt-get", "install", "curl")
    assert outcome.code == 1 and outcome.out.endswith("Do you want to continue? [Y/n] Abort.\n")
    assert made.run("apt-get", "install", "curl", stdin=b"y\n").code == 0


def test_recommended_packages_weigh():
    lean, fat = debian(), debian()
    for made, extra in ((lean, ["--no-install-recommends"]), (fat, [])):
        made.run("apt-get", "update")
        assert made.run("apt-get", "install", "-y", *extra, "python3-pip").code == 0
    assert weight(lean, "/usr/share") * 3 < weight(fat, "/usr/share")


def test_purge_and_autoremove_give_the_space_back():
    made = debian()
    made.run("apt-get", "update")
    made.run("apt-get", "install", "-y", "git")
    full = weight(made, "/usr/share")
    assert made.run("apt-get", "purge", "-y", "git").code == 0
    assert made.run("apt-get", "autoremove", "-y").code == 0
    assert weight(made, "/usr/share") < full / 10
    assert made.run("dpkg", "-l", "git").code == 1


def test_without_root_nothing_is_installed():
    from dockerlab.filesystem import User
    outcome = debian().run("apt-get", "update", user=User(ANA_ID, ANA_ID, ()))
    assert outcome.code == 100 and "Permission denied" in outcome.err


def test_unknown_operations_and_packages_are_named():
    made = debian()
    made.run("apt-get", "update")
    assert made.run("apt-get", "instal", "x").err == "E: Invalid operation instal\n"
    assert made.run("apt-get", "install", "-y", "noexiste").err == "E: Unable to locate package noexiste\n"


# -- apk --
def test_apk_add_with_and_without_cache():
    clean, cached = Machine(), Machine()
    outcome = clean.run("apk", "add", "--no-cache", "curl")
    assert outcome.code == 0 and "Installing curl (" in outcome.out and outcome.out.rstrip().endswith("in 24 packages")
    assert not clean.fs.exists("/var/cache/apk")
    cached.run("apk", "add", "curl")
    assert weight(cached, "/var/cache/apk") > 2_000


def test_a_virtual_group_goes_whole():
    made = Machine()
    made.run("apk", "add", "--no-cache", "--virtual", ".build", "gcc", "make")
    heavy = weight(made, "/usr/share")
    assert made.run("apk", "del", ".build").code == 0
    assert heavy > 100_000 and weight(made, "/usr/share") < 1_000


def test_apk_names_what_it_does_not_know():
    outcome = Machine().run("apk", "add", "nada")
    assert outcome.code == 1
    assert outcome.err == "ERROR: unable to select packages:\n  nada (no such package):\n    required by: world[nada]\n"


# -- pip --
def python(**files: str) -> Machine:
    return Machine({name.replace("_", "."): text for name, text in files.items()}, dialect="",
                   env={"PYTHON_VERSION": "3.12.9", "HOME": "/root"})


def test_pip_reads_the_requirements_file():
    made = python(requirements_txt="# la web\nflask==3.0.0\nredis>=5 ; python_version > '3'\n")
    outcome = made.run("pip", "install", "-r", "requirements.txt")
    assert outcome.code == 0 and "Successfully installed blinker-1.9.0" in outcome.out and "flask-3.0.0" in outcome.out
    assert "flask==3.0.0\n" in made.run("pip", "freeze").out
    again = made.run("pip", "install", "-r", "requirements.txt").out
    assert "Requirement already satisfied: flask==3.0.0 in /usr/local/lib/python3.12/site-packages" in again


def test_the_cache_of_pip_weighs():
    lean, fat = python(), python()
    lean.run("pip", "install", "--no-cache-dir", "pandas")
    fat.run("pip", "install", "pandas")
    assert not lean.fs.exists("/root/.cache")
    assert weight(fat, "/root/.cache") > 20_000


def test_pip_errors():
    made = python()
    missing = made.run("pip", "install", "-r", "nada.txt")
    assert (missing.code, missing.err) == (
        1, "ERROR: Could not open requirements file: [Errno 2] No such file or directory: 'nada.txt'\n")
    unknown = made.run("pip", "install", "noexiste")
    assert unknown.code == 1 and "No matching distribution found for noexiste" in unknown.err
    assert made.run("pip", "instal").err == 'ERROR: unknown command "instal"\n'


def test_installing_is_deterministic():
    trees = []
    for _ in range(2):
        made = python()
        made.run("pip", "install", "flask")
        made.run("apk", "add", "curl")
        trees.append([(path, node) for path, node in made.fs.walk("/usr")])
    assert trees[0] == trees[1]
