"""dpkg: la ficha de cada paquete instalado en una Debian, en /var/lib/dpkg/status."""

from __future__ import annotations

from typing import Any

from dockerlab.errors import FileError

from .kit import table_file
from .making import make_folder, remove_tree
from .options import Options, applet

STATUS = "/var/lib/dpkg/status"
LISTING = ("Desired=Unknown/Install/Remove/Purge/Hold\n"
           "| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend\n"
           "|/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)\n"
           "||/ Name           Version      Architecture Description\n"
           "+++-==============-============-============-=================================\n")
"""La cabecera de `dpkg -l`."""


def blocks(sys: Any) -> list[dict[str, str]]:
    """Las fichas, por orden de instalación: clave → valor."""
    try:
        text = sys.fs.read(STATUS).decode("utf-8", "replace")
    except FileError:
        return []
    rows = [[line.partition(": ") for line in block.splitlines()] for block in text.split("\n\n")]
    return [{key: value for key, _, value in row} for row in rows if row]


def installed(sys: Any) -> dict[str, str]:
    """Paquete → versión."""
    return {block["Package"]: block["Version"] for block in blocks(sys) if {"Package", "Version"} <= block.keys()}


def automatic(sys: Any) -> set[str]:
    """Los que se instalaron porque otro los pedía."""
    return {block.get("Package", "") for block in blocks(sys) if block.get("Auto-Installed") == "yes"}


def record(sys: Any, name: str, version: str, kilobytes: int, automatic: bool) -> None:
    """La ficha del paquete en la base de datos de dpkg."""
    make_folder(sys, "/var/lib/dpkg", 0o755, parents=True)
    text = f"Package: {name}\nStatus: install ok installed\nInstalled-Size: {kilobytes}\nVersion: {version}\n"
    text += "Auto-Installed: yes\n\n" if automatic else "\n"
    sys.fs.write(STATUS, text.encode(), append=True)


def forget(sys: Any, name: str) -> None:
    """Quita la ficha y los archivos de un paquete."""
    blocks = sys.fs.read(STATUS).decode("utf-8", "replace").split("\n\n")
    kept = [block for block in blocks if not block.startswith(f"Package: {name}\n")]
    sys.fs.write(STATUS, "\n\n".join(kept).encode())
    if sys.fs.exists(f"/usr/share/{name}/contenido"):
        remove_tree(sys, Options("dpkg", False), f"/usr/share/{name}")
    for path in table_file("apt")["programas"].get(name, ()):
        if sys.fs.exists(f"/{path}", follow=False):
            sys.fs.remove(f"/{path}")


@applet("dpkg", None, also=("dpkg-query",))
def dpkg(sys: Any, opt: Options) -> int:
    """`dpkg -l` y `dpkg --print-architecture`."""
    words = sys.argv[1:]
    if words[:1] == ["--print-architecture"]:
        sys.out("amd64\n")
        return 0
    there = installed(sys)
    if words[:1] in (["-l"], ["--list"]):
        rows = [(name, version) for name, version in sorted(there.items()) if not words[1:]
                or name in words[1:]]
        if not rows and words[1:]:
            sys.err(f"dpkg-query: no packages found matching {words[1]}\n")
            return 1
        sys.out(LISTING + "".join(f"ii  {name:<14} {version:<12} amd64        {name}\n" for name, version in rows))
        return 0
    if words[:1] == ["-s"] and words[1:]:
        if words[1] not in there:
            sys.err(f"dpkg-query: package '{words[1]}' is not installed and no information is available\n")
            return 1
        sys.out(f"Package: {words[1]}\nStatus: install ok installed\nVersion: {there[words[1]]}\n")
        return 0
    sys.err("dpkg: error: need an action option\n\nType dpkg --help for help about installing and "
            "deinstalling packages [*];\n")
    return 2
