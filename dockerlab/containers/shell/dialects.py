"""En qué se distinguen los tres shells de las imágenes: ash (BusyBox), dash (Debian) y bash.

La gramática y el motor son los mismos; cambian los textos de error, los códigos
y algunos permisos. Los valores de cada uno están en `dialects.toml`.
"""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass, field
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Dialect:
    """Un shell. `texts`: sus mensajes; los campos lógicos, lo que sabe hacer."""

    name: str
    texts: dict[str, str] = field(default_factory=dict, repr=False)
    substrings: bool = True        # ${x/a/b} y ${x:1:2}
    ansi_quotes: bool = True       # $'\n'
    both_redirect: bool = True     # &>
    here_strings: bool = False     # <<<
    braces: bool = False           # {a,b} {1..3}
    conditions: bool = True        # [[ ]]
    arithmetic_commands: bool = False   # (( )) y x+=a
    letter_case: bool = False      # ${x^^} y ${x,,}
    levels: bool = True            # lleva la cuenta de shells anidados en SHLVL
    timing: bool = True            # time es una palabra reservada
    function_word: bool = True     # function f { }
    exec_last: bool = True         # la última orden de -c se ejecuta en el propio proceso
    aliases: bool = True           # también en los guiones
    echo_escapes: bool = False     # echo entiende \n sin -e
    anchors: bool = False          # ${x/#a/b} y ${x/%a/b}
    lazy_arithmetic: bool = True   # en 0 && 1/0 no se divide
    substitution_errexit: bool = False   # $(orden) hereda set -e
    c_operators: bool = True       # ++, --, ** y la coma en la aritmética
    strict_arithmetic: bool = False  # set -u vale también dentro de $(( ))
    dots: bool = True              # .* casa también con . y ..
    counts_words: bool = False     # ${#@} es el número de parámetros (y no su longitud)
    redirect_status: int = 1       # código de una redirección que falla
    error_status: int = 2          # código con el que acaba un guion por un error del shell
    unset_status: int = 2          # ídem, por set -u o ${x?}
    special_exit: bool = True      # un error en un builtin especial acaba el guion
    block_read: bool = True        # lee el guion de la entrada por bloques (se traga lo que sigue)
    not_builtins: frozenset[str] = frozenset()
    prompt: str = "$ "
    quote_trace: bool = True
    nested_trace: bool = False     # set -x repite el signo dentro de $( )
    max_functions: int = 5_000    # llamadas anidadas


@functools.cache
def dialect(name: str) -> Dialect:
    """El shell que se llama así; `ash` si no es ninguno de los tres."""
    data = tomllib.loads(files(__package__).joinpath("dialects.toml").read_text(encoding="utf-8"))
    name = name if name in data else "ash"
    row = {key: frozenset(value) if isinstance(value, list) else value for key, value in data[name].items()}
    return Dialect(name, **row | {"texts": data["ash"]["texts"] | row["texts"]})
