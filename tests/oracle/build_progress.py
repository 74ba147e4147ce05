"""El progreso de una construcción (`--progress=plain`), puesto en un orden que no depende de los tiempos."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

NUMBERED = re.compile(r"^#(\d+) ?(.*)$")
TITLE = re.compile(r"^\[(?:(\S+) )?(?:(\S+) )?(\d+)/(\d+)\] (.*)$", re.S)
INTERNAL = re.compile(r"(transferring|reading|resolve|extracting|exporting|writing|sha256:|preparing|unpacking|sending|"
                      r"copying|creating|loading|importing)\b")


@dataclass(slots=True)
class Task:
    """Lo que BuildKit cuenta de un número: su título, cómo acabó y lo que escribió."""

    title: str
    state: str = ""
    output: list[str] = field(default_factory=list)

    def hear(self, text: str) -> None:
        """Una línea más."""
        if text in (self.title, "...") or text.startswith("naming to ") or INTERNAL.match(text):
            return
        if re.match(r"DONE \d", text):
            self.state = self.state or "DONE"
        elif text in ("CACHED", "CANCELED") or text.startswith("ERROR"):
            self.state = text
        else:
            self.output.append(re.sub(r"^\d+\.\d+ ?", "", text))


def settled(text: str) -> str:
    """Cada paso es una línea «=> [etapa n/m] INSTRUCCIÓN», con CACHED o ERROR si lo dice, y detrás, sangrado, lo suyo.

    Los pasos van por etapa y número. Se quitan las tareas internas, los FROM, lo
    cancelado, los tiempos y los tamaños. Los `naming to` y lo que no es progreso
    (avisos, errores, trozos del Dockerfile) se quedan como están, al final.
    """
    tasks: dict[int, Task] = {}
    names: set[str] = set()
    others: list[str] = []
    for line in text.split("\n"):
        found = NUMBERED.match(line)
        if not found:
            others.append(line)
            continue
        number, said = int(found[1]), found[2]
        if number not in tasks:
            tasks[number] = Task(said)
            continue
        tasks[number].hear(said)
        if said.startswith("naming to "):
            names.add(re.sub(r"(?: \d+\.\d+s)? done$", "", said))
    if not tasks:
        return text
    return "\n".join([*_steps(list(tasks.values())), *sorted(names), *_rest(others)])


def _steps(tasks: list[Task]) -> list[str]:
    numbered = [((found[1] or "", found[2] or "", int(found[3])), found[5], task) for task in tasks
                if (found := TITLE.match(task.title))]
    single = {place[0] for place, _, _ in numbered} <= {"stage-0"}
    lines: list[str] = []
    for _, instruction, task in sorted(numbered, key=lambda row: row[0]):
        if instruction.startswith("FROM ") or task.state == "CANCELED":
            continue
        state = "" if task.state in ("DONE", "") else task.state.split(" ")[0].rstrip(":") + " "
        title = task.title.replace("[stage-0 ", "[", 1) if single else task.title
        lines += [f"=> {state}{title}", *(f"   {line}" for line in task.output)]
    return lines


def _rest(lines: list[str]) -> list[str]:
    """Lo que no es progreso: sin la repetición de lo que escribió el paso que falla, y los avisos, ordenados."""
    rest: list[str] = []
    quoted = False
    for line in lines:
        if line == "------" and quoted:
            quoted = False
        elif quoted and rest[-1].startswith(" > "):
            continue
        elif line.startswith(" > [") and rest and rest[-1] == "------":
            quoted = True
        if line.strip() or (rest and rest[-1].strip()):
            rest.append(line)
    while rest and not rest[0].strip():
        rest.pop(0)
    findings = [place for place, line in enumerate(rest) if line.startswith(" - ")]
    for place, line in zip(findings, sorted(rest[place] for place in findings), strict=True):
        rest[place] = line
    return rest
