"""La ayuda y los mensajes de uso, con la disposición exacta de `docker`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .commands import Command, Flag, children, is_group, lookup, say_builder

WIDTH = 79           # el terminal de 80 columnas, menos una
SLOP = 5          # lo que se deja pasar del margen por no cortar una palabra suelta
NARROWEST = 24    # con menos sitio que este, el texto empieza en la línea siguiente


def _cut(text: str, width: int) -> tuple[str, str]:
    """El principio de `text` que cabe en `width`, y el resto."""
    if width + SLOP > len(text):
        return text, ""
    blank = max(text.rfind(char, 0, width) for char in " \t\n")
    if blank <= 0:
        return text, ""
    line = text.rfind("\n", 0, width)
    at = line if 0 < line < blank else blank
    return text[:at], text[at + 1:]


def wrap(text: str, indent: int, width: int) -> str:
    """`text` en líneas que no pasan de `width`, las siguientes con `indent` blancos delante."""
    lead = ""
    if width - indent < NARROWEST:
        indent, lead = 16, "\n" + " " * 16
    margin = "\n" + " " * indent
    pieces = []
    while text:
        piece, text = _cut(text, width - indent - SLOP)
        pieces.append(piece.replace("\n", margin))
    return lead + margin.join(pieces)


def flag_usages(flags: Sequence[Flag], width: int = WIDTH) -> str:
    """La lista de opciones, en columnas (biblioteca pflag)."""
    left = [f"  -{flag.shorthand}, --{flag.name}" if flag.shorthand else f"      --{flag.name}" for flag in flags]
    left = [f"{text} {flag.type}" if flag.type else text for text, flag in zip(left, flags, strict=True)]
    column = max(map(len, left)) + 3
    return "\n".join(f"{text:<{column}}{wrap(flag.text, column, width)}"
                     for text, flag in zip(left, flags, strict=True))


def _sections(command: Command) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    members = children(command)
    kinds: dict[str, list[tuple[str, str]]] = {
        "Common Commands": [(name, members[name]) for name in command.common],
        "Management Commands": [], "Swarm Commands": [], "Commands": []}
    for name, text in members.items():
        entry = lookup(f"{command.path} {name}".strip())
        if entry is None or name in command.common:
            continue
        section = entry.section or ("Management Commands" if is_group(entry) else "Commands")
        star = "*" if not command.path and entry.plugin == name else ""
        kinds[section].append((name + star, text))
    yield from ((title, rows) for title, rows in kinds.items() if rows)


def shown(command: Command, place: str) -> str:
    """Cómo se llama a sí misma la orden en sus mensajes: `docker run`, `docker buildx build`."""
    return f"docker {command.path if command.plugin else place}".strip()


def usage_line(command: Command, place: str) -> str:
    """`Usage:  docker run [OPTIONS] IMAGE [COMMAND] [ARG...]`."""
    return f"Usage:  {shown(command, place)} {command.usage}".removesuffix(" " if not command.usage else "")


def render_help(command: Command, place: str, width: int = WIDTH) -> str:
    """El texto entero de `docker … --help`, que acaba en una línea vacía."""
    name = shown(command, place)
    options = ""
    visible = [say_builder(command, flag, place) for flag in command.flags if not flag.hidden]
    if visible:
        title = "Options" if command.path else "Global Options"
        options = f"{title}:\n{flag_usages(visible, width)}"
    sections = dict(_sections(command))
    column = max([11, *(len(word) for rows in sections.values() for word, _ in rows)])
    listing = ["\n".join([f"{title}:", *(f"  {word:<{column}} {text}" for word, text in rows)])
               for title, rows in sections.items()]
    parts = [usage_line(command, place), command.long or command.short]
    if command.aliases:
        parts.append(f"Aliases:\n  {command.aliases}")
    parts += [*listing, options] if not command.path else [options, *listing]
    if listing:
        parts.append(f"Run '{name} COMMAND --help' for more information on a command.")
    return "\n\n".join(part for part in (*parts, command.footer) if part) + "\n"


def run_help(command: Command, place: str, verb: str = "Run") -> str:
    """`Run 'docker run --help' for more information`."""
    return f"{verb} '{shown(command, place)} --help' for more information"


def usage_error(command: Command, place: str, message: str, verb: str = "Run") -> str:
    """Un error de uso: el mensaje, la línea de uso y dónde leer más."""
    line = usage_line(command, place)
    if not command.path:
        line = "Usage:  docker [OPTIONS] COMMAND [ARG...]"
    elif is_group(command):
        line = f"Usage:  {shown(command, place)}"
    return f"{message}\n\n{line}\n\n{run_help(command, place, verb)}"
