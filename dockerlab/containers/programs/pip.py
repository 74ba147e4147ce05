"""pip: los paquetes de Python."""

from __future__ import annotations

import re
from typing import Any

from dockerlab.errors import FileError

from ..requests import Cpu, Sleep
from .dpkg import STATUS
from .kit import join, table_file
from .making import make_folder, remove_tree
from .options import Options, applet
from .python_version import PACKAGES, python_version

REQUIREMENT = re.compile(r"([A-Za-z0-9][\w.-]*)(\[[\w,-]+\])?\s*((?:[=<>!~]=?=?\s*[\w.*]+\s*,?\s*)*)(;.*)?$")
SPACE = "━" * 40


class Pip:
    """Una orden de pip."""

    def __init__(self, sys: Any):
        self.sys, self.python = sys, python_version(sys)
        self.rows: dict[str, list[Any]] = table_file("pip")["paquetes"]
        self.folder = PACKAGES.format(".".join(self.python.split(".")[:2]))
        self.cache = True
        self.quiet = False

    def out(self, text: str) -> None:
        if not self.quiet:
            self.sys.out(text + "\n")

    def error(self, *lines: str, code: int = 1) -> int:
        self.sys.err("".join(f"ERROR: {line}\n" for line in lines))
        return code

    def installed(self) -> dict[str, str]:
        """Nombre → versión, por las carpetas `.dist-info`."""
        names = self.sys.fs.listdir(self.folder) if self.sys.fs.isdir(self.folder) else []
        pairs = [name.removesuffix(".dist-info").rpartition("-") for name in names
                 if name.endswith(".dist-info")]
        return {name.lower().replace("_", "-"): version for name, _, version in pairs}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@applet("pip", None, also=("pip3",))
def pip(sys: Any, opt: Options) -> Any:
    words, tool = list(sys.argv[1:]), Pip(sys)
    while words and words[0].startswith("-") and words[0] not in ("--version", "-V", "--help", "-h"):
        words.pop(0)
    verb = words.pop(0) if words else ""
    if verb in ("--version", "-V"):
        sys.out(f"pip 24.0 from {tool.folder}/pip (python {'.'.join(tool.python.split('.')[:2])})\n")
        return 0
    if verb not in VERBS:
        if not verb or verb in ("-h", "--help", "help"):
            sys.out("\nUsage:   \n  pip <command> [options]\n\nCommands:\n  install                     "
                    "Install packages.\n"
                    "  uninstall                   Uninstall packages.\n  freeze                      Output "
                    "installed packages in "
                    "requirements format.\n  list                        List installed packages.\n")
            return 0
        return tool.error(f'unknown command "{verb}"')
    result = VERBS[verb](tool, words)
    return (yield from result) if hasattr(result, "send") else result


def requirements(tool: Pip, path: str) -> list[str]:
    """Las líneas útiles de un archivo de requisitos. `FileError` si no se puede leer."""
    out = []
    for line in tool.sys.fs.read(path).decode("utf-8", "replace").removeprefix("\ufeff").splitlines():
        line = re.sub(r"(^|\s)#.*", "", line).strip()
        if line.startswith(("-r", "--requirement")):
            out += requirements(tool, join(path.rpartition("/")[0] or ".", line.split(None, 1)[1]))
        elif line and not line.startswith("-"):
            out.append(line)
    return out


def install(tool: Pip, words: list[str]) -> Any:
    sys, wanted, flags, target = tool.sys, [], set(), ""
    while words:
        word = words.pop(0)
        if word in ("-r", "--requirement") or word.startswith("--requirement="):
            path = word.partition("=")[2] or (words.pop(0) if words else "")
            try:
                wanted += [(line, f" (from -r {path} (line {number}))")
                           for number, line in enumerate(requirements(tool, path), 1)]
            except FileError as error:
                number = {"ENOENT": 2, "EACCES": 13, "EISDIR": 21}.get(error.key, 5)
                return tool.error(f"Could not open requirements file: [Errno {number}] {error.text}: '{path}'")
        elif word in ("-t", "--target", "--prefix", "-i", "--index-url", "--trusted-host", "-c",
                      "--constraint"):
            target = words.pop(0) if words else ""
        elif word.startswith("-"):
            flags |= {word} if word.startswith("--") else {f"-{letter}" for letter in word[1:]}
        else:
            wanted.append((word, ""))
    tool.quiet, tool.cache = bool(flags & {"-q", "--quiet"}), "--no-cache-dir" not in flags
    if not wanted:
        return tool.error('You must give at least one requirement to install (see "pip help install")')
    if managed(sys) and "--break-system-packages" not in flags:
        sys.err(MANAGED)
        return 1
    return (yield from collect(tool, wanted, target))


def managed(sys: Any) -> bool:
    """El Python de Debian no deja que pip instale encima."""
    own = sys.fs.exists("/usr/bin/python3", follow=False) and not sys.fs.exists("/usr/local/bin/python3", follow=False)
    return own and sys.fs.exists(STATUS) and not sys.env.get("VIRTUAL_ENV")


MANAGED = """error: externally-managed-environment

× This environment is externally managed
╰─> To install Python packages system-wide, try apt install
    python3-xyz, where xyz is the package you are trying to
    install.

note: If you believe this is a mistake, please contact your Python installation or OS distribution provider. \
You can override this, at the risk of breaking your Python installation or OS, by passing --break-system-packages.
hint: See PEP 668 for the detailed specification.
"""


def collect(tool: Pip, wanted: list[tuple[str, str]], target: str) -> Any:
    """Reúne los paquetes, los «descarga» y los instala."""
    sys, there = tool.sys, tool.installed()
    chosen: dict[str, tuple[str, int, int]] = {}
    pending = [(text, origin) for text, origin in wanted]
    while pending:
        text, origin = pending.pop(0)
        if text.startswith((".", "/")) or "://" in text:
            return tool.error(f"Invalid requirement: '{text}': dockerlab solo instala paquetes por su nombre")
        found = REQUIREMENT.fullmatch(text.strip())
        if not found:
            return tool.error(f"Invalid requirement: '{text}'")
        name, spec = normal(found[1]), found[3].replace(" ", "")
        row = tool.rows.get(name)
        exact = re.match(r"={2,3}([\w.]+)", spec)
        if row is None or exact and int(exact[1].split(".")[0]) > int(row[0].split(".")[0]):
            versions = f"from versions: {row[0]}" if row else "from versions: none"
            return tool.error(f"Could not find a version that satisfies the requirement {found[1]}{spec} "
                              f"({versions})",
                              f"No matching distribution found for {found[1]}{spec}")
        version = exact[1] if exact else row[0]
        if there.get(name) == version or name in there and not exact:
            tool.out(f"Requirement already satisfied: {found[1]}{spec} in {tool.folder}{origin} "
                     f"({there[name]})")
            continue
        if name in chosen:
            continue
        chosen[name] = (version, row[1], row[2])
        tool.out(f"Collecting {found[1]}{spec}{origin}")
        size = f"{row[1]} kB" if row[1] < 1000 else f"{row[1] / 1000:.1f} MB"
        wheel = f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
        tool.out(f"  Downloading {wheel} ({size})")
        if row[1] > 40:
            tool.out(f"     {SPACE} {size.split()[0]}/{size} 10.0 MB/s eta 0:00:00")
        yield Sleep(0.15 + row[1] / 10_000)
        pending += [(need, f" (from {found[1]}{spec})") for need in row[3].split()]
    if chosen:
        order = list(reversed(chosen))
        tool.out(f"Installing collected packages: {', '.join(order)}")
        place = target or tool.folder
        for name in order:
            put_package(tool, place, name, *chosen[name])
            yield Cpu(0.05 + chosen[name][2] / 80_000)
        tool.out("Successfully installed " + " ".join(f"{name}-{chosen[name][0]}" for name in sorted(chosen)))
    if sys.user.uid == 0 and not sys.env.get("VIRTUAL_ENV") and not sys.env.get("PIP_ROOT_USER_ACTION"):
        sys.err("WARNING: Running pip as the 'root' user can result in broken permissions and conflicting "
                "behaviour with the "
                "system package manager. It is recommended to use a virtual environment instead: "
                "https://pip.pypa.io/warnings/venv\n")
    return 0


SCRIPTS = {"flask": "flask", "gunicorn": "gunicorn", "uvicorn": "uvicorn", "django": "django-admin",
           "pytest": "pytest",
           "black": "black", "celery": "celery", "cowsay": "cowsay"}


def put_package(tool: Pip, place: str, name: str, version: str, wheel: int, size: int) -> None:
    """Los archivos de un paquete; sin --no-cache-dir, también la rueda en la caché."""
    sys, module = tool.sys, name.replace("-", "_")
    make_folder(sys, f"{place}/{module}", 0o755, parents=True)
    sys.fs.write(f"{place}/{module}/__init__.py", f"# {name} {version}\n".encode(), declared_size=size * 1000)
    make_folder(sys, f"{place}/{module}-{version}.dist-info", 0o755, parents=True)
    sys.fs.write(f"{place}/{module}-{version}.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\n"
                 f"Version: {version}\n".encode())
    if name in SCRIPTS:
        path = f"/usr/local/bin/{SCRIPTS[name]}"
        make_folder(sys, "/usr/local/bin", 0o755, parents=True)
        sys.fs.write(path, f"#!dockerlab python-tool {name}\n".encode(), mode=0o755)
        sys.fs.chmod(path, 0o755)
    if tool.cache:
        folder = join(sys.env.get("HOME") or "/root", ".cache/pip/http-v2")
        make_folder(sys, folder, 0o755, parents=True)
        sys.fs.write(f"{folder}/{module}-{version}.body", f"{name}\n".encode(), declared_size=wheel * 1000)


def uninstall(tool: Pip, words: list[str]) -> int:
    there, names = tool.installed(), [normal(word) for word in words if not word.startswith("-")]
    for name in names:
        if name not in there:
            tool.sys.err(f"WARNING: Skipping {name} as it is not installed.\n")
            continue
        module = name.replace("-", "_")
        for folder in (module, f"{module}-{there[name]}.dist-info"):
            remove_tree(tool.sys, Options("pip", False), f"{tool.folder}/{folder}")
        tool.out(f"Found existing installation: {name} {there[name]}\nUninstalling {name}-{there[name]}:\n"
                 f"  Successfully uninstalled {name}-{there[name]}")
    return 0


def freeze(tool: Pip, words: list[str]) -> int:
    for name, version in sorted(tool.installed().items()):
        if name not in ("pip", "setuptools", "wheel"):
            tool.out(f"{name}=={version}")
    return 0


def listing(tool: Pip, words: list[str]) -> int:
    there = {"pip": "24.0", **tool.installed()}
    wide = max(map(len, there))
    tool.out(f"{'Package':<{wide}} Version\n{'-' * wide} -------")
    for name, version in sorted(there.items()):
        tool.out(f"{name:<{wide}} {version}")
    return 0


def show(tool: Pip, words: list[str]) -> int:
    there = tool.installed()
    for word in words:
        name = normal(word)
        if name not in there:
            tool.sys.err(f"WARNING: Package(s) not found: {word}\n")
            return 1
        needs = ", ".join(tool.rows.get(name, ["", 0, 0, ""])[3].split())
        tool.out(f"Name: {name}\nVersion: {there[name]}\nLocation: {tool.folder}\nRequires: {needs}")
    return 0


def check(tool: Pip, words: list[str]) -> int:
    tool.out("No broken requirements found.")
    return 0


def cache(tool: Pip, words: list[str]) -> int:
    folder = join(tool.sys.env.get("HOME") or "/root", ".cache/pip")
    if words[:1] == ["purge"] and tool.sys.fs.exists(folder):
        remove_tree(tool.sys, Options("pip", False), folder)
    return 0


VERBS = {"install": install, "uninstall": uninstall, "freeze": freeze, "list": listing, "show": show,
         "check": check,
         "cache": cache}
