"""Pregunta al motor real qué hace cada caso de `copy_cases.py` y lo anota en `copy_rules.json`.

Se ejecuta a mano, con un motor a mano: `python -m tests.build.record_copy_rules`.
"""

from __future__ import annotations

import io
import json
import pathlib
import re
import sys
import tarfile
import tempfile

HERE = pathlib.Path(__file__).parent
ANSWERS = HERE / "copy_rules.json"


def members(spec: dict) -> bytes:
    """El tar que describe `spec`, con la notación de los casos."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, value in spec.items():
            name, _, mode = name.partition("@")
            info = tarfile.TarInfo(name.rstrip("/"))
            directory = name.endswith("/") or mode.endswith("/")
            info.mode = int(mode.rstrip("/") or ("755" if directory else "644"), 8)
            if directory:
                info.type = tarfile.DIRTYPE
                tar.addfile(info)
            elif value.startswith("-> "):
                info.type, info.linkname, info.mode = tarfile.SYMTYPE, value[3:], 0o777
                tar.addfile(info)
            else:
                info.size = len(value.encode())
                tar.addfile(info, io.BytesIO(value.encode()))
    return out.getvalue()


def plant(root: pathlib.Path, spec: dict) -> None:
    """Escribe en `root` los archivos que describe `spec`."""
    for name, value in spec.items():
        name, _, mode = name.partition("@")
        path = root / name.rstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("/") or mode.endswith("/"):
            path.mkdir(exist_ok=True)
            path.chmod(int(mode.rstrip("/") or "755", 8))
        elif isinstance(value, dict):
            import gzip
            data = members(value)
            path.write_bytes(gzip.compress(data, mtime=0) if name.endswith("gz") else data)
        elif value.startswith("-> "):
            path.symlink_to(value[3:])
        else:
            path.write_text(value)
            path.chmod(int(mode or "644", 8))


def content(data: bytes) -> str:
    """El contenido, entre comillas; de lo largo, lo comprimido y los programas, solo que lo es."""
    short = len(data) <= 100 and not data.startswith((b"\x1f\x8b", b"#!dockerlab"))
    return repr(data.decode()) if short else "<largo>"


def tree(data: bytes) -> dict[str, str]:
    """Ruta → «tipo permisos dueño:grupo contenido» de un tar."""
    found = {}
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        for info in tar:
            kind = "d" if info.isdir() else "l" if info.issym() else "f"
            tail = info.linkname if info.issym() else content(tar.extractfile(info).read()) if kind == "f" else ""
            mode = "" if kind == "l" else f" {info.mode:o}"
            name = "/" + info.name.removeprefix("./").strip("/")
            if name != "/":
                found[name] = f"{kind}{mode} {info.uid}:{info.gid} {tail}".strip()
    return found


def reason(text: str) -> str:
    """De lo que escribió la construcción fallida, su última línea, sin identificadores."""
    line = [line for line in text.splitlines() if line.startswith("ERROR: ")][-1]
    line = line.removeprefix("ERROR: failed to build: failed to solve: ")
    return re.sub(r"\S*/overlay2/\w+/merged", "<MERGED>", re.sub(r"ref \S+::\S+: ", "ref <REF>: ", line))


def main() -> None:
    from tests.build.copy_cases import CASES
    from tests.extras import need
    docker = need("docker")
    wanted = sys.argv[1:]
    answers = json.loads(ANSWERS.read_text()) if ANSWERS.exists() else {}
    for name, (files, text) in CASES.items():
        if wanted and name not in wanted:
            continue
        with tempfile.TemporaryDirectory(dir=docker.work) as folder:
            root = pathlib.Path(folder)
            plant(root, files)
            (root / ".dockerignore").write_text("Dockerfile\n.dockerignore\n")
            (root / "Dockerfile").write_text("FROM scratch\n" + text + "\n")
            done = docker.run("build", "-o", "type=tar,dest=-", str(root))
            answers[name] = (tree(done.stdout) if done.returncode == 0
                             else {"error": reason(done.stderr.decode())})
    ANSWERS.write_text(json.dumps({name: answers[name] for name in CASES}, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
