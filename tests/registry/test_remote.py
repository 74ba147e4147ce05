"""Un registro de verdad que falla de mil maneras: un error claro, y nada a medias en ningún lado."""

from __future__ import annotations

import shlex
import socket
import ssl
import subprocess
import sys
import time

import pytest

from dockerlab.cli import capture
from dockerlab.engine import Engine
from dockerlab.errors import DockerlabError
from dockerlab.filesystem import File, Layer
from dockerlab.images import Image, Reference
from dockerlab.registry import transport
from dockerlab.registry.exchange import fetch, send
from dockerlab.registry.remote import Remote
from dockerlab.registry.transport import base_of, gathered, is_here
from tests.extras import need

from .faulty import SECRET, USER, Faulty, Store

IMAGE = (Image.empty()
         .with_layer(Layer({"etc/a": File(b"a" * 5000), "grande": File(b"g", declared_size=10**9)}), "ADD file in /")
         .with_layer(Layer({"b": File(b"b" * 700)}), "COPY b /")
         .with_config('CMD ["/a"]', cmd=("/a",)))
OTHER = IMAGE.with_layer(Layer({"c": File(b"c" * 900)}), "COPY c /")


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch):
    """Nadie llama fuera de este equipo, ni espera de más."""
    real = socket.getaddrinfo

    def ask(host, *rest, **more):
        assert is_here(host) or host.endswith(".invalid"), host
        if host.endswith(".invalid"):
            raise socket.gaierror(-2, "Name or service not known")
        return real(host, *rest, **more)
    monkeypatch.setattr(socket, "getaddrinfo", ask)
    monkeypatch.setattr(transport, "PAUSE", 0.01)


@pytest.fixture
def server():
    with Faulty() as on:
        yield on


@pytest.fixture
def filled(server):
    """El servidor, con `bien/app:1` ya subida; los demás repositorios la enseñan con su fallo."""
    send(Remote(server.domain), "bien/app", "1", IMAGE)
    server.store.seen.clear()
    return server


def pull(server, fault: str, **options):
    return fetch(Remote(server.domain, **options), f"{fault}/app", "1")


def refusal(work) -> DockerlabError:
    with pytest.raises(DockerlabError) as refused:
        work()
    assert refused.value.what and refused.value.tip
    return refused.value


# ── lo que va bien ───────────────────────────────────────────────────────────

def test_what_goes_comes_back_the_same(server):
    place = Remote(server.domain)
    layers, digest, size = send(place, "bien/app", "1", IMAGE)
    assert [state for _, state in layers] == ["Pushed", "Pushed"]
    found = fetch(place, "bien/app", "1")
    assert (found.image.id, found.digest, found.image.layers) == (IMAGE.id, digest, IMAGE.layers)
    assert fetch(place, "bien/app", digest).image.id == IMAGE.id
    assert place.tags("bien/app") == ["1"]
    assert size == len(server.store.manifests[digest][1])


def test_it_asks_before_sending_and_sends_only_what_is_missing(server):
    place = Remote(server.domain)
    send(place, "bien/app", "1", IMAGE)
    server.store.seen.clear()
    assert [state for _, state in send(place, "bien/app", "2", OTHER)[0]] == [
        "Layer already exists", "Layer already exists", "Pushed"]
    assert len(server.paths("PATCH")) == 2       # la capa nueva y la configuración
    verbs = [verb for verb, path, _ in server.store.seen]
    assert verbs[0] == "HEAD" and verbs[-1] == "PUT" and "/manifests/2" in server.store.seen[-1][1]


@pytest.mark.parametrize("fault, state", [("bien", "Mounted from bien/app"), ("sin-montar", "Pushed")])
def test_a_layer_of_another_repository_is_mounted_or_sent(filled, fault, state, monkeypatch):
    monkeypatch.setattr(Remote, "has", lambda *_: False)
    origins = {layer.diff_id: "bien/app" for layer in IMAGE.layers}
    assert {said for _, said in send(Remote(filled.domain), f"{fault}/copia", "1", IMAGE, origins)[0]} == {state}


def test_a_big_layer_goes_in_chunks(server, monkeypatch):
    monkeypatch.setattr("dockerlab.registry.remote.CHUNK", 1000)
    send(Remote(server.domain), "bien/app", "1", IMAGE)
    ranges = [headers["Content-Range"] for verb, _, headers in server.store.seen if verb == "PATCH"]
    assert ranges[:3] == ["0-999", "1000-1999", "2000-2999"]
    assert fetch(Remote(server.domain), "bien/app", "1").image.id == IMAGE.id


def test_what_is_already_here_is_not_downloaded(filled):
    known = {IMAGE.layers[0].diff_id: IMAGE.layers[0]}
    found = fetch(Remote(filled.domain), "bien/app", "1", known=known.get)
    assert [here for _, here in found.layers] == [True, False]
    assert not [path for path in filled.paths("GET") if IMAGE.layers[0].diff_id in path]


# ── permisos ─────────────────────────────────────────────────────────────────

@pytest.mark.parametrize("fault, text", [
    ("basica", 'Head "http://{0}/v2/basica/app/manifests/1": no basic auth credentials'),
    ("ficha-nunca", "unauthorized: authentication required")])
def test_without_a_password_it_is_unauthorized_and_with_it_it_works(filled, fault, text):
    place = Remote(filled.domain)
    error = refusal(lambda: fetch(place, f"{fault}/app", "1"))
    assert error.text == text.format(filled.domain)
    assert f"docker login {filled.domain}" in error.tip
    place.http.login = (USER, SECRET)
    assert fetch(place, f"{fault}/app", "1").image.id == IMAGE.id
    assert send(place, f"{fault}/otra", "1", IMAGE)[1]


def test_a_token_is_asked_for_once_and_used_again(filled):
    assert pull(filled, "ficha").image.id == IMAGE.id
    assert len([path for path in filled.paths("GET") if path.startswith("/token")]) == 1
    assert any("scope=repository%3Aficha%2Fapp%3Apull" in path for path in filled.paths("GET"))


def test_a_wrong_password_is_told_and_forgotten(filled):
    place = Remote(filled.domain)
    place.http.login = (USER, "otra")
    assert refusal(lambda: fetch(place, "basica/app", "1")).key == "registry-401"
    assert not place.enter(USER, SECRET) or place.http.login == (USER, SECRET)
    place.leave()
    assert place.http.login is None and not place.http.tickets


# ── descargas que fallan ─────────────────────────────────────────────────────

@pytest.mark.parametrize("fault, key, words", [
    ("403", "registry-403", "denied"), ("429", "registry-429", "toomanyrequests: You have reached"),
    ("500", "registry-status", "received unexpected HTTP status: 500 Internal Server Error"),
    ("503", "registry-status", "received unexpected HTTP status: 503 Service Unavailable"),
    ("manifiesto-roto", "manifest-bad", "error unmarshalling content"),
    ("manifiesto-enorme", "registry-cut", "unexpected EOF"),
    ("blob-404", "blob-unknown", "unknown blob"),
    ("blob-cambiado", "blob-verify", "filesystem layer verification failed for digest sha256:"),
    ("blob-corto", "blob-verify", "filesystem layer verification failed for digest sha256:"),
    ("blob-largo", "blob-verify", "filesystem layer verification failed for digest sha256:"),
    ("blob-cortado", "registry-cut", "unexpected EOF"),
    ("desvio-sin-fin", "registry-redirects", "stopped after"),
    ("desvio-fuera", "registry-redirect-plain", "refusing to follow a redirect to a plain HTTP URL")])
def test_a_download_that_fails_says_why_and_leaves_nothing(filled, fault, key, words):
    engine = Engine(registries=[filled.domain])
    name = f"{filled.domain}/{fault}/app:1"
    done = capture(engine, ["pull", name], None, environment={})
    begun = key in ("blob-unknown", "blob-verify")
    assert (done.code, done.out) == (1, f"1: Pulling from {fault}/app\n" if begun else "")
    assert done.err.startswith("Error response from daemon: ") is not begun and words in done.err
    assert not engine.images.images and not engine.images.references
    assert refusal(lambda: engine.pull(name)).key == key


def test_an_unknown_tag_is_told_as_docker_tells_it(filled):
    error = refusal(lambda: fetch(Remote(filled.domain), "bien/app", "9"))
    assert error.text == f"manifest for {filled.domain}/bien/app:9 not found: manifest unknown: manifest unknown"


def test_a_manifest_that_is_not_the_one_asked_for_is_refused(filled):
    digest = filled.store.tags["bien/app", "1"]
    error = refusal(lambda: fetch(Remote(filled.domain), "manifiesto-cambiado/app", digest))
    assert (error.key, error.text) == ("manifest-verify", f"manifest verification failed for digest {digest}")


@pytest.mark.parametrize("fault", ["429-dos-veces", "503-dos-veces", "blob-cortado-una-vez"])
def test_what_passes_by_itself_is_tried_again(filled, fault):
    assert pull(filled, fault).image.id == IMAGE.id


def test_a_server_that_falls_silent_is_not_waited_for_ever(filled):
    begin = time.monotonic()
    error = refusal(lambda: pull(filled, "blob-parado", wait=(1, 0.1)))
    assert error.key == "registry-cut" and time.monotonic() - begin < 3


def test_credentials_do_not_follow_a_redirect_to_another_machine(filled):
    with Faulty(store=Store()) as other:
        other.store.blobs.update(filled.store.blobs)
        filled.server.RequestHandlerClass.other = f"http://127.0.0.1:{other.server.server_address[1]}"
        place = Remote(filled.domain)
        place.http.tickets = {"repository:desvio/app:pull": "Bearer ficha-buena"}
        assert fetch(place, "desvio/app", "1").image.id == IMAGE.id
        assert other.store.seen and not [1 for _, _, headers in other.store.seen if "Authorization" in headers]


# ── subidas que fallan ───────────────────────────────────────────────────────

@pytest.mark.parametrize("fault, words", [
    ("basica", "no basic auth credentials"), ("ficha-nunca", "unauthorized"), ("403", "denied"),
    ("429", "toomanyrequests"), ("500", "received unexpected HTTP status: 500 Internal Server Error"),
    ("subida-denegada", "denied"),
    ("subida-500", "received unexpected HTTP status: 500 Internal Server Error"),
    ("subida-cortada", "unexpected EOF"), ("digest-rechazado", "digest invalid"),
    ("manifiesto-rechazado", "manifest invalid")])
def test_an_upload_that_fails_says_why_and_publishes_nothing(server, fault, words):
    engine = Engine(registries=[server.domain])
    engine.images.add(IMAGE)
    name = f"{server.domain}/{fault}/app:1"
    engine.images.tag(name, IMAGE.id)
    done = capture(engine, ["push", name], None, environment={})
    assert done.code == 1 and words in done.err and not done.err.startswith("Error response")
    assert f"{IMAGE.layers[0].diff_id[7:19]}: Preparing\n" in done.out and "digest:" not in done.out
    assert not server.store.tags and not server.store.manifests
    assert engine.images.references == {Reference.parse(name): IMAGE.id}


def test_an_upload_that_is_cut_goes_on_from_where_it_was(server, monkeypatch):
    monkeypatch.setattr("dockerlab.registry.remote.CHUNK", 1000)
    place, real, cuts = Remote(server.domain), Remote.patch, []

    def patch(self, path, where, start, end, pieces):
        if start == 3000 and not cuts:
            cuts.append(start)
            raise transport.Broken("cortado")
        return real(self, path, where, start, end, pieces)
    monkeypatch.setattr(Remote, "patch", patch)
    server.store.seen.clear()
    send(place, "bien/app", "1", IMAGE)
    assert cuts and fetch(Remote(server.domain), "bien/app", "1").image.id == IMAGE.id


# ── no llegar ────────────────────────────────────────────────────────────────

def test_without_a_network_it_says_so_at_once():
    begin = time.monotonic()
    error = refusal(lambda: Engine(registries=["registro.invalid"]).pull("registro.invalid/app"))
    assert error.text == 'Get "https://registro.invalid/v2/": dial tcp: lookup registro.invalid: no such host'
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    error = refusal(lambda: Remote(f"localhost:{port}").tags("app"))
    assert error.text == f'Get "http://localhost:{port}/v2/": dial tcp 127.0.0.1:{port}: connect: connection refused'
    assert time.monotonic() - begin < 2


@pytest.mark.parametrize("domain, base", [
    ("localhost:5000", "http://localhost:5000"), ("127.0.0.5:80", "http://127.0.0.5:80"),
    ("[::1]:5000", "http://[::1]:5000"), ("registro.ejemplo", "https://registro.ejemplo"),
    ("https://localhost:5443", "https://localhost:5443"), ("docker.io", "https://registry-1.docker.io")])
def test_plain_http_is_only_for_this_machine(domain, base):
    assert base_of(domain) == base


def test_plain_http_to_another_machine_is_refused():
    assert refusal(lambda: Remote("http://registro.ejemplo")).key == "registry-plain"


def test_a_registry_that_was_not_named_is_never_called(filled):
    for engine in (Engine(), Engine(registries=["localhost:1"])):
        done = capture(engine, ["pull", f"{filled.domain}/bien/app:1"], None, environment={})
        assert done.code == 1 and "connection refused" in done.err
    assert not filled.store.seen


def test_naming_it_in_the_environment_is_enough(filled, monkeypatch):
    monkeypatch.setenv("DOCKERLAB_REGISTRIES", f"otro.invalid, {filled.domain}")
    assert capture(Engine(), ["pull", "-q", f"{filled.domain}/bien/app:1"], None, environment={}).code == 0


def test_without_the_extra_it_says_what_to_install():
    code = ("import sys; sys.modules['urllib3'] = None\n"
            "from dockerlab.engine import Engine\n"
            "from dockerlab.errors import DockerlabError\n"
            "try: Engine(registries=['localhost:5000']).pull('localhost:5000/app')\n"
            "except DockerlabError as error: print(error.key, error.tip)\n")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("registry-extra ") and "dockerlab[registro]" in done.stdout


def test_the_certificate_is_checked(tmp_path, monkeypatch):
    openssl = need("openssl")
    key, certificate = tmp_path / "clave.pem", tmp_path / "certificado.pem"
    subprocess.run([openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out",
                    certificate], check=True, capture_output=True)
    with Faulty() as on:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        on.server.socket = context.wrap_socket(on.server.socket, server_side=True)
        domain = f"https://{on.domain}"
        error = refusal(lambda: Remote(domain).tags("bien/app"))
        assert error.key == "registry-tls" and "certificate" in error.text
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        send(Remote(domain), "bien/app", "1", IMAGE)
        assert capture(Engine(registries=[domain]), shlex.split(f"pull -q {on.domain}/bien/app:1"), None,
                       environment={}).code == 0


def test_small_pieces_travel_together_and_big_ones_as_they_are():
    big = b"x" * 100
    pieces = list(gathered([b"a", b"b", big, b"c"], 50))
    assert pieces == [b"ab", big, b"c"] and pieces[1] is big
