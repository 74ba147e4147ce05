"""Cómo se escriben las órdenes y los mensajes: `set -x`, `jobs`, y lo que va delante de cada error."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .tree import (
    AndOr,
    Arithmetic,
    Case,
    Condition,
    For,
    Function,
    Group,
    If,
    Loop,
    Parameter,
    Pipeline,
    Sequence,
    Simple,
    Subshell,
    Substitution,
    Text,
    Timed,
    Word,
)

if TYPE_CHECKING:
    from .interpreter import Interpreter

SAFE = re.compile(r"[A-Za-z0-9_@%+:,./-]+")
SAFE_BASH = re.compile(r"[A-Za-z0-9_@%+=:,./-]+")


def prefix(shell: Interpreter) -> str:
    """Lo que va delante de un error: `sh: cd: line 3: `, `dash: 3: cd: ` o `bash: line 3: cd: `."""
    state, name = shell.state, shell.command_name
    zero, dialect = state.zero, state.dialect.name
    if dialect == "ash":
        script = f"{state.script}: " if state.script and state.script != zero else ""
        builtin = f"{name}: " if name else ""
        numbered = (state.script or name) and not state.interactive
        line = state.line if state.script or "stdin" in state.options else state.line - 1
        return f"{zero}: {'' if name else script}{builtin}" + (f"line {line}: " if numbered else "")
    if dialect == "dash":
        script = f"{state.script}: " if state.script and state.script != zero else ""
        return f"{zero}: {state.line}: {script if not name else ''}{f'{name}: ' if name else ''}"
    where = "" if state.interactive else f"line {state.line}: "
    return f"{state.script or zero}: {where}{f'{name}: ' if name and name not in ('.', 'source', 'eval') else ''}"


def quote(text: str, dialect: Any, empty: str = "") -> str:
    """El texto entre comillas si hace falta, como lo escribe `set -x`."""
    if not dialect.quote_trace:
        return text
    if not text:
        return "''" if dialect.name == "bash" else empty
    if (SAFE_BASH if dialect.name == "bash" else SAFE).fullmatch(text):
        return text
    return single(text)


def single(text: str) -> str:
    """Entre comillas simples, como las escriben `set`, `export -p` y `alias`."""
    pieces = [f"'{piece}'" if piece else "" for piece in text.split("'")]
    if "'" not in text:
        return f"'{text}'"
    return "\"'\"".join(pieces)


def line(shell: Interpreter, text: str) -> None:
    """Una línea de `set -x`."""
    sign = shell.state.get("PS4") or ""
    shell.sys.err(sign[:1] * (shell.state.trace - 1) + sign + text + "\n")


def command(shell: Interpreter, assignments: list[tuple[str, str]], argv: list[str]) -> None:
    """La orden ya expandida, como la cuenta `set -x`."""
    dialect = shell.state.dialect
    pairs = [f"{name}={quote(value, dialect)}" for name, value in assignments]
    words = [quote(word, dialect) for word in argv]
    if dialect.name == "bash":
        for pair in pairs:
            line(shell, pair)
        if words:
            line(shell, " ".join(words))
    else:
        line(shell, " ".join([*pairs, *words]))


def words(argv: list[str]) -> str:
    """Una línea de órdenes, con comillas donde hagan falta."""
    return " ".join(word if SAFE_BASH.fullmatch(word) else single(word) for word in argv)


def times(shell: Interpreter, real: float, cpu: float) -> None:
    """Lo que escribe `time`."""
    bash = shell.state.dialect.name == "bash"
    for index, (name, seconds) in enumerate((("real", real), ("user", cpu), ("sys", 0.0))):
        minutes, rest = divmod(seconds, 60)
        shell.sys.err(("\n" if bash and not index else "") + f"{name}\t{int(minutes)}m"
                      + (f"{rest:.3f}s\n" if bash else f" {rest:.2f}s\n"))


def source(node: Any) -> str:
    """Una orden escrita de nuevo, para `jobs` y `type`."""
    writer = WRITERS.get(type(node))
    return writer(node) + _redirects(node) if writer else ""


def _redirects(node: Any) -> str:
    found = getattr(node, "redirects", ())
    return "".join(f" {one.fd if one.fd != (0 if one.op[0] == '<' else 1) else ''}{one.op}"
                   + ("" if one.op == "<<" else source(one.target)) for one in found)


def _word(word: Word) -> str:
    out = []
    for part in word.parts:
        if isinstance(part, Text):
            out.append(single(part.text) if part.quoted and not SAFE.fullmatch(part.text) else part.text)
        elif isinstance(part, Parameter):
            body = part.name if not part.op else f"#{part.name}" if part.op == "length" else (
                part.name + ":" * part.colon + part.op + source(part.argument)
                + (("/" if part.op[0] == "/" else ":") + source(part.second) if part.second else ""))
            text = f"${{{body}}}" if part.op or len(part.name) > 1 and not part.name.isidentifier() else f"${body}"
            out.append(f'"{text}"' if part.quoted else text)
        elif isinstance(part, Substitution):
            out.append(f"$({source(part.body)})")
        elif isinstance(part, Arithmetic):
            out.append(f"$(({source(part.expression)}))")
    return "".join(out)


def _clauses(node: If) -> str:
    words = ["if", "elif"]
    text = " ".join(f"{words[index > 0]} {source(condition)}; then {source(body)};"
                    for index, (condition, body) in enumerate(node.clauses))
    return f"{text}{f' else {source(node.otherwise)};' if node.otherwise else ''} fi"


WRITERS = {
    Word: _word,
    Simple: lambda node: " ".join([*(f"{name}={source(word)}" for name, word in node.assignments),
                                   *map(source, node.words)]),
    Pipeline: lambda node: ("! " if node.negated else "") + " | ".join(map(source, node.commands)),
    AndOr: lambda node: source(node.first) + "".join(f" {operator} {source(item)}" for operator, item in node.rest),
    Sequence: lambda node: "; ".join(source(item) + " &" * back for item, back in node.items).replace("&;", "&"),
    Subshell: lambda node: f"({source(node.body)})",
    Group: lambda node: f"{{ {source(node.body)}; }}",
    If: _clauses,
    Loop: lambda node: f"{'until' if node.until else 'while'} {source(node.condition)}; do {source(node.body)}; done",
    For: lambda node: f"for {node.name}{'' if node.words is None else ' in ' + ' '.join(map(source, node.words))}; "
                      f"do {source(node.body)}; done",
    Case: lambda node: f"case {source(node.subject)} in " + " ".join(
        f"{' | '.join(map(source, choices))}) {source(body)} {end}" for choices, body, end in node.clauses) + " esac",
    Function: lambda node: f"{node.name}() {source(node.body)}",
    Timed: lambda node: f"time {source(node.body)}",
    Condition: lambda node: f"[[ {' '.join(map(source, node.words))} ]]",
}
