"""Los permisos que se escriben: `755`, `u+x,go-w`, `a=rX`.

Fuente: POSIX.1-2017, *Shell & Utilities*, `chmod`.
"""

from __future__ import annotations

import re

WHO = {"u": 0o4700, "g": 0o2070, "o": 0o1007, "a": 0o7777}
CLAUSE = re.compile(r"([ugoa]*)((?:[-+=](?:[ugo]|[rwxXst]*))+)")
ACTION = re.compile(r"([-+=])([ugo]|[rwxXst]*)")
BITS = {"r": 0o444, "w": 0o222, "x": 0o111, "s": 0o6000, "t": 0o1000}


def parse_mode(text: str, present: int, directory: bool, umask: int = 0) -> int:
    """El modo que resulta de aplicar `text` a `present`. `ValueError` si está mal escrito."""
    if re.fullmatch(r"[0-7]{1,4}", text):
        return int(text, 8)
    mode = present
    for clause in text.split(","):
        found = CLAUSE.fullmatch(clause)
        if not found:
            raise ValueError(text)
        reach = 0
        for letter in found[1] or "a":
            reach |= WHO[letter]
        if not found[1]:
            reach &= ~umask
        for sign, letters in ACTION.findall(found[2]):
            bits = granted(letters, mode, directory) & reach
            if sign == "+":
                mode |= bits
            elif sign == "-":
                mode &= ~bits
            else:
                mode = mode & ~(reach & (0o777 | (0 if directory else 0o6000))) | bits
    return mode


def granted(letters: str, mode: int, directory: bool) -> int:
    """Los bits que nombran unas letras, para los tres grupos a la vez."""
    if letters in ("u", "g", "o"):
        shift = {"u": 6, "g": 3, "o": 0}[letters]
        return (mode >> shift & 7) * 0o111
    bits = 0
    for letter in letters:
        if letter == "X":
            bits |= 0o111 if directory or mode & 0o111 else 0
        else:
            bits |= BITS[letter]
    return bits
