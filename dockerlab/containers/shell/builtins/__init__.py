"""Los builtins: órdenes que el shell hace él mismo, sin buscar ningún programa.

Cada uno es `def orden(shell, argv)`: función o, si tiene que esperar, generador;
su resultado es el código de salida. Los *especiales* de POSIX conservan las
asignaciones que llevan delante y sus errores acaban el guion.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

BUILTINS: dict[str, Callable[..., Any]] = {}
SPECIAL = frozenset((":", ".", "break", "continue", "eval", "exec", "exit", "export", "readonly", "return", "set",
                     "shift", "source", "times", "trap", "unset"))


def builtin(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Anota una función como builtin, con uno o varios nombres."""
    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        BUILTINS.update(dict.fromkeys(names, function))
        return function
    return register


from . import borrowed, flow, jobs, naming, reading, variables  # noqa: E402,F401
