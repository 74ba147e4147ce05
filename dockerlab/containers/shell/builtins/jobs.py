"""Procesos: `wait`, `jobs`, `kill`, `trap`, `fg`, `bg`."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from dockerlab.errors import FileError

from ... import signals
from ...requests import Wait, WaitAny
from ..trace import single
from . import builtin
from .borrowed import borrow

Steps = Generator[Any, Any, Any]


def collect(shell: Any) -> Steps:
    """Recoge a los hijos que ya acabaron, sin esperar a nadie."""
    while (ended := (yield from shell.block(WaitAny(block=False)))) is not None:
        shell.statuses[ended[0]] = ended[1]


def by_name(shell: Any, text: str) -> int | None:
    """El pid de `%1`, `%%`, `%+` o `%-`; `None` si no hay tal trabajo."""
    key = text[1:]
    if key in ("", "%", "+"):
        return shell.jobs[-1]["pid"] if shell.jobs else None
    if key == "-":
        return shell.jobs[-2]["pid"] if len(shell.jobs) > 1 else None
    return next((job["pid"] for job in shell.jobs if str(job["number"]) == key or job["text"].startswith(key)), None)


@builtin("wait")
def wait(shell: Any, argv: list[str]) -> Steps:
    """`wait [pid|%trabajo]...`: espera a los hijos; una señal con trampa lo interrumpe (128+n)."""
    if len(argv) == 1:
        while (yield from shell.block(WaitAny(block=False))) or shell.sys.processes():
            ended = yield from shell.block(WaitAny(), interruptible=True)
            if shell.received:
                return 128 + shell.received[0]
            if ended is None:
                break
        shell.jobs.clear()
        return 0
    status = 0
    for word in argv[1:]:
        pid = by_name(shell, word) if word.startswith("%") else int(word) if word.isdigit() else None
        if pid is None:
            shell.complain("job" if word.startswith("%") else "not-pid", name=word, text=word)
            bash = shell.state.dialect.name == "bash"
            status = 2 if not bash else 127 if word.startswith("%") else 1
            continue
        if pid in shell.statuses:
            status = shell.statuses[pid]
            continue
        known = next((job["text"] for job in shell.jobs if job["pid"] == pid), None)
        status = yield from shell.block(Wait(pid), interruptible=True)
        if status is None:
            return 128 + shell.received[0]
        if known is not None:
            shell.report(pid, status, known)
        elif status == 127 and "not-child" in shell.state.dialect.texts:
            shell.complain("not-child", pid=pid)
        shell.statuses[pid] = status
        shell.jobs[:] = [job for job in shell.jobs if job["pid"] != pid]
    return status


@builtin("jobs")
def jobs(shell: Any, argv: list[str]) -> Steps:
    """Los trabajos en segundo plano."""
    yield from collect(shell)
    left = []
    for index, job in enumerate(shell.jobs):
        status = shell.statuses.get(job["pid"])
        mark = "+" if index == len(shell.jobs) - 1 else "-" if index == len(shell.jobs) - 2 else " "
        state = "Running" if status is None else "Done" if status == 0 else f"Done({status})" \
            if shell.state.dialect.name != "bash" else f"Exit {status}"
        if "-p" in argv[1:]:
            shell.sys.out(f"{job['pid']}\n")
        else:
            text = job["text"] if shell.state.interactive else ""
            more = " &" if status is None else ""
            shell.sys.out({"bash": f"[{job['number']}]{mark}  {state:<23} {job['text']}{more}\n",
                           "dash": f"[{job['number']}] {mark} {state:<27}{text}\n",
                           "ash": f"[{job['number']}]{mark}  {state:<27}{text}\n"}[shell.state.dialect.name])
        if status is None:
            left.append(job)
    shell.jobs[:] = left
    return 0


@builtin("fg", "bg")
def foreground(shell: Any, argv: list[str]) -> Steps:
    """`fg [%trabajo]`: espera a un trabajo como si se hubiera iniciado sin `&`."""
    pid = by_name(shell, argv[1] if len(argv) > 1 else "%%")
    if pid is None:
        bash = shell.state.dialect.name == "bash"
        shell.complain("no-job" if len(argv) < 2 or bash else "job", name=argv[-1])
        return 1 if bash else 2
    shell.sys.kill(-pid, signals.CONT)
    if argv[0] == "bg":
        return 0
    status = yield shell.wait(pid)
    shell.jobs[:] = [job for job in shell.jobs if job["pid"] != pid]
    return status


@builtin("kill")
def kill(shell: Any, argv: list[str]) -> Any:
    """`kill [-s señal] pid|%trabajo...`: cambia los trabajos por sus números y llama al programa `kill`."""
    words = []
    for word in argv:
        pid = by_name(shell, word) if word.startswith("%") else None
        if word.startswith("%") and pid is None:
            shell.complain("job", name=word)
            return 2
        words.append(word if pid is None else str(pid))
    return borrow(shell, words)


@builtin("trap")
def trap(shell: Any, argv: list[str]) -> int:
    """`trap acción señal...`: qué hacer cuando llegue; `''` la ignora, `-` vuelve a lo de siempre."""
    state, words, status = shell.state, argv[1:], 0
    if words[:1] == ["--"]:
        words.pop(0)
    if not words or words == ["-p"]:
        for name in sorted(state.traps, key=lambda key: 0 if key == "EXIT" else signals.number(key)):
            shown = f"SIG{name}" if state.dialect.name == "bash" and name != "EXIT" else name
            shell.sys.out(f"trap -- {single(state.traps[name]) if state.traps[name] else chr(39) * 2} {shown}\n")
        return 0
    if words[0] == "-l":
        shell.sys.out(" ".join(signals.NAMES) + "\n")
        return 0
    action: str | None = words[0]
    if len(words) == 1 or action.isdigit():
        action, names = None, words
    else:
        names = words[1:]
    action = None if action == "-" else action
    for text in names:
        try:
            name = "EXIT" if text.upper() in ("EXIT", "0") else signals.name(signals.number(text))
        except ValueError:
            if state.dialect.name == "dash":
                shell.sys.err(f"trap: {text}: bad trap\n")
            else:
                shell.complain("bad-signal", name=text)
            status = 1
            continue
        arrange(shell, name, action)
    return status


def arrange(shell: Any, name: str, action: str | None) -> None:
    """Pone o quita una trampa, y se lo dice al núcleo."""
    if action is None:
        shell.state.traps.pop(name, None)
    else:
        shell.state.traps[name] = action
    if name == "EXIT":
        return
    if action:
        shell.sys.catch(name)
    elif action == "":
        shell.sys.ignore(name)
    elif shell.state.interactive and name == "INT":
        shell.sys.catch(name)
    else:
        shell.sys.default(name)


def exists(shell: Any, pid: int) -> bool:
    """¿Hay un proceso con ese número?"""
    try:
        shell.sys.kill(pid, 0)
        return True
    except FileError:
        return False
