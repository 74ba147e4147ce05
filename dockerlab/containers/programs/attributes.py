"""Cómo se escriben los atributos de un archivo: `drwxr-xr-x`, dueños, bloques, fechas."""

from __future__ import annotations

from typing import Any

from dockerlab.clock import SECOND
from dockerlab.filesystem.nodes import Device, Directory, File, Node, Symlink

from .kit import account_name, moment

BLOCK = 4096
HALF_YEAR = 15_778_476 * SECOND   # lo que dura «reciente» para ls
KINDS = {"-": "regular file", "d": "directory", "l": "symbolic link", "c": "character special file",
         "b": "block special file", "p": "fifo"}
FORMAT = {"-": 0o100000, "d": 0o040000, "l": 0o120000, "c": 0o020000, "b": 0o060000, "p": 0o010000}


def letter(node: Node) -> str:
    """La letra del tipo, como la primera de `ls -l`."""
    match node:
        case Directory():
            return "d"
        case Symlink():
            return "l"
        case Device():
            return node.kind
        case _:
            return "-"


def size(node: Node) -> int:
    """Los bytes que dice `stat`: una carpeta ocupa un bloque; un enlace, lo que su texto."""
    match node:
        case File():
            return node.size
        case Directory():
            return BLOCK
        case Symlink():
            return len(node.target.encode())
        case _:
            return 0


def blocks(node: Node) -> int:
    """Los bytes de disco: bloques enteros de 4 KiB (un enlace corto cabe en su inodo)."""
    return -(-size(node) // BLOCK) * BLOCK if isinstance(node, File | Directory) else 0


def permissions(node: Node) -> str:
    """`-rwxr-xr-x`, con las marcas s y t."""
    mode = node.mode
    text = [bit if mode >> (8 - at) & 1 else "-" for at, bit in enumerate("rwxrwxrwx")]
    for at, flag, mark in ((2, 0o4000, "s"), (5, 0o2000, "s"), (8, 0o1000, "t")):
        if mode & flag:
            text[at] = mark if text[at] == "x" else mark.upper()
    return letter(node) + "".join(text)


def owner(sys: Any, node: Node, numeric: bool = False) -> tuple[str, str]:
    """Dueño y grupo, por nombre si lo tienen."""
    if numeric:
        return str(node.uid), str(node.gid)
    return account_name(sys, node.uid), account_name(sys, node.gid, "/etc/group")


def short_date(instant: int, now: int) -> str:
    """`Oct  5 12:00`, o con el año si está a más de medio año."""
    date = moment(instant)
    recent = now - HALF_YEAR < instant <= now + SECOND
    return f"{date:%b} {date.day:2d} " + (f"{date:%H:%M}" if recent else f" {date.year}")


def full_date(instant: int) -> str:
    """`2026-10-05 12:00:00.000000000 +0000`, como `stat`."""
    return f"{moment(instant):%Y-%m-%d %H:%M:%S}.{instant % SECOND:09d} +0000"
