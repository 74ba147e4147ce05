"""Leer y escribir archivos tar, byte a byte.

Formato: POSIX.1-2001 (*pax*) sobre *ustar*, y las extensiones GNU de nombres
largos al leer. `tarfile` no sirve aquí por dos razones: una capa leída tiene
que poder volver a escribirse con los mismos bytes (su digest es su nombre), y
un archivo hostil se rechaza entero antes de tocar nada.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from dockerlab.clock import SECOND
from dockerlab.errors import fault

Buffer = bytes | memoryview
BLOCK = 512
DECLARED = "DOCKERLAB.size"  # registro pax con el tamaño que dice tener un archivo en miniatura
END = bytes(2 * BLOCK)
_ZEROS = tuple(bytes(n) for n in range(BLOCK))
_SPARSE = ("GNU.sparse.", "GNU.sparse")


@dataclass(frozen=True, slots=True)
class Limits:
    """Lo más que se acepta de un archivo ajeno (contra las «bombas»)."""

    entries: int = 500_000      # archivos, carpetas y enlaces
    size: int = 2 << 30         # bytes ya descomprimidos
    depth: int = 256            # carpetas anidadas
    declared: int = 1 << 40     # bytes declarados por archivo


@dataclass(slots=True)
class Member:
    """Una entrada de un tar: sus datos están en `data[start:end]`; su cabecera empieza en `header`."""

    name: str
    kind: str            # 0 archivo, 1 enlace duro, 2 simbólico, 3 c, 4 b, 5 carpeta, 6 tubería
    mode: int
    uid: int
    gid: int
    mtime: int           # nanosegundos
    link: str
    major: int
    minor: int
    header: int
    start: int
    end: int
    declared: int | None = None


def _number(field: bytes) -> int:
    """Un número de la cabecera: octal, o binario de base 256 si el primer bit está puesto."""
    if field[0] & 0x80:
        return int.from_bytes(bytes((field[0] & 0x7F,)) + field[1:], "big")
    text = field.strip(b" \0")
    return int(text, 8) if text else 0


def _text(field: bytes) -> str:
    return field.split(b"\0", 1)[0].decode("utf-8", "surrogateescape")


def _pax(data: bytes) -> dict[str, str]:
    """Los registros «longitud clave=valor» de una cabecera pax."""
    records, at = {}, 0
    while at < len(data) and data[at]:
        space = data.index(b" ", at, at + 20)
        length = int(data[at:space])
        record = data[space + 1:at + length]
        if length <= 0 or at + length > len(data) or not record.endswith(b"\n"):
            raise ValueError("registro pax mal formado")
        key, _, value = record[:-1].partition(b"=")
        records[key.decode("utf-8")] = value.decode("utf-8", "surrogateescape")
        at += length
    return records


def _seconds(text: str) -> int:
    """`1735689600.25` → nanosegundos."""
    whole, _, fraction = text.partition(".")
    nanos = int((fraction + "000000000")[:9])
    return int(whole) * SECOND + (-nanos if whole.startswith("-") else nanos)


def members(data: Buffer, limits: Limits = Limits()) -> Iterator[Member]:
    """Las entradas de un tar sin comprimir. `ArchiveError` si está mal formado o pasa de `limits`."""
    try:
        yield from _members(data, limits)
    except (ValueError, IndexError, OverflowError) as error:
        raise fault("archive-malformed", reason=str(error)) from None


def _members(data: Buffer, limits: Limits) -> Iterator[Member]:
    at, total, count, header_at = 0, len(data), 0, 0
    extra: dict[str, str] = {}
    general: dict[str, str] = {}
    fresh = True
    while at < total:
        block = bytes(data[at:at + BLOCK])
        if len(block) < BLOCK:
            raise fault("archive-truncated", name="")
        if block[0] == 0 and not block.strip(b"\0"):
            return
        if fresh:
            header_at = at
        stored = _number(block[148:156])
        if stored != sum(block) - sum(block[148:156]) + 256:
            raise fault("archive-malformed", reason=f"la suma de control de la cabecera en {at} no cuadra")
        kind = chr(block[156]) if block[156] else "0"
        size = _number(block[124:136])
        start = at + BLOCK
        if "size" in extra and kind not in "xgLK":
            size = int(extra["size"])
        if kind in "123456":
            size = 0
        end = start + size
        if size < 0 or end > total:
            raise fault("archive-truncated", name=_text(block[:100]))
        at = end + -size % BLOCK
        if kind in "xgLK":
            body = bytes(data[start:end])
            if kind == "x":
                extra.update(_pax(body))
            elif kind == "g":
                general.update(_pax(body))
            else:
                extra["path" if kind == "L" else "linkpath"] = _text(body)
            fresh = False
            continue
        count += 1
        if count > limits.entries:
            raise fault("archive-too-many", limit=limits.entries)
        pax = {**general, **extra} if general else extra
        if "path" in pax:
            name = pax["path"]
        else:
            name = _text(block[:100])
            if block[345] and block[257:262] == b"ustar" and block[263:265] == b"00":
                name = f"{_text(block[345:500])}/{name}"
        link = pax.get("linkpath") or (_text(block[157:257]) if block[157] else "")
        mtime = _number(block[136:148]) * SECOND
        uid, gid, declared = _number(block[108:116]), _number(block[116:124]), None
        if pax:
            if any(key.startswith(_SPARSE) for key in pax):
                raise fault("archive-sparse", name=name)
            mtime = _seconds(pax["mtime"]) if "mtime" in pax else mtime
            uid, gid = int(pax.get("uid", uid)), int(pax.get("gid", gid))
            if DECLARED in pax:
                declared = int(pax[DECLARED])
                if not 0 <= declared <= limits.declared:
                    raise fault("archive-too-big", limit=limits.declared)
        if kind == "0" and name.endswith("/") or kind == "5":
            kind = "5"
        elif kind == "7":
            kind = "0"
        elif kind not in "012346":
            raise fault("archive-sparse" if kind == "S" else "archive-kind", name=name, type=kind)
        device = kind in "34"
        yield Member(name, kind, _number(block[100:108]) & 0o7777, uid, gid, mtime, link,
                     _number(block[329:337]) if device else 0, _number(block[337:345]) if device else 0,
                     header_at, start, end, declared)
        extra, fresh = {}, True


def padding(size: int) -> bytes:
    """Los ceros que completan el último bloque de un archivo de `size` bytes."""
    return _ZEROS[-size % BLOCK]


def header(name: str, kind: str = "0", *, mode: int = 0o644, uid: int = 0, gid: int = 0, mtime: int = 0,
           size: int = 0, link: str = "", major: int = 0, minor: int = 0,
           declared: int | None = None) -> bytes:
    """La cabecera de una entrada; con registros pax solo para lo que no cabe en *ustar*."""
    records: dict[str, str] = {}
    raw, target = (text.encode("utf-8", "surrogateescape") for text in (name, link))
    prefix = b""
    if len(raw) > 100 or not name.isascii():
        cut = raw.find(b"/", len(raw) - 101)
        if name.isascii() and 0 < cut <= 155 and cut + 1 < len(raw):
            prefix, raw = raw[:cut], raw[cut + 1:]
        else:
            records["path"] = name
    if len(target) > 100 or not link.isascii():
        records["linkpath"] = link
    seconds, nanos = divmod(mtime, SECOND)
    if nanos or not 0 <= seconds < 1 << 33:
        records["mtime"] = f"{seconds}.{nanos:09d}".rstrip("0").rstrip(".") if seconds >= 0 else str(seconds)
        seconds = min(max(seconds, 0), (1 << 33) - 1)
    for key, value, top in (("uid", uid, 0o7777777), ("gid", gid, 0o7777777), ("size", size, 0o77777777777)):
        if value > top:
            records[key] = str(value)
    if declared is not None:
        records[DECLARED] = str(declared)
    main = _block(raw[:100], kind, mode, min(uid, 0o7777777), min(gid, 0o7777777), seconds,
                  min(size, 0o77777777777), target[:100], major, minor, prefix)
    if not records:
        return main
    body = b"".join(_record(key, records[key]) for key in sorted(records))
    return (_block(b"PaxHeaders.0/" + raw[-80:].rstrip(b"/"), "x", 0o644, 0, 0, 0, len(body), b"", 0, 0, b"")
            + body + padding(len(body)) + main)


def _record(key: str, value: str) -> bytes:
    tail = b" " + key.encode() + b"=" + value.encode("utf-8", "surrogateescape") + b"\n"
    length = len(tail)
    while length != len(tail) + len(str(length)):
        length = len(tail) + len(str(length))
    return str(length).encode() + tail


def _block(name: bytes, kind: str, mode: int, uid: int, gid: int, mtime: int, size: int, link: bytes,
           major: int, minor: int, prefix: bytes) -> bytes:
    start = b"%s%07o\0%07o\0%07o\0%011o\0%011o\0" % (name.ljust(100, b"\0"), mode, uid, gid, size, mtime)
    rest = b"%c%sustar\00000%64s%07o\0%07o\0%s" % (ord(kind), link.ljust(100, b"\0"), bytes(64), major, minor,
                                                   prefix.ljust(167, b"\0"))
    return b"%s%06o\0 %s" % (start, sum(start) + sum(rest) + 256, rest)


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
