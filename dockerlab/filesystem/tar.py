"""Leer y escribir archivos tar, byte a byte.

Formato: POSIX.1-2001 (*pax*) sobre *ustar*, y las extensiones GNU de nombres
largos al leer. `tarfile` no sirve aquí por dos razones: una capa leída tiene
que poder volver a escribirse con los mismos bytes (su digest es su nombre), y
un archivo hostil se rechaza entero antes de tocar nada.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dockerlab.clock import SECOND
from dockerlab.errors import fault

from .compression import Buffer, Limits

BLOCK = 512
DECLARED = "DOCKERLAB.size"  # registro pax con el tamaño que dice tener un archivo en miniatura
END = bytes(2 * BLOCK)
_ZEROS = tuple(bytes(n) for n in range(BLOCK))
_SPARSE = "GNU.sparse"
_EXTENSIONS = "xgLK"
_MAX_ID, _MAX_SIZE = 0o7777777, 0o77777777777     # lo más que cabe en los campos de la cabecera


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


@dataclass(slots=True)
class _Entry:
    """Una entrada sin interpretar: su cabecera ustar, sus registros pax y dónde están ella y sus datos."""

    block: bytes
    kind: str
    pax: dict[str, str]
    header: int
    start: int
    end: int

    @property
    def name(self) -> str:
        """La ruta: la del registro pax o, si no lo hay, la de *ustar*, que puede venir en dos trozos."""
        if "path" in self.pax:
            return self.pax["path"]
        name, block = _text(self.block[:100]), self.block
        posix = block[257:262] == b"ustar" and block[263:265] == b"00"
        return f"{_text(block[345:500])}/{name}" if posix and block[345] else name


def _entries(data: Buffer) -> Iterator[_Entry]:
    """Las entradas en orden, cada una con lo que dijeron de ella las cabeceras de extensión que la preceden.

    Extensiones: `x` y `g`, registros pax (de la siguiente y de todas); `L` y `K`, nombre
    y enlace largos de GNU.
    """
    at, header_at = 0, 0
    own: dict[str, str] = {}
    general: dict[str, str] = {}
    first = True     # ¿empieza aquí una entrada, o sigue a sus extensiones?
    while at < len(data):
        block = bytes(data[at:at + BLOCK])
        if len(block) < BLOCK:
            raise fault("archive-truncated", name="")
        if block[0] == 0 and not block.strip(b"\0"):
            return
        _check_sum(block, at)
        header_at = at if first else header_at
        kind = chr(block[156]) if block[156] else "0"
        start = at + BLOCK
        end = start + _data_size(block, kind, own)
        if not start <= end <= len(data):
            raise fault("archive-truncated", name=_text(block[:100]))
        at = end + -(end - start) % BLOCK
        first = kind not in _EXTENSIONS
        if first:
            yield _Entry(block, kind, {**general, **own} if general else own, header_at, start, end)
            own = {}
            continue
        body = bytes(data[start:end])
        if kind in "xg":
            (own if kind == "x" else general).update(_pax(body))
        else:
            own["path" if kind == "L" else "linkpath"] = _text(body)


def _check_sum(block: bytes, at: int) -> None:
    """La suma de los bytes de la cabecera, contando su propio campo como espacios."""
    if _number(block[148:156]) != sum(block) - sum(block[148:156]) + 8 * ord(" "):
        raise fault("archive-malformed", reason=f"la suma de control de la cabecera en {at} no cuadra")


def _data_size(block: bytes, kind: str, pax: dict[str, str]) -> int:
    """Bytes de datos que siguen a la cabecera. Los enlaces, carpetas y dispositivos no llevan."""
    size = _number(block[124:136])
    if kind in "123456":
        return 0
    return int(pax["size"]) if "size" in pax and kind not in _EXTENSIONS else size


def _members(data: Buffer, limits: Limits) -> Iterator[Member]:
    for count, entry in enumerate(_entries(data), 1):
        if count > limits.entries:
            raise fault("archive-too-many", limit=limits.entries)
        yield _member(entry, limits)


def _member(entry: _Entry, limits: Limits) -> Member:
    block, pax, name = entry.block, entry.pax, entry.name
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
    kind = entry.kind
    if kind == "0" and name.endswith("/"):    # así escribían las carpetas los tar de antes de POSIX
        kind = "5"
    elif kind == "7":                         # un archivo «contiguo»: hoy, uno cualquiera
        kind = "0"
    elif kind not in "0123456":
        raise fault("archive-sparse" if kind == "S" else "archive-kind", name=name, type=kind)
    major, minor = (_number(block[329:337]), _number(block[337:345])) if kind in "34" else (0, 0)
    return Member(name, kind, _number(block[100:108]) & 0o7777, uid, gid, mtime, link, major, minor,
                  entry.header, entry.start, entry.end, declared)


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
    for key, value, top in (("uid", uid, _MAX_ID), ("gid", gid, _MAX_ID), ("size", size, _MAX_SIZE)):
        if value > top:
            records[key] = str(value)
    if declared is not None:
        records[DECLARED] = str(declared)
    main = _block(raw[:100], kind, prefix, mode=mode, uid=min(uid, _MAX_ID), gid=min(gid, _MAX_ID), mtime=seconds,
                  size=min(size, _MAX_SIZE), link=target[:100], major=major, minor=minor)
    if not records:
        return main
    body = b"".join(_record(key, records[key]) for key in sorted(records))
    extension = _block(b"PaxHeaders.0/" + raw[-80:].rstrip(b"/"), "x", size=len(body))
    return extension + body + padding(len(body)) + main


def _record(key: str, value: str) -> bytes:
    """Un registro pax; la longitud con la que empieza se cuenta también a sí misma."""
    tail = b" " + key.encode() + b"=" + value.encode("utf-8", "surrogateescape") + b"\n"
    length = len(tail)
    while length != len(tail) + len(str(length)):
        length = len(tail) + len(str(length))
    return str(length).encode() + tail


def _block(name: bytes, kind: str, prefix: bytes = b"", *, mode: int = 0o644, uid: int = 0, gid: int = 0,
           mtime: int = 0, size: int = 0, link: bytes = b"", major: int = 0, minor: int = 0) -> bytes:
    """Una cabecera *ustar*: 512 bytes con su suma de control."""
    start = b"%s%07o\0%07o\0%07o\0%011o\0%011o\0" % (name.ljust(100, b"\0"), mode, uid, gid, size, mtime)
    rest = b"%c%sustar\00000%64s%07o\0%07o\0%s" % (ord(kind), link.ljust(100, b"\0"), bytes(64), major, minor,
                                                   prefix.ljust(167, b"\0"))
    return b"%s%06o\0 %s" % (start, sum(start) + sum(rest) + 256, rest)
