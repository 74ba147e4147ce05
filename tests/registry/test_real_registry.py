"""El juez: un registro de verdad aquí, y al otro lado skopeo y Docker Engine. Mismo digest, mismos archivos."""

from __future__ import annotations

import io
import json
import os
import shlex
import socket
import subprocess
import tarfile
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from dockerlab.cli import capture
from dockerlab.engine import Engine
from dockerlab.filesystem import Directory, File, Layer, Symlink, Whiteout
from dockerlab.images import Digest, Image
from dockerlab.images.archive import flatten
from tests.extras import need

CONFIG = """version: 0.1
log: {{level: error, accesslog: {{disabled: true}}}}
storage: {{filesystem: {{rootdirectory: {root}}}, delete: {{enabled: true}}}}
http: {{addr: "127.0.0.1:{port}"}}
{auth}"""
PASSWORDS = "ana:$2b$04$wQ45hdtF52ylvfGO2jBn/.mf8NoC5HpC3jT7Hts9BlnbYXKYMAJQm\n"
IMAGE = (Image.empty()
         .with_layer(Layer({"etc": Directory(), "etc/a": File(b"a" * 5000, 0o640, 3, 4), "etc/b": File(b"b"),
                            "grande": File(b"g", declared_size=10**9)}), "ADD file in /")
         .with_layer(Layer({"etc/b": Whiteout(), "bin/x": File(b"x" * 700, 0o755, inode=1),
                            "bin/y": File(b"x" * 700, 0o755, inode=1), "z": Symlink("etc/a")}), "COPY . /")
         .with_config('CMD ["/bin/x"]', cmd=("/bin/x",), env=("A=1",)))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def registry(folder: Path, port: int, auth: str = "", before: tuple[str, ...] = ()):
    """Un registro en 127.0.0.1:`port` con los datos en `folder`; `before`: en qué espacio de red se arranca."""
    program = need("registry")
    config = folder / f"{port}-{len(before)}.yml"
    config.write_text(CONFIG.format(root=folder / "datos", port=port, auth=auth), encoding="utf-8")
    process = subprocess.Popen([*before, program, "serve", config], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        probe = [*before, "bash", "-c", f"exec 3<>/dev/tcp/127.0.0.1/{port}"]
        for _ in range(200):
            if subprocess.run(probe, check=False, capture_output=True).returncode == 0:
                break
            time.sleep(0.05)
        yield f"localhost:{port}"
    finally:
        process.terminate()
        process.wait(10)


class Desk:
    """La línea de órdenes de aquí sobre un motor que puede ir a ese registro."""

    def __init__(self, domain: str):
        self.domain, self.engine = domain, Engine(registries=[domain])

    def __call__(self, line: str, stdin: bytes | None = None):
        done = capture(self.engine, shlex.split(line), stdin, environment={})
        assert done.code == 0, done.err
        return done.out

    def push(self, image: Image, name: str) -> str:
        """Sube una imagen; el digest que dice `docker push`."""
        self.engine.images.add(image)
        self.engine.images.tag(f"{self.domain}/{name}", image.id)
        return self(f"push {self.domain}/{name}").split("digest: ")[1].split()[0]

    def pull(self, name: str) -> tuple[str, Image]:
        """Descarga una imagen: el digest que dice `docker pull`, y ella."""
        said = self(f"pull {self.domain}/{name}")
        return said.split("Digest: ")[1].split()[0], self.engine.image(f"{self.domain}/{name}")


def content(tar: bytes) -> dict[str, tuple]:
    """Lo que hay en un tar, sin las horas ni lo que Docker monta: ruta → (clase, permisos, dueño, contenido)."""
    found = {}
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        for member in archive:
            name = member.name.strip("./")
            if name.split("/")[0] in ("dev", "proc", "sys", ".dockerenv", "") or name in (
                    "etc/hostname", "etc/hosts", "etc/mtab", "etc/resolv.conf"):
                continue
            file = archive.extractfile(member) if member.isfile() or member.islnk() else None
            kind = "0" if member.islnk() else member.type.decode()
            found[name] = (kind, oct(member.mode), member.uid, member.gid, member.linkname if kind == "2" else "",
                           file.read() if file else b"")
    return found


def mine(image: Image) -> dict[str, tuple]:
    return content(flatten(image.overlay()).tar())


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """Un registro en marcha: su carpeta y su nombre."""
    folder = tmp_path_factory.mktemp("registro")
    with registry(folder, free_port()) as domain:
        yield folder, domain


def skopeo(*words: str) -> str:
    done = subprocess.run([need("skopeo"), *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_goes_and_comes_back(room):
    digest = Desk(room[1]).push(IMAGE, "ida/vuelta:1")
    found, image = Desk(room[1]).pull("ida/vuelta:1")
    assert (found, image.id, image.layers) == (digest, IMAGE.id, IMAGE.layers)


def test_skopeo_pulls_what_is_pushed_from_here(room, tmp_path):
    digest = Desk(room[1]).push(IMAGE, "de-aqui:1")
    source = f"docker://{room[1]}/de-aqui:1"
    assert skopeo("inspect", "--tls-verify=false", "--format", "{{.Digest}}", source).strip() == digest
    skopeo("copy", "-q", "--preserve-digests", "--src-tls-verify=false", source, f"oci:{tmp_path}/oci:1")
    index = json.loads((tmp_path / "oci" / "index.json").read_text(encoding="utf-8"))
    assert index["manifests"][0]["digest"] == digest
    blobs = tmp_path / "oci" / "blobs" / "sha256"
    assert all((blobs / layer.diff_id[7:]).read_bytes() == layer.tar() for layer in IMAGE.layers)


def test_what_skopeo_pushes_is_pulled_and_explored_here(room, tmp_path):
    from dockerlab.images.archive import save
    with open(tmp_path / "app.tar", "wb") as file:
        save([(IMAGE, ["app:1"])], file)
    skopeo("copy", "-q", "--dest-tls-verify=false", f"docker-archive:{tmp_path}/app.tar", f"docker://{room[1]}/de-skopeo:1")
    digest, image = Desk(room[1]).pull("de-skopeo:1")
    assert digest == skopeo("inspect", "--tls-verify=false", "--format", "{{.Digest}}",
                            f"docker://{room[1]}/de-skopeo:1").strip()
    assert image.id == IMAGE.id and mine(image) == mine(IMAGE)
    assert image.filesystem().read("/z") == b"a" * 5000


def test_a_repository_mounts_the_layers_of_another(room):
    desk = Desk(room[1])
    desk.push(IMAGE, "uno:1")
    desk.engine.images.tag(f"{room[1]}/dos:1", IMAGE.id)
    assert desk(f"push {room[1]}/dos:1").count("Mounted from uno") == 2
    assert desk(f"push {room[1]}/dos:1").count("Layer already exists") == 2


def test_a_list_of_images_gives_the_one_for_this_machine(room):
    desk = Desk(room[1])
    arm = Image(IMAGE.config.replace(architecture="arm64", variant="v8"), IMAGE.layers)
    desk.push(IMAGE, "varias:amd64")
    desk.push(arm, "varias:arm64")
    from dockerlab.images.manifest import INDEX, index
    body = index([arm, IMAGE])
    desk.engine.hub.place(room[1]).put_manifest("varias", "1", INDEX, body)
    digest, image = desk.pull("varias:1")
    assert (image.id, digest) == (IMAGE.id, str(Digest.of(body)))
    assert skopeo("inspect", "--raw", "--tls-verify=false", f"docker://{room[1]}/varias:1").encode() == body
    assert desk(f"pull --platform linux/arm64 {room[1]}/varias:1")
    assert desk.engine.image(f"{room[1]}/varias:1").id == arm.id


def test_a_password_opens_a_private_registry(tmp_path):
    (tmp_path / "claves").write_text(PASSWORDS, encoding="utf-8")
    auth = f"auth: {{htpasswd: {{realm: prueba, path: {tmp_path / 'claves'}}}}}"
    with registry(tmp_path, free_port(), auth) as domain:
        desk = Desk(domain)
        desk.engine.images.add(IMAGE)
        desk.engine.images.tag(f"{domain}/app:1", IMAGE.id)
        refused = capture(desk.engine, ["push", f"{domain}/app:1"], None, environment={})
        assert refused.code == 1 and refused.err == "no basic auth credentials\n"
        wrong = capture(desk.engine, ["login", "-u", "ana", "--password-stdin", domain], b"mala", environment={})
        assert wrong.err == (f"Error response from daemon: login attempt to http://{domain}/v2/ failed with status: "
                             "401 Unauthorized\n")
        assert desk(f"login -u ana --password-stdin {domain}", b"secreto\n") == "Login Succeeded\n"
        desk(f"push {domain}/app:1")
        assert skopeo("inspect", "--tls-verify=false", "--creds", "ana:secreto", f"docker://{domain}/app:1")


def test_the_folders_of_our_registry_are_those_of_the_real_one(tmp_path):
    """Lo que guarda el registro simulado lo sirve el de verdad, y los dos tiran lo mismo a la basura."""
    desk = Desk("localhost:1")
    desk("run -d -q -p 5000:5000 --name registro registry:2")
    desk.engine.images.add(IMAGE)
    for name in ("app:1", "otra/app:1"):
        desk.engine.images.tag(f"localhost:5000/{name}", IMAGE.id)
        desk(f"push localhost:5000/{name}")
    files = desk.engine.hub.place("localhost:5000")
    files.put("app", str(Digest.of(b"suelto")), 6, lambda: iter((b"suelto",)))
    for path, node in files.fs.walk("/var/lib/registry"):
        if isinstance(node, File):
            target = tmp_path / "datos" / path.removeprefix("/var/lib/registry/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(node.content)
    with registry(tmp_path, free_port()) as domain:
        assert Desk(domain).pull("otra/app:1")[1].id == IMAGE.id
        assert skopeo("list-tags", "--tls-verify=false", f"docker://{domain}/app")
    config = next(tmp_path.glob("*.yml"))
    real = subprocess.run([need("registry"), "garbage-collect", config], capture_output=True, text=True, check=True)
    assert desk("exec registro registry garbage-collect /etc/docker/registry/config.yml").startswith(real.stdout)


# ── con Docker Engine ────────────────────────────────────────────────────────

@pytest.fixture(scope="module")
def engine(room):
    """Docker Engine, y el mismo almacén servido también en su espacio de red, con el mismo nombre."""
    oracle = need("docker")
    state = Path(os.environ["ORACLE_STATE"])
    inside = ("nsenter", "-t", (state / "initpid").read_text().strip(), "-n")
    with registry(room[0], int(room[1].partition(":")[2]), before=inside):
        yield oracle


def told(done) -> str:
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def exported(oracle, name: str) -> dict[str, tuple]:
    container = told(oracle.run("create", name, "x")).strip()
    try:
        return content(oracle.run("export", container).stdout)
    finally:
        oracle.run("rm", container)


def test_docker_pulls_what_is_pushed_from_here(room, engine):
    digest = Desk(room[1]).push(IMAGE, "para-docker:1")
    name = f"{room[1]}/para-docker:1"
    assert f"Digest: {digest}\n" in told(engine.run("pull", name))
    assert told(engine.run("image", "inspect", "-f", "{{.Id}}", name)).strip() == IMAGE.id
    theirs = exported(engine, name)
    assert {path: theirs[path] for path in mine(IMAGE)} == mine(IMAGE)
    engine.run("rmi", "-f", name)


def test_what_docker_pushes_is_pulled_and_explored_here(room, engine):
    folder = Path(tempfile.mkdtemp(dir=engine.work))
    (folder / "Dockerfile").write_text("FROM busybox\nRUN mkdir /d && echo hola > /d/a && ln -s a /d/b && rm /bin/vi\n"
                                       "CMD [\"cat\", \"/d/b\"]\n", encoding="utf-8")
    name = f"{room[1]}/de-docker:1"
    told(engine.run("build", "-q", "-t", name, str(folder)))
    digest = told(engine.run("push", name)).split("digest: ")[1].split()[0]
    desk = Desk(room[1])
    found, image = desk.pull("de-docker:1")
    assert (found, image.id) == (digest, told(engine.run("image", "inspect", "-f", "{{.Id}}", name)).strip())
    theirs, ours = exported(engine, name), mine(image)
    assert {path: theirs[path] for path in ours} == ours and ours["d/a"][-1] == b"hola\n" and "bin/vi" not in ours
    assert desk("images -q").strip() == image.id[7:19]
    assert "RUN /bin/sh -c mkdir /d" in desk(f"history --no-trunc {name}")
    engine.run("rmi", "-f", name)
