"""Lo que viaja al constructor, en bytes, como lo cuenta la línea `transferring context`.

De cada archivo se anuncia siempre cómo se llama y cómo es. Su contenido solo se manda
si desde esa carpeta no se mandó ya igual: por eso la segunda construcción manda tan poco.

    >>> nodes = [("app.js", File(b"hola"))]
    >>> cost(nodes, {}), cost(nodes, {"app.js": mark(nodes[0][1])})
    (37, 27)

Docker real: el protocolo de `fsutil` (mensajes de protobuf), que para saber si algo cambió
mira la hora y el tamaño; aquí se mira el contenido, y así el resultado no depende del reloj.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping

from dockerlab.filesystem import Directory, File, Node, Symlink

END = 2               # el mensaje que cierra los anuncios
TIME = 10             # la hora del archivo, en nanosegundos
CHUNK = 32 * 1024     # lo que cabe en un mensaje de contenido
_KINDS = {Directory: 1 << 31, Symlink: 1 << 27}   # los permisos de Go llevan también la clase


def cost(nodes: Iterable[tuple[str, Node]], known: Mapping[str, str]) -> int:
    """Los bytes que cuesta mandar `nodes` (ruta y nodo, en orden) a quien ya tiene `known` (ruta → señal)."""
    return END + sum(_announcement(path, node) + (_content(number, node.size) if isinstance(node, File)
                                                  and known.get(path) != mark(node) else 0)
                     for number, (path, node) in enumerate(nodes))


def single(name: str, size: int | None) -> int:
    """Los de mandar un archivo suelto de `size` bytes, como el Dockerfile (o decir que no está: None)."""
    return END if size is None else cost([(name, File(declared_size=size))], {})


def mark(node: Node) -> str:
    """La señal por la que se sabe que un archivo sigue igual."""
    return f"{node.mode:o}.{node.size}.{zlib.crc32(node.content):08x}" if isinstance(node, File) else ""


def _announcement(path: str, node: Node) -> int:
    mode = node.mode | next((bit for kind, bit in _KINDS.items() if isinstance(node, kind)), 0)
    target = node.target if isinstance(node, Symlink) else ""
    size = len(target) or (node.size if isinstance(node, File) else 0)
    inner = TIME + _text(path) + 1 + _varint(mode) + (1 + _varint(size) if size else 0) + _text(target)
    return inner + 1 + _varint(inner)


def _text(text: str) -> int:
    size = len(text.encode("utf-8", "surrogateescape"))
    return 1 + _varint(size) + size if size else 0


def _content(number: int, size: int) -> int:
    """Los mensajes con el contenido del archivo `number` y el que dice que se acabó."""
    named = 2 + (1 + _varint(number) if number else 0)
    whole, rest = divmod(size, CHUNK)
    pieces = [CHUNK] * whole + ([rest] if rest else [])
    return sum(named + 1 + _varint(piece) + piece for piece in pieces) + named


def _varint(value: int) -> int:
    """Los bytes que ocupa un entero: de siete en siete bits."""
    return max(1, (value.bit_length() + 6) // 7)
