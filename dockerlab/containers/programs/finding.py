"""find: recorrer carpetas y hacer algo con lo que se encuentra.

La expresión de `find` se lee como la describe POSIX.1-2017 (*Shell &
Utilities*, `find`): `-o` une menos que `-a`, y `-a` se puede callar.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from dockerlab.clock import SECOND
from dockerlab.errors import FileError
from dockerlab.filesystem.nodes import Directory, File

from .attributes import permissions
from .kit import account_name, account_number, basename, join
from .options import BadUsage, Options, Stop, applet
from .printing import unescape
from .running import launch

Found = tuple[str, Any, int]        # ruta, stat, profundidad
Test = Callable[[Found], Any]


class Expression:
    """La expresión de `find`, leída de izquierda a derecha.

    Cada prueba es una función de lo encontrado; si devuelve un generador, hay
    que esperarla (-exec).
    """

    def __init__(self, sys: Any, opt: Options, words: list[str]):
        self.sys, self.opt, self.words = sys, opt, words
        self.acts = self.depth_first = False
        self.deepest, self.shallowest = 10**9, 0
        self.pruned = self.quit = False
        self.batches: list[tuple[list[str], list[str]]] = []

    def read(self) -> Test:
        test = self.either() if self.words else (lambda found: True)
        if self.words:
            raise BadUsage(f"unrecognized: {self.words[0]}")
        if self.acts:
            return test

        def printing(found: Found) -> Any:
            if (yield from settle(test(found))):
                self.sys.out(found[0] + "\n")
            return True
        return printing

    def either(self) -> Test:
        tests = [self.both()]
        while self.words[:1] in (["-o"], ["-or"]):
            self.words.pop(0)
            tests.append(self.both())
        return tests[0] if len(tests) == 1 else combine(tests, any_of=True)

    def both(self) -> Test:
        tests = [self.single()]
        while self.words and self.words[0] not in ("-o", "-or", ")"):
            if self.words[0] in ("-a", "-and"):
                self.words.pop(0)
            tests.append(self.single())
        return tests[0] if len(tests) == 1 else combine(tests, any_of=False)

    def single(self) -> Test:
        word = self.words.pop(0) if self.words else ""
        if word in ("!", "-not"):
            test = self.single()

            def negated(found: Found) -> Any:
                return not (yield from settle(test(found)))
            return negated
        if word == "(":
            test = self.either()
            if self.words[:1] != [")"]:
                raise Stop("unmatched '('")
            self.words.pop(0)
            return test
        method = getattr(self, "test_" + word[1:], None) if word.startswith("-") else None
        if method is None:
            if self.opt.busybox:
                raise BadUsage(f"unrecognized: {word}")
            raise Stop(f"unknown predicate '{word}'" if word.startswith("-")
                       else f"paths must precede expression: '{word}'")
        return method()

    def value(self, name: str) -> str:
        if not self.words:
            raise Stop(f"option requires an argument -- '{name}'" if self.opt.busybox
                       else f"missing argument to '-{name}'")
        return self.words.pop(0)

    def number(self, name: str) -> Callable[[float], bool]:
        """`+3`, `-3` o `3`: mayor, menor o igual."""
        text = self.value(name)
        wanted = int(re.sub(r"\D", "", text) or 0)
        return {"+": lambda have: have > wanted, "-": lambda have: have < wanted}.get(
            text[:1], lambda have: have == wanted)

    def test_name(self) -> Test:
        pattern = self.value("name")
        return lambda found: fnmatchcase(basename(found[0]), pattern)

    def test_iname(self) -> Test:
        pattern = self.value("iname").lower()
        return lambda found: fnmatchcase(basename(found[0]).lower(), pattern)

    def test_path(self) -> Test:
        pattern = self.value("path")
        return lambda found: fnmatchcase(found[0], pattern)

    test_wholename = test_path

    def test_regex(self) -> Test:
        pattern = re.compile(self.value("regex").replace(r"\(", "(").replace(r"\)", ")").replace(r"\|", "|"))
        return lambda found: bool(pattern.fullmatch(found[0]))

    def test_type(self) -> Test:
        kind = self.value("type").replace("f", "-")
        return lambda found: found[1].kind in kind.split(",")

    def test_size(self) -> Test:
        units = {"c": 1, "w": 2, "b": 512, "k": 1024, "M": 2**20, "G": 2**30}
        unit = units.get(self.words[0][-1:] if self.words else "", 512)
        match = self.number("size")
        return lambda found: match(-(-found[1].size // unit))

    def test_mtime(self) -> Test:
        match, now = self.number("mtime"), self.sys.now()
        return lambda found: match((now - found[1].mtime) // (86400 * SECOND))

    def test_mmin(self) -> Test:
        match, now = self.number("mmin"), self.sys.now()
        return lambda found: match((now - found[1].mtime) // (60 * SECOND))

    def test_newer(self) -> Test:
        limit = self.sys.fs.stat(self.value("newer")).mtime
        return lambda found: found[1].mtime > limit

    def test_empty(self) -> Test:
        return lambda found: (not self.sys.fs.listdir(found[0]) if isinstance(found[1].node, Directory)
                              else isinstance(found[1].node, File) and not found[1].size)

    def test_user(self) -> Test:
        wanted = account_number(self.sys, self.value("user"))
        return lambda found: found[1].uid == wanted

    def test_group(self) -> Test:
        wanted = account_number(self.sys, self.value("group"), "/etc/group")
        return lambda found: found[1].gid == wanted

    def test_perm(self) -> Test:
        text = self.value("perm")
        mode = int(text.lstrip("-/+"), 8)
        return {"-": lambda found: found[1].mode & mode == mode,
                "/": lambda found: bool(found[1].mode & mode)}.get(text[:1], lambda found: found[1].mode == mode)

    def test_executable(self) -> Test:
        return lambda found: self.sys.fs.access(found[0], 1)

    def test_true(self) -> Test:
        return lambda found: True

    def test_maxdepth(self) -> Test:
        self.deepest = int(self.value("maxdepth"))
        return lambda found: True

    def test_mindepth(self) -> Test:
        self.shallowest = int(self.value("mindepth"))
        return lambda found: True

    def test_depth(self) -> Test:
        self.depth_first = True
        return lambda found: True

    def test_xdev(self) -> Test:
        return lambda found: True

    def test_prune(self) -> Test:
        def prune(found: Found) -> bool:
            self.pruned = True
            return True
        return prune

    def test_quit(self) -> Test:
        self.acts = True

        def leave(found: Found) -> bool:
            self.quit = True
            return True
        return leave

    def action(self, effect: Callable[[Found], Any]) -> Test:
        self.acts = True
        return lambda found: (effect(found), True)[1]

    def test_print(self) -> Test:
        return self.action(lambda found: self.sys.out(found[0] + "\n"))

    def test_print0(self) -> Test:
        return self.action(lambda found: self.sys.out(found[0] + "\0"))

    def test_printf(self) -> Test:
        template = unescape(self.value("printf"), zero=False)[0]
        return self.action(lambda found: self.sys.out(re.sub(
            r"%(T[@+]|\w|%)", lambda hit: describe(self.sys, found).get(hit[1], hit[0]), template)))

    def test_delete(self) -> Test:
        self.acts = self.depth_first = True

        def delete(found: Found) -> bool:
            try:
                (self.sys.fs.rmdir if isinstance(found[1].node, Directory) else self.sys.fs.remove)(found[0])
            except FileError as error:
                self.opt.complain(self.sys, "{}", "cannot delete '{}'", found[0], error)
                return False
            return True
        return delete

    def test_exec(self) -> Test:
        self.acts = True
        ends = [at for at, word in enumerate(self.words) if word == ";" or word == "+"
                and self.words[at - 1] == "{}"]
        if not ends:
            raise Stop("-exec: requires an argument" if self.opt.busybox else "missing argument to '-exec'")
        command, end = self.words[:ends[0]], self.words[ends[0]]
        del self.words[:ends[0] + 1]
        if end == "+":
            batch: list[str] = []
            self.batches.append((command[:-1], batch))
            return lambda found: (batch.append(found[0]), True)[1]

        def run(found: Found) -> Any:
            status = yield from launch(self.sys, self.opt, [word.replace("{}", found[0]) for word in command])
            return status == 0
        return run


def combine(tests: list[Test], any_of: bool) -> Test:
    def both(found: Found) -> Any:
        value = not any_of
        for test in tests:
            value = yield from settle(test(found))
            if bool(value) == any_of:
                break
        return value
    return both


def settle(value: Any) -> Any:
    """El resultado de una prueba, que puede haber que esperar."""
    if hasattr(value, "send"):
        value = yield from value
    return value


def describe(sys: Any, found: Found) -> dict[str, str]:
    path, stat, depth = found
    return {"p": path, "f": basename(path), "s": str(stat.size), "m": f"{stat.mode:o}",
            "M": permissions(stat.node),
            "u": account_name(sys, stat.uid), "g": account_name(sys, stat.gid, "/etc/group"), "d": str(depth),
            "y": stat.kind.replace("-", "f"), "T@": f"{stat.mtime / SECOND:.10f}", "%": "%",
            "h": path.rpartition("/")[0] or ".", "P": path.partition("/")[2]}


@applet("find", None, "[-HL] [PATH]... [OPTIONS] [ACTIONS]", "Search for files and perform actions on them.")
def find(sys: Any, opt: Options) -> Any:
    words = sys.argv[1:]
    links = False
    while words and words[0] in ("-H", "-L", "-P"):
        links = words.pop(0) == "-L"
    cut = next((at for at, word in enumerate(words) if word.startswith("-") or word in ("!", "(")),
               len(words))
    starts, expression = words[:cut] or ["."], Expression(sys, opt, words[cut:])
    test, status = expression.read(), 0

    def visit(path: str, depth: int) -> Any:
        nonlocal status
        try:
            stat = sys.fs.stat(path, follow=links)
        except FileError as error:
            status = opt.complain(sys, "{}", "'{}'", path, error)
            return
        expression.pruned = False
        here = expression.shallowest <= depth
        if here and not expression.depth_first:
            yield from settle(test((path, stat, depth)))
        if isinstance(stat.node, Directory) and depth < expression.deepest and not expression.pruned:
            try:
                names = sys.fs.listdir(path)
            except FileError as error:
                status = opt.complain(sys, "{}", "'{}'", path, error)
                names = []
            for name in names:
                if not expression.quit:
                    yield visit(join(path, name), depth + 1)
        if here and expression.depth_first:
            yield from settle(test((path, stat, depth)))

    for start in starts:
        if not expression.quit:
            yield visit(start, 0)
    for command, batch in expression.batches:
        if batch and (yield launch(sys, opt, [*command, *batch])):
            status = 1
    return status
