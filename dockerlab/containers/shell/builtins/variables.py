"""Variables y opciones: `export`, `readonly`, `local`, `set`, `unset`, `shift`, `getopts`."""

from __future__ import annotations

from typing import Any

from ..dollars import NAME
from ..state import MORE_BASH, OPTIONS, UNLETTERED, ShellError, Variable
from ..trace import single
from . import builtin


def valid(shell: Any, name: str, word: str) -> bool:
    """¿Es un nombre de variable? Si no, lo dice; en ash y dash el guion se acaba."""
    if NAME.fullmatch(name):
        return True
    shell.complain("bad-name", name=name, word=word)
    if shell.state.dialect.special_exit:
        raise ShellError(2)
    return False


def listing(shell: Any, word: str, flag: str) -> int:
    """`export -p` y `readonly -p`."""
    state = shell.state
    bash = state.dialect.name == "bash"
    for name in sorted(state.variables):
        variable = state.variables[name]
        if not getattr(variable, flag):
            continue
        value = "" if variable.value is None else "=" + (
            '"' + variable.value.replace("\\", "\\\\").replace('"', '\\"') + '"' if bash else single(variable.value))
        letters = "x" * variable.exported + "r" * variable.readonly
        shell.sys.out(f"declare -{letters} {name}{value}\n" if bash else f"{word} {name}{value}\n")
    return 0


def declare(shell: Any, argv: list[str], flag: str) -> int:
    """`export NOMBRE[=valor]...` y `readonly NOMBRE[=valor]...`."""
    words, keep, status = argv[1:], True, 0
    while words and words[0].startswith("-") and words[0] != "-":
        option = words.pop(0)
        keep = keep and "n" not in option
    if not words:
        return listing(shell, argv[0], flag)
    for word in words:
        name, equals, value = word.partition("=")
        if not valid(shell, name, word):
            status = 1
            continue
        if equals:
            shell.assign(name, value)
        shell.state.mark(name, **{flag: keep})
    return status


@builtin("export")
def export(shell: Any, argv: list[str]) -> int:
    """Las variables pasan a los programas que se ejecuten."""
    return declare(shell, argv, "exported")


@builtin("readonly")
def readonly(shell: Any, argv: list[str]) -> int:
    """Las variables ya no se pueden cambiar."""
    return declare(shell, argv, "readonly")


@builtin("local", "declare", "typeset")
def local(shell: Any, argv: list[str]) -> int:
    """Variables que vuelven a su valor al salir de la función."""
    state, words = shell.state, argv[1:]
    letters = ""
    while words and words[0].startswith("-") and len(words[0]) > 1:
        letters += words.pop(0)[1:]
    if not state.calls and argv[0] == "local":
        shell.complain("not-in-function")
        if state.dialect.special_exit:
            raise ShellError(2)
        return 1
    for word in words:
        name, equals, value = word.partition("=")
        if not valid(shell, name, word):
            return 1
        if state.calls and "g" not in letters:
            state.local(name)
            if not equals and state.dialect.name != "dash":
                old = state.variables.get(name, Variable())
                state.variables[name] = Variable(None if state.dialect.name == "bash" else old.value, old.exported)
        if equals:
            shell.assign(name, value)
        if "x" in letters:
            state.mark(name, exported=True)
        if "r" in letters:
            state.mark(name, readonly=True)
    return 0


@builtin("unset")
def unset(shell: Any, argv: list[str]) -> int:
    """`unset [-v|-f] nombre...`."""
    words, functions = argv[1:], False
    while words and words[0] in ("-v", "-f", "-vf", "--"):
        functions = words.pop(0) == "-f"
    for name in words:
        if functions:
            shell.state.functions.pop(name, None)
            continue
        if not NAME.fullmatch(name):
            if shell.state.dialect.name == "bash":
                continue
            valid(shell, name, name)
        try:
            if shell.state.dialect.name == "bash" and name not in shell.state.variables:
                shell.state.functions.pop(name, None)
            shell.state.unset(name)
        except KeyError:
            texts = shell.state.dialect.texts
            shell.complain("unset-read-only" if "unset-read-only" in texts else "read-only", name=name)
            if shell.state.dialect.special_exit:
                raise ShellError(2) from None
            return 1
    return 0


@builtin("set")
def set_options(shell: Any, argv: list[str]) -> int:
    """`set`: todas las variables; `set -eu -o pipefail`, opciones; `set -- a b`, los parámetros."""
    state, words = shell.state, argv[1:]
    if not words:
        for name in sorted(state.variables):
            value = state.variables[name].value
            if value is not None:
                shell.sys.out(f"{name}={single(value) if state.dialect.name != 'bash' else bash_value(value)}\n")
        return 0
    while words:
        word = words[0]
        if word == "--" or word == "-":
            state.positional = words[1:] if word == "--" or words[1:] else state.positional
            return 0
        if word[:1] not in "-+" or len(word) < 2:
            break
        words.pop(0)
        for letter in word[1:]:
            if letter == "o":
                if not words:
                    return show_options(shell)
                name = words.pop(0)
            else:
                bash_only = "hashall" if letter in "hBHPTkptE" and state.dialect.name == "bash" else ""
                name = OPTIONS.get(letter, bash_only)
            if not known(state.dialect.name, name):
                return refuse(shell, word[0], letter, name)
            (state.options.add if word[0] == "-" else state.options.discard)(name)
    if words:
        state.positional = words
    return 0


def known(dialect: str, name: str) -> bool:
    """¿Tiene ese shell la opción `name`?"""
    if name == "pipefail":
        return dialect != "dash"
    return name in OPTIONS.values() or name in UNLETTERED or (dialect == "bash" and name in MORE_BASH)


def bash_value(value: str) -> str:
    """Un valor como lo escribe `set` en bash: sin comillas si no las necesita."""
    import re
    return value if re.fullmatch(r"[\w@%+=:,./-]*", value) else single(value)


def refuse(shell: Any, sign: str, letter: str, name: str) -> int:
    """Una opción que no existe."""
    if letter == "o":
        shell.complain("option-name", option=name)
    else:
        shell.complain("option", option=sign + letter)
    if shell.state.dialect.name == "bash":
        return 2
    raise ShellError(1 if letter == "o" and shell.state.dialect.name == "ash" else 2)


def show_options(shell: Any) -> int:
    """`set -o`."""
    names = [*OPTIONS.values(), *UNLETTERED]
    if shell.state.dialect.name == "dash":
        shell.sys.out("Current option settings\n")
        names.remove("pipefail")
    for name in names:
        shell.sys.out(f"{name:<16}{'on' if name in shell.state.options else 'off'}\n")
    return 0


@builtin("shift")
def shift(shell: Any, argv: list[str]) -> int:
    """`shift [n]`: quita los `n` primeros parámetros."""
    from .flow import count
    amount = count(shell, argv[1]) if len(argv) > 1 else 1
    if amount < 0 or amount > len(shell.state.positional):
        if "shift" in shell.state.dialect.texts:
            shell.fatal("shift")
        return 1
    del shell.state.positional[:amount]
    return 0


@builtin("getopts")
def getopts(shell: Any, argv: list[str]) -> int:
    """`getopts opciones nombre [argumentos]`: la siguiente opción, hasta que no queden."""
    if len(argv) < 3:
        shell.complain("getopts") if shell.state.dialect.name != "bash" else shell.sys.err(
            f"getopts: {shell.state.dialect.texts['getopts']}\n")
        return 2
    state, spec, name = shell.state, argv[1], argv[2]
    words = argv[3:] if len(argv) > 3 else state.positional
    index, offset = int(state.get("OPTIND") or 1), state.opt_offset
    silent = spec.startswith(":")
    if not offset:
        word = words[index - 1] if 0 < index <= len(words) else ""
        if not word.startswith("-") or word == "-":
            return finish(shell, name, index)
        if word == "--":
            return finish(shell, name, index + 1)
        offset = 1
    word = words[index - 1]
    letter, offset = word[offset], offset + 1
    at = spec.find(letter) if letter != ":" else -1
    done = offset >= len(word)
    argument: str | None = None
    found = letter
    if at < 0:
        found, argument = "?", letter if silent else None
        if not silent:
            shell.sys.err(f"{state.zero}: illegal option -- {letter}\n" if state.dialect.name == "bash"
                          else f"Illegal option -{letter}\n")
    elif spec[at + 1:at + 2] == ":":
        if not done:
            argument, done = word[offset:], True
        elif index < len(words):
            argument, index = words[index], index + 1
        else:
            found, argument = (":", letter) if silent else ("?", None)
            if not silent:
                shell.sys.err(f"{state.zero}: option requires an argument -- {letter}\n" if state.dialect.name == "bash"
                              else f"No arg for -{letter} option\n")
    shell.assign(name, found)
    shell.assign("OPTIND", str(index + 1 if done else index))
    state.opt_offset = 0 if done else offset
    if argument is None:
        state.variables.pop("OPTARG", None)
    else:
        shell.assign("OPTARG", argument)
    return 0


def finish(shell: Any, name: str, index: int) -> int:
    """No quedan opciones."""
    shell.assign("OPTIND", str(index))
    shell.assign(name, "?")
    shell.state.variables.pop("OPTARG", None)
    return 1
