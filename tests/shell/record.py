"""Graba lo que dicen dash y bash de verdad: `python -m tests.shell.record` (necesita los dos instalados).

Cada guion se ejecuta en una carpeta vacía con casi nada en el PATH. Lo grabado
(`recorded.json`) son hechos medidos; `test_dialects.py` los compara con los nuestros.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

RECORDED = Path(__file__).with_name("recorded.json")
SCRIPTS = [
    "nope", "/etc", "./nofile", "cd /nope", "if true", "fi", 'echo "a', "echo $(", "echo a | | b", "echo ${x",
    "set -u; echo $nada", "echo ${x:?}", "echo ${x?msg here}", "readonly a=1; a=2; echo no", "echo $((1/0))", "echo $((1+))",
    "break", "return 3; echo x", "shift 5; echo $?", "cat < /nope", "echo x > /nope/a", "echo x > /etc; echo $?",
    ". ./nofile; echo x", "exec nope; echo x", "set -o nope", "trap x FOO", "getopts", "export 1a=2", "alias x", "unset 1a",
    "exit abc", "echo ${}", "umask 999", "local x", "x () { echo; ", "case a in", "for", "a b() { :; }", "echo >&9",
    "eval nope", 'eval "cd /nope"', "\nnope\ncd /nope\nif true; then\n  nope2\nfi\nfi", "type nope", "command -V nope",
    "wait abc", "shift a", "echo ${1a}", "while true; do", "}", ";;", "echo )", "test 1 -eq a", "[ a",
    "unalias x", "x=$(nope); echo $?", "(nope)", "nope | cat", "a=1; readonly a; unset a; echo $?", "local",
    "set -e; cd /nope; echo x", "set -e; nope; echo x", "echo a >&-; echo $?", "cd", "cd a b", "let 1/0; echo $?",
    "function f { echo hi; }; f", "cat <<< hi", "echo {1..3} {a,b}c", "fg", "wait %1", "echo a\\", "printf '%d\\n' abc; echo $?",
    "[[ a == b* || a = a ]] && echo y", "[[ -f /etc/passwd && ! -d /etc/passwd ]] && echo y", "[[ abc =~ ^a.c$ ]] && echo m",
    "(( 1 + 1 )) && echo z", "x=5; (( x++ )); echo $x", "echo ${x^^}", "x=hola; echo ${x^} ${x^^}", "set -o pipefail; false | true; echo $?", "kill 99999", "type cd", "command -v cd", "hash nope", "trap 'echo x' EXIT; trap",
    "x=abcabc; echo ${x/b/X} ${x//b/X} ${x:1:2}", "echo a &> f; cat f", "echo -e 'a\\tb' 'c\\\\d'", "x=1; x+=2; echo $x",
    "set -x; echo a 'b c' ''; x=1", "f() { local x=1 y; echo $x[$y]; }; y=2; f", "echo $'a\\tb'", "echo $((2**3))",
    "x=3; echo $((x++)) $x", "B=1 A=2 C=3 env | grep '^[ABC]' ; export DB=1 ZED=2; env | cut -d= -f1", "read; echo $?", "umask -S",
    "set -e; x=$(false; echo no); echo $x", "echo ${#@}", "set -- a b; echo ${#@}", "source ./nofile; echo x",
]


def record(shell: str) -> list[dict[str, object]]:
    """Cada guion con lo que escribió `shell` y su código."""
    rows = []
    program = shutil.which(shell)
    for script in SCRIPTS:
        with tempfile.TemporaryDirectory() as folder:
            for name in ("cat", "env", "sleep", "grep", "cut"):
                os.symlink(shutil.which(name) or name, f"{folder}/{name}")
            os.symlink(program, f"{folder}/sh")
            done = subprocess.run([shell, "-c", script], executable=program, cwd=folder, stdin=subprocess.DEVNULL,
                                  env={"PATH": folder, "HOME": "/root"}, capture_output=True, timeout=20, check=False)
        rows.append({"script": script, "code": done.returncode, "out": done.stdout.decode(), "err": done.stderr.decode()})
    return rows


if __name__ == "__main__":
    data = {shell: record(shell) for shell in ("dash", "bash")}
    RECORDED.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
