"""Descomprimir lo que llega de fuera sin fiarse de ello: gzip, bzip2, xz y zstd, con un tope de bytes."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from dockerlab.errors import fault

Buffer = bytes | memoryview


@dataclass(frozen=True, slots=True)
class Limits:
    """Lo más que se acepta de un archivo ajeno (contra las «bombas»)."""

    entries: int = 500_000      # archivos, carpetas y enlaces
    size: int = 2 << 30         # bytes ya descomprimidos
    depth: int = 256            # carpetas anidadas
    declared: int = 1 << 40     # bytes declarados por archivo


def inflate(data: Buffer, limits: Limits = Limits()) -> bytes:
    """Descomprime gzip (uno o varios trozos seguidos) sin pasar de `limits.size` bytes."""
    pieces, room = [], limits.size
    while len(data):
        engine = zlib.decompressobj(wbits=31)
        try:
            piece = engine.decompress(data, room + 1)
        except zlib.error as error:
            raise fault("archive-malformed", reason=f"gzip: {error}") from None
        room -= len(piece)
        if room < 0:
            raise fault("archive-too-big", limit=limits.size)
        if not engine.eof:
            raise fault("archive-truncated", name="gzip")
        pieces.append(piece)
        data = engine.unused_data.lstrip(b"\0")
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def unpack(data: Buffer, opener: Callable[[IO[bytes]], Any], name: str, limits: Limits) -> bytes:
    """Descomprime sin pasar de `limits.size` bytes. `ArchiveError` si está roto o cortado."""
    try:
        with opener(io.BytesIO(data)) as stream:
            plain_data = stream.read(limits.size + 1)
    except EOFError:
        raise fault("archive-truncated", name=name) from None
    except Exception as error:  # cada biblioteca tiene sus errores, y ninguna los comparte
        raise fault("archive-malformed", reason=f"{name}: {error}") from None
    if len(plain_data) > limits.size:
        raise fault("archive-too-big", limit=limits.size)
    return plain_data


def _bzip2() -> Callable[[IO[bytes]], Any]:
    import bz2
    return bz2.BZ2File


def _xz() -> Callable[[IO[bytes]], Any]:
    import lzma
    return lzma.LZMAFile


def _zstd() -> Callable[[IO[bytes]], Any]:
    try:
        from compression.zstd import ZstdFile  # Python 3.14
    except ImportError:
        import zstandard
        return lambda file: zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)
    return ZstdFile


PACKED = ((b"\x28\xb5\x2f\xfd", "zstd", _zstd), (b"BZh", "bzip2", _bzip2), (b"\xfd7zXZ\0", "xz", _xz))
"""Cómo empieza lo comprimido, cómo se llama y con qué se lee; no todo Python lo trae todo."""


def plain(data: Buffer, limits: Limits = Limits()) -> Buffer:
    """Los bytes sin comprimir de un tar que quizá venga en gzip, bzip2, xz o zstd. `ArchiveError`."""
    if data[:2] == b"\x1f\x8b":
        return inflate(data, limits)
    for magic, name, find in PACKED:
        if data[:len(magic)] == magic:
            try:
                opener = find()
            except ImportError:
                raise fault("archive-compression", name=name) from None
            return unpack(data, opener, name, limits)
    if len(data) > limits.size:
        raise fault("archive-too-big", limit=limits.size)
    return data
