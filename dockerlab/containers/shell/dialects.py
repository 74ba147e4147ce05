"""En qué se distinguen los tres shells de las imágenes: ash (BusyBox), dash (Debian) y bash.

La gramática y el motor son los mismos; cambian los textos de error, los códigos
y algunos permisos. Todo está en esta tabla.
"""

from __future__ import annotations

from dataclasses import dataclass, field


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


ASH = Dialect("ash", {
    "not-found": "{name}: not found", "no-file": "{name}: not found", "denied": "{name}: Permission denied",
    "directory": "{name}: Permission denied", "cd": "can't cd to {path}: {reason}",
    "open": "can't open {path}: no such file", "open-other": "can't open {path}: {reason}",
    "create": "can't create {path}: nonexistent directory", "create-other": "can't create {path}: {reason}",
    "source": "can't open {path}: no such file", "script": "can't open {path}: no such file",
    "unset": "{name}: parameter not set", "null": "{name}: parameter not set or null",
    "read-only": "{name}: is read only", "divide": "divide by zero", "arithmetic": "arithmetic syntax error",
    "bad-fd": "{fd}: Bad file descriptor", "bad-name": "{name}: bad variable name",
    "number": "Illegal number: {text}", "option": "illegal option {option}", "option-name": "illegal option -o {option}",
    "bad-mode": "illegal mode: {text}", "bad-signal": "{name}: invalid signal specification",
    "not-in-function": "not in a function", "exists": "can't create {path}: File exists",
    "bad-substitution": "syntax error: bad substitution", "getopts": "usage: getopts optstring var [arg]",
    "unexpected": "syntax error: unexpected {found}{expecting}", "unterminated": "syntax error: unterminated quoted string",
    "missing-brace": "syntax error: missing '}}'", "eof-backquote": "syntax error: EOF in backquote substitution",
    "missing-arithmetic": "syntax error: missing '))'", "loop-variable": "syntax error: bad for loop variable",
    "bad-function": "syntax error: bad function name", "too-deep": "syntax error: too deep",
    "c-argument": "-c requires an argument", "bad-option": "illegal option {option}",
    "job": "{name}: no such job", "no-job": "No current job", "write": "{reason}", "no-expression": "expression expected",
    "not-pid": "Illegal number: {text}",
}, lazy_arithmetic=False, prompt="\\w \\$ ", not_builtins=frozenset({"declare", "typeset", "shopt"}))

DASH = Dialect("dash", ASH.texts | {
    "cd": "can't cd to {path}", "open": "cannot open {path}: No such file", "open-other": "cannot open {path}: {reason}",
    "create": "cannot create {path}: Directory nonexistent", "create-other": "cannot create {path}: {reason}",
    "source": "cannot open {path}: No such file", "script": "cannot open {path}: No such file",
    "divide": 'arithmetic expression: division by zero: "{expression}"',
    "arithmetic": 'arithmetic expression: expecting primary: "{expression}"',
    "option": "Illegal option {option}", "option-name": "Illegal option -o {option}", "bad-mode": "Illegal number: {text}",
    "bad-signal": "{name}: bad trap", "exists": "cannot create {path}: File exists", "bad-substitution": "Bad substitution",
    "getopts": "Usage: getopts optstring var [arg...]", "unexpected": "Syntax error: {found} unexpected{expecting}",
    "unterminated": "Syntax error: Unterminated quoted string", "missing-brace": "Syntax error: Missing '}}'",
    "eof-backquote": "Syntax error: EOF in backquote substitution", "missing-arithmetic": "Syntax error: Missing '))'",
    "loop-variable": "Syntax error: Bad for loop variable", "bad-function": "Syntax error: Bad function name",
    "too-deep": "Syntax error: Too deep", "bad-option": "Illegal option {option}", "shift": "can't shift that many",
    "recursion": "Maximum function recursion depth (1000) reached", "job": "No such job: {name}",
    "read": "arg count", "write": "{name}: I/O error",
}, substrings=False, ansi_quotes=False, both_redirect=False, function_word=False, exec_last=False, echo_escapes=True,
    redirect_status=2, conditions=False, levels=False, timing=False, c_operators=False, substitution_errexit=True, not_builtins=frozenset({"source", "let", "[[", "declare", "typeset", "shopt", "history", "help"}),
    prompt="\\$ ", quote_trace=False, max_functions=1000)

BASH = Dialect("bash", ASH.texts | {
    "not-found": "{name}: command not found", "no-file": "{name}: No such file or directory",
    "directory": "{name}: Is a directory", "cd": "{path}: {reason}", "open": "{path}: No such file or directory",
    "open-other": "{path}: {reason}", "create": "{path}: No such file or directory", "create-other": "{path}: {reason}",
    "source": "{path}: {reason}", "script": "{path}: {reason}", "unset": "{name}: unbound variable",
    "null": "{name}: parameter null or not set", "read-only": "{name}: readonly variable",
    "divide": '{expression}: division by 0 (error token is "{token}")',
    "arithmetic": '{expression}: syntax error: operand expected (error token is "{token}")',
    "bad-name": "`{word}': not a valid identifier", "number": "{text}: numeric argument required",
    "option": "{option}: invalid option", "option-name": "{option}: invalid option name",
    "bad-mode": "{text}: octal number out of range", "not-in-function": "can only be used in a function",
    "exists": "{path}: cannot overwrite existing file", "bad-substitution": "{found}: bad substitution",
    "getopts": "usage: getopts optstring name [arg ...]",
    "unexpected": "syntax error near unexpected token `{token}'", "eof": "syntax error: unexpected end of file",
    "unterminated": "unexpected EOF while looking for matching `\"'",
    "missing-brace": "unexpected EOF while looking for matching `}}'",
    "eof-backquote": "unexpected EOF while looking for matching ``'",
    "missing-arithmetic": "unexpected EOF while looking for matching `)'",
    "loop-variable": "syntax error near unexpected token `newline'", "too-deep": "syntax error: too deep",
    "bad-function": "syntax error near unexpected token `('", "c-argument": "-c: option requires an argument",
    "bad-option": "{option}: invalid option", "job": "{name}: no such job",
    "not-in-loop": "only meaningful in a `for', `while', or `until' loop",
    "not-in-script": "can only `return' from a function or sourced script",
    "not-child": "pid {pid} is not a child of this shell", "write": "write error: {reason}",
    "no-job": "no job control", "not-pid": "`{text}': not a pid or valid job spec",
    "unset-read-only": "{name}: cannot unset: readonly variable", "cd-many": "too many arguments",
}, arithmetic_commands=True, letter_case=True, strict_arithmetic=True, dots=False, here_strings=True, anchors=True, counts_words=True, braces=True, aliases=False, error_status=1, unset_status=127,
    special_exit=False, block_read=False, prompt="\\u@\\h:\\w\\$ ", nested_trace=True)

DIALECTS = {"sh": ASH, "ash": ASH, "busybox": ASH, "dash": DASH, "bash": BASH}
