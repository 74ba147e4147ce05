"""Las señales de Linux: nombres, números y lo que pasa si nadie las atiende."""

from __future__ import annotations

from dockerlab.errors import fault

NAMES = ("HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP "
         "TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS").split()
NUMBERS = {name: number for number, name in enumerate(NAMES, 1)}
HUP, INT, QUIT, KILL, SEGV, PIPE, TERM, CHLD, CONT, STOP = (
    NUMBERS[name] for name in ("HUP", "INT", "QUIT", "KILL", "SEGV", "PIPE", "TERM", "CHLD", "CONT", "STOP"))

IGNORED = frozenset(NUMBERS[name] for name in ("CHLD", "CONT", "URG", "WINCH"))
"""Sin quien las atienda, no pasa nada."""
STOPPING = frozenset(NUMBERS[name] for name in ("STOP", "TSTP", "TTIN", "TTOU"))
"""Sin quien las atienda, el proceso se detiene hasta un CONT."""
UNBLOCKABLE = frozenset((KILL, STOP))
RTMIN, RTMAX = 34, 64


def number(signal: str | int) -> int:
    """`TERM`, `SIGTERM`, `term` o `15` → 15. `ValueError` si no existe."""
    text = str(signal).upper().removeprefix("SIG")
    if text.isdecimal():
        if 0 <= int(text) <= RTMAX:
            return int(text)
    elif text in NUMBERS:
        return NUMBERS[text]
    elif text in ("IOT", "CLD", "POLL"):
        return NUMBERS[{"IOT": "ABRT", "CLD": "CHLD", "POLL": "IO"}[text]]
    elif text.startswith(("RTMIN", "RTMAX")):
        base, offset = (RTMIN, text[5:]) if text.startswith("RTMIN") else (RTMAX, text[5:])
        if not offset or (offset[0] in "+-" and offset[1:].isdecimal()):
            value = base + int(offset or 0)
            if RTMIN <= value <= RTMAX:
                return value
    raise ValueError(signal)


def name(signo: int) -> str:
    """15 → `TERM`; las de tiempo real, `RTMIN+2`; 0, `EXIT`, como lo llama el shell."""
    if signo == 0:
        return "EXIT"
    if signo <= len(NAMES):
        return NAMES[signo - 1]
    return "RTMIN" if signo == RTMIN else f"RTMIN+{signo - RTMIN}"


def parse(text: str) -> int:
    """La señal que escribe quien usa `docker kill -s`. Faltas `kill-signal`, `kill-signal-number`.

    La señal 0 no vale aquí: solo pregunta si el proceso existe.
    """
    try:
        found = number(text)
    except ValueError:
        raise fault("kill-signal-number" if text.isdecimal() else "kill-signal", signal=text) from None
    if found == 0:
        raise fault("kill-signal", signal=text)
    return found
