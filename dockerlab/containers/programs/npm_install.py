"""npm install y npm ci: del package.json a node_modules y package-lock.json."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from dockerlab.errors import FileError

from ..requests import Cpu, Sleep
from .kit import join
from .making import make_folder, remove_tree
from .npm_registry import MIRROR, Package, Unknown, closure, count, table
from .npm_words import Npm
from .options import Options

Manifest = dict[str, Any]


def install(npm: Npm, words: list[str]) -> Any:
    """`npm install [paquetes]`: instala lo que pide package.json, más lo que se nombre."""
    sys = npm.sys
    named = [word for word in words if not word.startswith("-")]
    flags = {word for word in words if word.startswith("-")}
    everywhere = bool(flags & {"-g", "--global"})
    manifest = {} if everywhere else (npm.manifest(required=False) or {})
    if npm.code:
        return npm.code
    group = "devDependencies" if flags & {"-D", "--save-dev"} else "dependencies"
    asked = dict(split(word) for word in named)
    production = bool(flags & {"--production", "--only=production", "--only=prod", "--omit=dev"}) or \
        sys.env.get("NODE_ENV") == "production" and "--include=dev" not in flags
    wanted = dict(asked) if everywhere else {**manifest_needs(manifest, production), **asked}
    lock = {} if everywhere else locked(sys)
    try:
        packages = closure((name, lock.get(name, version) if name not in asked else version)
                           for name, version in wanted.items())
    except Unknown as error:
        return npm.not_found(*error.args)
    if named and not everywhere:
        chosen = manifest.setdefault(group, {})
        for name in asked:
            chosen[name] = f"^{packages[name].version}"
        manifest[group] = dict(sorted(chosen.items()))
        sys.fs.write("package.json", (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode())
    prefix = "/usr/local/lib/node_modules" if everywhere else "node_modules"
    try:
        fresh, gone = yield from unpack(npm, prefix, packages)
        if not everywhere and "--no-package-lock" not in flags:
            npm.lock_notice(write_lock(sys, npm, manifest, packages))
    except FileError as error:
        return npm.file_error(error, prefix)
    npm.warnings(manifest)
    npm.summary(fresh, gone, packages, everywhere, audited=not flags & {"--no-audit"})
    return 0


def clean_install(npm: Npm, words: list[str]) -> Any:
    """`npm ci`: exactamente lo que dice package-lock.json, sobre un node_modules vacío."""
    sys = npm.sys
    manifest = npm.manifest(required=True)
    if manifest is None:
        return npm.code
    if not sys.fs.exists("package-lock.json") and not sys.fs.exists("npm-shrinkwrap.json"):
        return npm.no_lock()
    lock, flags = locked(sys), set(words)
    production = bool(flags & {"--production", "--only=production",
                               "--omit=dev"}) or sys.env.get("NODE_ENV") == "production"
    wanted = manifest_needs(manifest, production)
    missing = [name for name in wanted if name not in lock]
    if missing:
        return npm.lock_differs([(name, wanted[name]) for name in missing])
    try:
        packages = closure((name, lock[name]) for name in wanted)
        if sys.fs.exists("node_modules"):
            remove_tree(sys, Options("npm", False), "node_modules")
        fresh, gone = yield from unpack(npm, "node_modules", packages)
    except Unknown as error:
        return npm.not_found(*error.args)
    except FileError as error:
        return npm.file_error(error, "node_modules")
    npm.summary(fresh, gone, packages, False, audited="--no-audit" not in flags, clean=True)
    return 0


def split(word: str) -> tuple[str, str]:
    """`express@4` → (express, 4); `@types/node` → (@types/node, latest)."""
    name, mark, version = word[1:].partition("@")
    return word[:1] + name, version if mark else "latest"


def manifest_needs(manifest: Manifest, production: bool) -> dict[str, str]:
    groups = ["dependencies", "optionalDependencies"] if production else \
        ["dependencies", "devDependencies", "optionalDependencies"]
    return {name: version for group in groups for name, version in (manifest.get(group) or {}).items()}


def locked(sys: Any) -> dict[str, str]:
    """Nombre → versión de lo que fija package-lock.json (vacío si no lo hay o no se entiende)."""
    if not sys.fs.exists("package-lock.json"):
        return {}
    try:
        lock = json.loads(sys.fs.read("package-lock.json"))
    except ValueError:
        return {}
    rows = {name.removeprefix("node_modules/"): row for name, row in (lock.get("packages") or {}).items()
            if name}
    rows = rows or lock.get("dependencies") or {}
    return {name: row["version"] for name, row in rows.items() if isinstance(row, dict) and "version" in row}


def unpack(npm: Npm, prefix: str, packages: dict[str, Package]) -> Any:
    """Escribe los paquetes que falten, quita los que sobren y tarda lo suyo; devuelve (nuevos, quitados)."""
    sys = npm.sys
    there = installed(sys, prefix)
    fresh = [package for name, package in packages.items() if there.get(name) != package.version]
    gone = [] if prefix.startswith("/") else [name for name in there if name not in packages]
    for name in gone:
        remove_tree(sys, Options("npm", False), f"{prefix}/{name}")
    weight = sum(package.size + package.more[1] for package in fresh)
    npm.started = sys.now()
    yield Sleep(0.4 + 0.004 * count(fresh) + weight / 40e6)
    for package in fresh:
        write_package(sys, prefix, package)
        yield Cpu(0.003)
    if prefix == "node_modules":
        cache = join(sys.env.get("HOME") or "/root", ".npm/_cacache")
        make_folder(sys, f"{cache}/content-v2/sha512", 0o755, parents=True)
        for package in fresh:
            digest = hashlib.sha512(f"{package.name}@{package.version}".encode()).hexdigest()
            sys.fs.write(f"{cache}/content-v2/sha512/{digest[:2]}-{digest[2:40]}", package.name.encode(),
                         declared_size=(package.size + package.more[1]) // 4)
    elif prefix.startswith("/"):
        for package in fresh:
            link_global(sys, prefix, package)
    return fresh, gone


def installed(sys: Any, prefix: str) -> dict[str, str]:
    """Nombre → versión de lo que ya hay en `prefix`."""
    found = {}
    for name in (sys.fs.listdir(prefix) if sys.fs.isdir(prefix) else ()):
        inner = [f"{name}/{each}"
                 for each in sys.fs.listdir(f"{prefix}/{name}")] if name.startswith("@") else [name]
        for each in inner:
            path = f"{prefix}/{each}/package.json"
            if not each.startswith(".") and sys.fs.exists(path):
                found[each] = json.loads(sys.fs.read(path)).get("version", "")
    return found


def write_package(sys: Any, prefix: str, package: Package) -> None:
    """La carpeta de un paquete: su package.json, su código (de peso declarado) y lo que arrastra."""
    folder = f"{prefix}/{package.name}"
    make_folder(sys, folder, 0o755, parents=True)
    about: Manifest = {"name": package.name, "version": package.version, "main": "index.js"}
    if package.needs:
        about["dependencies"] = dict.fromkeys(package.needs, "*")
    sys.fs.write(f"{folder}/package.json", (json.dumps(about, indent=2) + "\n").encode())
    sys.fs.write(f"{folder}/index.js", f"// {package.name} {package.version}\n".encode(),
                 declared_size=package.size)
    if package.more[0]:
        make_folder(sys, f"{folder}/node_modules", 0o755, parents=True)
        sys.fs.write(f"{folder}/node_modules/.resto", f"{package.more[0]} dependencias\n".encode(),
                     declared_size=package.more[1])
    command = table()["ejecutables"].get(package.name)
    if command and prefix == "node_modules":
        make_folder(sys, f"{prefix}/.bin", 0o755, parents=True)
        tool(sys, f"{folder}/cli.js", package)
        if not sys.fs.exists(f"{prefix}/.bin/{command}", follow=False):
            sys.fs.symlink(f"../{package.name}/cli.js", f"{prefix}/.bin/{command}")


def tool(sys: Any, path: str, package: Package) -> None:
    """El ejecutable de un paquete."""
    sys.fs.write(path, f"#!dockerlab npm-tool {package.name}\n".encode(), mode=0o755)
    sys.fs.chmod(path, 0o755)


def link_global(sys: Any, prefix: str, package: Package) -> None:
    command = table()["ejecutables"].get(package.name)
    if command:
        tool(sys, f"{prefix}/{package.name}/cli.js", package)
        if not sys.fs.exists(f"/usr/local/bin/{command}", follow=False):
            sys.fs.symlink(f"../lib/node_modules/{package.name}/cli.js", f"/usr/local/bin/{command}")


def integrity(package: Package) -> str:
    """Una huella con la forma de las de npm, siempre la misma para el mismo paquete."""
    import base64
    digest = hashlib.sha512(f"{package.name}@{package.version}".encode()).digest()
    return "sha512-" + base64.b64encode(digest).decode()


def write_lock(sys: Any, npm: Npm, manifest: Manifest, packages: dict[str, Package]) -> bool:
    """Escribe package-lock.json si cambia; verdadero si no existía."""
    name, version = manifest.get("name", npm.folder), manifest.get("version", "")
    rows = {package.name: {"version": package.version,
                           "resolved": f"{MIRROR}/{package.name}/-/{package.name}-{package.version}.tgz",
                           "integrity": integrity(package)} for package in packages.values()}
    lock: Manifest = {"name": name, **({"version": version} if version else {})}
    if npm.major < 7:
        lock |= {"lockfileVersion": 1, "requires": True, "dependencies": rows}
    else:
        root = {key: manifest[key] for key in ("name", "version", "license", "dependencies",
                                               "devDependencies") if key in manifest}
        lock |= {"lockfileVersion": 3 if npm.major > 8 else 2, "requires": True,
                 "packages": {"": root, **{f"node_modules/{key}": row for key, row in rows.items()}}}
    new = not sys.fs.exists("package-lock.json")
    text = (json.dumps(lock, indent=2, ensure_ascii=False) + "\n").encode()
    if new or sys.fs.read("package-lock.json") != text:
        sys.fs.write("package-lock.json", text)
    return new
