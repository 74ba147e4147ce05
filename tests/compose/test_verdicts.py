"""Los errores de un archivo de Compose, con las palabras que dio Docker Compose 2.40.3."""

from __future__ import annotations

import pytest

from dockerlab.errors import table

BUSYBOX = "services:\n  web:\n    image: busybox\n"
YAML = [
    ("", "empty compose file"),
    ("- a\n", "yaml: unmarshal errors:\n  line 1: cannot unmarshal !!seq into cli.named"),
    ("services:\n\tweb: {}\n", "yaml: line 2: found character that cannot start any token"),
    ('services:\n  web:\n    image: "busy\n', "yaml: line 3: found unexpected end of stream"),
    ("services:\n  web:\n    ports: [80\n    image: x\n", "yaml: line 2: did not find expected ',' or ']'"),
    ("services:\n  web:\n    image: x\n   command: y\n", "yaml: line 1: did not find expected key"),
    ("services:\n  web:\n    image: x\n    command\n", "yaml: line 4: could not find expected ':'"),
    ("services:\n  web:\n    image: x\n    ports:\n      - 80\n      a: b\n",
     "yaml: line 4: did not find expected '-' indicator"),
    ("services:\n  web: *nada\n", "yaml: unknown anchor 'nada' referenced"),
    ("a: &a [*a]\n", "yaml: document contains excessive aliasing"),
    ("services:\n  web:\n    image: x\n    image: y\n",
     'failed to parse FILE: line 4: mapping key "image" already defined at line 3'),
    ("servicios: {}\n", "validating FILE:  additional properties 'servicios' not allowed"),
    ("services:\n  web:\n", "validating FILE: services.web must be a mapping"),
    ("services:\n  web: busybox\n", "services.web must be a mapping"),
    ('services:\n  "we b": {image: x}\n', "validating FILE: services additional properties 'we b' not allowed"),
    ("services: {web: {command: x}}\n",
     'service "web" has neither an image nor a build context specified: invalid compose project'),
    ("services: {web: {image: x}}\nvolumes:\n  d: {external: true, driver: local}\n",
     'volumes.d: conflicting parameters "external" and "driver" specified'),
    ("services: {web: {image: x}}\nsecrets:\n  d: {}\n", "secrets.d: one of file|environment must be set"),
    ("include: [noesta.yaml]\nservices: {web: {image: x}}\n", "open FOLDER/noesta.yaml: no such file or directory"),
    ("services: {a: {image: x, depends_on: [b]}, b: {image: x, depends_on: [c]}, c: {image: x, depends_on: [a]}}\n",
     "dependency cycle detected: a -> b -> c -> a"),
]
SERVICE = [
    ("ports: 80", "validating FILE: services.web.ports must be a array"),
    ('ports: ["abc"]', "Invalid containerPort: abc"),
    ("ports: [{target: 80, publish: 3}]",
     "validating FILE: services.web.ports.0 additional properties 'publish' not allowed"),
    ("command: {a: b}", "validating FILE: services.web.command must be a null"),
    ("environment: [3]", "services.web.environment.[0]: unexpected type int"),
    ("environment: {A: [1]}",
     "validating FILE: services.web.environment.A must be a boolean, null, number or string"),
    ("depends_on: {db: {}}", "validating FILE: services.web.depends_on.db missing property 'condition'"),
    ("depends_on: [web]", "dependency cycle detected: web -> web"),
    ("volumes: ['datos:/d']", 'service "web" refers to undefined volume datos: invalid compose project'),
    ("volumes: [':/go']", "invalid spec: :/go: empty section between colons"),
    ("networks: [otra]", 'service "web" refers to undefined network otra: invalid compose project'),
    ("network_mode: host\nnetworks: [default]",
     "service web declares mutually exclusive `network_mode` and `networks`: invalid compose project"),
    ("healthcheck: {test: [echo, a]}", 'healthcheck.test must start either by "CMD", "CMD-SHELL" or "NONE"'),
    ("healthcheck: {interval: cinco}", "decoding failed due to the following error(s):\n\n"
     "'services[web].healthcheck.interval' time: invalid duration \"cinco\""),
    ("healthcheck: {retries: muchos}", "error while interpolating services.web.healthcheck.retries: failed to cast to "
     'expected type: strconv.Atoi: parsing "muchos": invalid syntax'),
    ("privileged: quiza", "error while interpolating services.web.privileged: failed to cast to expected type: "
     "invalid boolean: quiza"),
    ("env_file: no.env", "env file FOLDER/no.env not found: stat FOLDER/no.env: no such file or directory"),
    ("extends: {service: nada}", 'cannot extend service "web" in FILE: service "nada" not found'),
    ("extends: web", "Circular reference:\n  web in FILE\n  extends web in FILE"),
    ("scale: 3\ncontainer_name: uno", "services.scale: can't set container_name and web as container name must be "
     "unique: invalid compose project"),
    ("hostname: ${NO:?falta esto}",
     "error while interpolating services.web.hostname: required variable NO is missing a value: falta esto"),
    ("hostname: ${NO", "invalid interpolation format for services.web.hostname.\n"
     "You may need to escape any $ with another $.\n${NO"),
]


def said(desk, text: str) -> str:
    desk.write(text)
    done = desk.compose("config", "-q")
    assert done.code == 1 and done.out == ""
    file = str(desk.folder / "compose.yaml")
    return done.err.rstrip("\n").replace(file, "FILE").replace(str(desk.folder), "FOLDER")


@pytest.mark.parametrize(("text", "wanted"), YAML)
def test_a_bad_file_is_refused_with_the_words_of_docker(desk, text, wanted):
    """Sintaxis, forma y sentido del archivo entero."""
    assert said(desk, text) == wanted


@pytest.mark.parametrize(("lines", "wanted"), SERVICE)
def test_a_bad_service_is_refused_with_the_words_of_docker(desk, lines, wanted):
    """Lo que una clave de un servicio no puede llevar."""
    assert said(desk, BUSYBOX + "".join(f"    {line}\n" for line in lines.split("\n"))) == wanted


def test_an_error_knows_its_line(desk):
    """La explicación señala la línea del archivo donde está la clave."""
    from dockerlab.compose.loader import Loader
    from dockerlab.errors import DockerlabError
    loader = Loader(str(desk.folder), {})
    with pytest.raises(DockerlabError) as caught:
        loader.load_text("services:\n  web:\n    image: x\n\n    comando: y\n")
    assert caught.value.data["line"] == 5 and "comando" in caught.value.text
    with pytest.raises(DockerlabError) as caught:
        loader.load_text("services:\n  web:\n    image: x\n    healthcheck:\n      retries: ${N:-dos}\n")
    assert caught.value.data["line"] == 5 and "línea 5" in caught.value.what


@pytest.mark.parametrize(("text", "what", "hint"), [
    (BUSYBOX + "cache:\n  image: redis\n",
     "En la línea 4 está la clave `cache`, y arriba del todo, sin margen, no cabe.",
     "Si es un servicio, va dentro de `services:`, con más margen."),
    ("service:\n  web: {image: x}\n", "En la línea 1 está la clave `service`, y arriba del todo, sin margen, no cabe.",
     "¿Querías decir `services`?"),
    (BUSYBOX + "    depend_on: [db]\n", "En la línea 4 está la clave `depend_on`, y en `services.web` no cabe.",
     "¿Querías decir `depends_on`?"),
    (BUSYBOX + "    interval: 1s\n", "En la línea 4 está la clave `interval`, y en `services.web` no cabe.",
     "Esa clave existe, pero no va ahí: mira su margen."),
    (BUSYBOX + "    comando: y\n", "En la línea 4 está la clave `comando`, y en `services.web` no cabe.",
     "¿Querías decir `command`?"),
    (BUSYBOX + "volumes:\n  datos\n",
     "En la línea 4, lo que lleva `volumes` tiene que ser claves con su valor, y es otra cosa.",
     "Escríbelas debajo, con más margen y con sus dos puntos: `clave: valor`."),
    (BUSYBOX + "    ports: 80\n",
     "En la línea 4, lo que lleva `services.web.ports` tiene que ser una lista, y es otra cosa.",
     "Escríbela debajo, con un guion por línea (`- uno`), o entre corchetes: `[uno, otro]`."),
    (BUSYBOX + "    zxy: y\n", "En la línea 4 está la clave `zxy`, y en `services.web` no cabe.",
     "Mira si es una errata."),
])
def test_a_key_out_of_place_is_told_where_it_goes(desk, text, what, hint):
    """La explicación nombra la clave y su línea, y dice qué probar."""
    from dockerlab.compose.loader import Loader
    from dockerlab.errors import DockerlabError
    with pytest.raises(DockerlabError) as caught:
        Loader(str(desk.folder), {}).load_text(text)
    assert (caught.value.what, caught.value.tip) == (what, hint)


def test_the_explanation_does_not_drag_the_whole_path(desk):
    """Docker escribe la ruta entera; quien lee la explicación no la necesita."""
    desk.write("services:\n  web: busybox\n")
    done = desk.compose("config", "-q")
    assert "services.web must be a mapping" in done.err
    from dockerlab.compose.loader import Loader
    from dockerlab.errors import DockerlabError
    with pytest.raises(DockerlabError) as caught:
        Loader(str(desk.folder), {}).load([str(desk.folder / "compose.yaml")])
    assert f"«{desk.folder.name}/compose.yaml»" in caught.value.what


def test_every_fault_of_compose_is_explained():
    """Cada falta dice qué ha pasado y qué probar."""
    entries = {key: entry for key, entry in table().items() if key.startswith(("compose-", "env-", "no-such-service"))}
    assert len(entries) > 50
    assert all(entry.get("what") and entry.get("try") for entry in entries.values())
