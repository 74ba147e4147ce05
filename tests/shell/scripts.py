"""Guiones al azar: casi toda la gramática, sin efectos fuera de su carpeta y siempre acaban."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

NAMES = ("a", "b", "c")
LITERALS = ("x", "uno", "a b", "*", "f?", "1", "07", "-n", "", "ñ", "$", "x=y", "a:b", " p ", "\\")
PATTERNS = ("*", "?", "u*", "*o", "[a-x]", "a*b", "'*'", "[!a]*", "x", "$a", '"$b"')
PLAIN = ("plano", "f*", "no\\ partir", '"dos palabras"')
COMMANDS = (
    "true", "false", ":", "cat < f1", "shift", "cat f1 f2", "(exit 3)", "fun 1 2", "unset a", "IFS=:", "unset IFS",
    "set -f", "set +f", "set -e", "set +e", "return 4", "exit 5", "noexiste", "wait", "read a b < f1", "sleep 0.01",
    "fun & wait", "wait $!", "set -u", "set +u", "echo $! > /dev/null", "local q=1", "getopts ab: c -a -b v",
    "cat <<'E'\n$a\nE\n")
OPERATORS = ("+", "-", "*", "<", ">", "==", "!=", "&&", "||", "&", "|", "^", "/", "%")


def quoted(text: str) -> str:
    """Entre comillas simples."""
    return "'" + text.replace("'", "'\\''") + "'"


class Writer:
    """Escribe guiones con los dados de `dice`."""

    def __init__(self, dice: Random):
        self.dice = dice

    def expression(self, depth: int) -> str:
        kind = self.dice.randrange(6) if depth else 0
        if kind <= 1:
            return self.dice.choice([str(self.dice.randint(-3, 12)), *NAMES, "z"])
        inner = self.expression(depth - 1)
        if kind == 2:
            return f"!{inner}" if inner[0] != "=" else inner
        if kind == 3:
            return f"({inner} ? {self.expression(depth - 1)} : {self.expression(depth - 1)})"
        return f"({inner} {self.dice.choice(OPERATORS)} {self.expression(depth - 1)})"

    def parameter(self, depth: int) -> str:
        name = self.dice.choice(NAMES)
        kind = self.dice.randrange(6)
        if kind == 0:
            return self.dice.choice(["$1", "$2", "$#", "$@", "$*", "${10}", "$?"])
        if kind == 1 and depth:
            return f"${{{name}{self.dice.choice([':-', '-', ':+', '+', ':='])}{self.word(depth - 1)}}}"
        if kind == 2:
            return f"${{{name}{self.dice.choice(['#', '##', '%', '%%'])}{self.dice.choice(PATTERNS)}}}"
        if kind == 3:
            return self.dice.choice([f"${{#{name}}}", f"${{{name}/{self.dice.choice('uo x')}/Q}}", f"${{{name}:1:2}}"])
        return f"${name}"

    def word(self, depth: int) -> str:
        kind = self.dice.randrange(7) if depth else self.dice.randrange(3)
        if kind == 0:
            return quoted(self.dice.choice(LITERALS))
        if kind == 1:
            return self.dice.choice(PLAIN)
        if kind == 2:
            return self.parameter(depth)
        if kind == 3:
            return f'"{self.parameter(depth)}"'
        if kind == 4:
            return f"$(( {self.expression(2)} ))" if self.dice.random() < 0.6 else f"`echo {self.parameter(0)}`"
        if kind == 5:
            inside = f"$(echo {self.word(depth - 1)})"
            return f'"{inside}"' if self.dice.random() < 0.5 else inside
        return self.word(depth - 1) + self.parameter(0)

    def simple(self) -> str:
        kind = self.dice.randrange(7)
        words = [self.word(2) for _ in range(self.dice.randrange(4))]
        if kind <= 1:
            return " ".join(["echo", *words])
        if kind == 2:
            return f"{self.dice.choice(NAMES)}={self.word(2)}"
        if kind == 3:
            return " ".join(["set --", *words])
        if kind == 4:
            operator = self.dice.choice(["-eq", "-lt", "-ge"])
            return f"[ {self.dice.randint(-3, 9)} {operator} {self.dice.randint(-3, 9)} ]"
        if kind == 5:
            return f"printf '<%s>' {' '.join(words)}; echo"
        return self.dice.choice(COMMANDS)

    def command(self, depth: int) -> str:
        if not depth or self.dice.random() < 0.3:
            return self.simple()
        a, b = self.command(depth - 1), self.command(depth - 1)
        name, pattern = self.dice.choice(NAMES), self.dice.choice(PATTERNS)
        return self.dice.choice((
            f"{a}\n{b}", f"{{ {a}\n}} && {{ {b}\n}}", f"{{ {a}\n}} || {{ {b}\n}}", f"{{ {a}\n}} | cat",
            f"( {a}\n) | ( cat; {b}\n)", f"( {a}\n)", f"! {{ {a}\n}}", f"{{ {a}\n}} > f1", f"{{ {a}\n}} 2>&1",
            f"a=$( {a}\n)", f"eval {quoted(a)}", f"if {a}\nthen {b}\nelse echo no; fi",
            f"if {a}\nthen :; elif {b}\nthen echo dos; fi",
            f"for {name} in {self.word(2)} {self.word(1)}; do {a}\ndone",
            f"i=0; while [ $i -lt 3 ]; do i=$((i+1)); {a}\ndone",
            f"for j in 1 2 3; do {a}\n{self.dice.choice(['break', 'continue', '[ $j = 2 ] && break'])}; echo $j; done",
            f"case {self.word(2)} in {pattern}) {a}\n;; *) {b}\n;; esac",
            f"fun() {{ local b=loc; {a}\n}}; fun p q\n{b}",
            f"cat <<E; {a}\nuno {self.parameter(1)} `echo $b` \\$a\nE\n:",
            f"while read a b; do {a}\ndone < f2", f"{name}={self.word(1)} true; {b}",
        ))


def write(dice: Random, depth: int = 3) -> str:
    """Un guion, con algo de estado antes y un resumen después."""
    body = Writer(dice).command(depth)
    trap = "trap 'echo fin $?' EXIT; " if dice.random() < 0.2 else ""
    return ("fun() { echo f$#; }; echo dato uno > f1; echo otro > f2; a=uno; b='x  y'; " + trap + body
            + "\necho $? $a $b $c $#; cat f1 f2")


scripts = st.randoms(use_true_random=False).map(write)
