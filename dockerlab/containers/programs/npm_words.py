"""Lo que npm dice, según su versión: 6 (Node 14), 7-9 (Node 15-18) o 10 (Node 20 en adelante)."""

from __future__ import annotations

import json
from typing import Any

from dockerlab.clock import SECOND
from dockerlab.errors import FileError

from .kit import basename, join, moment
from .npm_registry import MIRROR, Package, count, table

DEFAULT = "10.8.2"
WITH_NODE = {"12": "6.14.16", "14": "6.14.18", "16": "8.19.4", "18": "10.8.2", "20": "10.8.2", "22": "10.9.2",
             "24": "11.3.0"}


class Npm:
    """npm en marcha: su versión, su proyecto y sus frases."""

    def __init__(self, sys: Any):
        self.sys, self.code, self.started = sys, 0, sys.now()
        self.version = own_version(sys)
        self.major = int(self.version.split(".")[0])
        self.mark = "npm error" if self.major >= 10 else "npm ERR!"
        self.folder = basename(sys.cwd).lower() or "root"

    def error(self, *lines: str) -> int:
        """Cada línea con la marca de error delante; devuelve 1."""
        self.sys.err("".join(f"{self.mark} {line}\n" for line in lines))
        return 1

    def fail(self, *lines: str, code: int = 1) -> int:
        """Un error con su final: dónde queda el registro completo."""
        self.error(*lines)
        stamp = f"{moment(self.started):%Y-%m-%dT%H_%M_%S}_000Z"
        home = self.sys.env.get("HOME") or "/root"
        if self.major < 7:
            self.sys.err(f"\n{self.mark} A complete log of this run can be found in:\n"
                         f"{self.mark}     {home}/.npm/_logs/{stamp}-debug.log\n")
        elif self.major < 10:
            self.sys.err(f"\n{self.mark} A complete log of this run can be found in:\n"
                         f"{self.mark}     {home}/.npm/_logs/{stamp}-debug-0.log\n")
        else:
            self.error(f"A complete log of this run can be found in: {home}/.npm/_logs/{stamp}-debug-0.log")
        self.code = code
        return code

    def manifest(self, required: bool) -> dict[str, Any] | None:
        """package.json, leído. Si falta y hace falta, o está roto, lo dice y deja el código en `code`."""
        path = join(self.sys.cwd, "package.json")
        try:
            text = self.sys.fs.read(path).decode("utf-8", "replace")
        except FileError:
            if not required:
                return None
            say = f"open '{path}'"
            lead = "enoent Could not read package.json: Error: ENOENT" if self.major >= 10 else "enoent ENOENT"
            self.fail("code ENOENT", "syscall open", f"path {path}", "errno -2",
                      f"{lead}: no such file or directory, {say}",
                      "enoent This is related to npm not being able to find a file.", "enoent ", code=254)
            return None
        try:
            return json.loads(text.removeprefix("\ufeff"))
        except ValueError as error:
            self.fail("code EJSONPARSE", f"path {path}" if self.major >= 7 else f"file {path}",
                      f"JSON.parse {json_reason(text, error)} while parsing "
                      f"{chr(39) + text[:20] + '...' + chr(39) if len(text) > 20 else chr(39) + text + chr(39)}",
                      "JSON.parse Failed to parse package.json data.",
                      "JSON.parse package.json must be actual JSON, not just JavaScript.")
            return None

    def not_found(self, name: str, wanted: str) -> int:
        """No hay tal paquete, o no hay tal versión."""
        if name in table()["paquetes"]:
            return self.fail("code ETARGET", f"notarget No matching version found for {name}@{wanted}.",
                             "notarget In most cases you or one of your dependencies are requesting",
                             "notarget a package version that doesn't exist.")
        address = name.replace("/", "%2f")
        wanted = wanted if wanted != "latest" or self.major < 7 else "*"
        place = "the npm registry" if self.major < 9 else "this registry"
        advice = ["404 You should bug the author to publish it (or use the name yourself!)"] if self.major < 9 else []
        return self.fail("code E404", f"404 Not Found - GET {MIRROR}/{address} - Not found", "404 ",
                         f"404  '{name}@{wanted}' is not in {place}.", *advice, "404 ",
                         "404 Note that you can also install from a", "404 tarball, folder, http url, or git "
                         "url.")

    def file_error(self, error: FileError, prefix: str) -> int:
        """Sin permiso, disco lleno o de solo lectura."""
        path = str(error.data.get("path") or prefix)
        path = join(self.sys.cwd, path)
        number = {"EACCES": -13, "EROFS": -30, "ENOSPC": -28}.get(error.key, -1)
        lines = [f"code {error.key}", "syscall mkdir", f"path {path}", f"errno {number}"]
        reason = error.text[0].lower() + error.text[1:]
        if error.key == "EACCES":
            return self.fail(*lines, f"Error: EACCES: {reason}, mkdir '{path}'", "",
                             "The operation was rejected by your operating system.",
                             "It is likely you do not have the permissions to access this file as the "
                             "current user",
                             "", "If you believe this might be a permissions issue, please double-check the",
                             "permissions of the file and its containing directories, or try running",
                             "the command again as root/Administrator.", code=243)
        return self.fail(*lines, f"{error.key.lower()} {error.key}: {reason}, mkdir '{path}'",
                         code=256 + number)

    def no_lock(self) -> int:
        """`npm ci` sin package-lock.json."""
        if self.major < 7:
            return self.fail("cipm can only install packages with an existing package-lock.json or "
                             "npm-shrinkwrap.json "
                             "with lockfileVersion >= 1. Run an install with npm@5 or later to generate it, "
                             "then try again.")
        return self.fail("code EUSAGE", "", "The `npm ci` command can only install with an existing "
                         "package-lock.json or",
                         "npm-shrinkwrap.json with lockfileVersion >= 1. Run an install with npm@5 or",
                         "later to generate a package-lock.json file, then try again.", "",
                         "Clean install a project", "", "Usage:", "npm ci", "",
                         'Run "npm help ci" for more info', "")

    def lock_differs(self, missing: list[tuple[str, str]]) -> int:
        """`npm ci` con un package-lock.json que no casa con package.json."""
        if self.major < 7:
            return self.fail("cipm can only install packages when your package.json and package-lock.json or "
                             "npm-shrinkwrap.json are in sync. Please update your lock file with `npm "
                             "install` "
                             "before continuing.")
        return self.fail("code EUSAGE", "", "`npm ci` can only install packages when your package.json and "
                         "package-lock.json "
                         "or npm-shrinkwrap.json are in sync. Please update your lock file with `npm "
                         "install` before "
                         "continuing.", "", *(f"Missing: {name}@{version.lstrip('^~')} from lock file"
                                              for name, version in missing), "",
                         "Clean install a project", "", "Usage:", "npm ci", "",
                         'Run "npm help ci" for more info', "")

    def lock_notice(self, new: bool) -> None:
        if new and self.major < 7:
            self.sys.err("npm notice created a lockfile as package-lock.json. You should commit this file.\n")

    def warnings(self, manifest: dict[str, Any]) -> None:
        """npm 6 se queja de lo que falta en package.json."""
        if self.major >= 7 or not manifest:
            return
        name = f"{manifest.get('name', self.folder)}@{manifest.get('version', '1.0.0')}"
        for key, text in (("description", "No description"), ("repository", "No repository field."),
                          ("license", "No license field.")):
            if not manifest.get(key) and not manifest.get("private"):
                self.sys.err(f"npm WARN {name} {text}\n")

    def summary(self, fresh: list[Package], gone: list[str], packages: dict[str, Package], everywhere: bool,
                audited: bool, clean: bool = False) -> None:
        """Las líneas finales: cuántos se añadieron, cuántos se revisaron y en cuánto tiempo."""
        seconds = (self.sys.now() - self.started) / SECOND
        added, total = count(fresh), count(packages.values())
        if self.major < 7:
            self.sys.out(self.old_summary(fresh, gone, added, total, seconds, audited, clean))
            return
        span = f"{round(seconds)}s" if seconds >= 1 else f"{round(seconds * 1000)}ms"
        parts = [f"added {plural(added)}"] * bool(added) + [f"removed {plural(len(gone))}"] * bool(gone)
        head = ", ".join(parts) or "up to date"
        if audited and not everywhere:
            head += (", and " if parts else ", ") + f"audited {plural(total + 1)}"
        text = f"\n{head} in {span}\n"
        asking = sum(table()["trabajan"].get(name, 0) for name in packages)
        if asking:
            verb = "are" if asking > 1 else "is"
            text += f"\n{plural(asking)} {verb} looking for funding\n  run `npm fund` for details\n"
        if audited and not everywhere:
            text += "\nfound 0 vulnerabilities\n"
        self.sys.out(text)

    def old_summary(self, fresh: list[Package], gone: list[str], added: int, total: int, seconds: float,
                    audited: bool, clean: bool) -> str:
        if clean:
            return f"added {plural(added)} in {seconds:.3f}s\n"
        text = "".join(f"+ {package.name}@{package.version}\n"
                       for package in fresh) if len(fresh) == 1 else ""
        people = f" from {added * 2 // 3 + 1} contributor{'s' * (added > 1)}" if added else ""
        parts = [f"added {plural(added)}{people}"] * bool(added) + [f"removed {plural(len(gone))}"] * bool(gone)
        head = " and ".join(parts) or "up to date"
        if audited and total:
            head += f" and audited {plural(total)}" if parts else f", audited {plural(total)}"
        return f"{text}{head} in {seconds:.3f}s\n" + ("found 0 vulnerabilities\n\n" if audited else "")


def plural(number: int) -> str:
    return f"{number} package" + ("" if number == 1 else "s")


def json_reason(text: str, error: ValueError) -> str:
    """Por qué no es JSON, como lo dice V8."""
    at = getattr(error, "pos", 0)
    if at >= len(text.rstrip()):
        return "Unexpected end of JSON input"
    return f"Unexpected token {text[at]} in JSON at position {at}"


def own_version(sys: Any) -> str:
    """La versión de npm: la de su propio package.json o la que venía con esa versión de Node."""
    for folder in ("/usr/local/lib/node_modules/npm", "/usr/lib/node_modules/npm"):
        try:
            return json.loads(sys.fs.read(f"{folder}/package.json"))["version"]
        except (FileError, ValueError, KeyError):
            continue
    return WITH_NODE.get(sys.env.get("NODE_VERSION", "").split(".")[0], DEFAULT)
