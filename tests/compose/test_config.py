"""`docker compose config`: el proyecto en su forma larga, escrito como lo escribe Docker."""

from __future__ import annotations

import json

from dockerlab.compose import emit, template
from dockerlab.compose.loader import Loader


def test_short_forms_become_long_ones(desk):
    """Lo grabado de Docker Compose 2.40.3 con el mismo archivo."""
    desk.write("services:\n  web:\n    image: nginx:${TAG:-1.27}\n    command: nginx -g 'daemon off;'\n"
               "    ports: ['8080:80']\n    volumes: ['datos:/d', './web:/web:ro']\n    mem_limit: 64m\n"
               "    healthcheck: {test: curl -f x, interval: 90s}\n    labels: {n: '1', z: 3}\n"
               "volumes: {datos: {}}\n")
    assert desk.compose("config").out == f"""name: tienda
services:
  web:
    command:
      - nginx
      - -g
      - daemon off;
    healthcheck:
      test:
        - CMD-SHELL
        - curl -f x
      interval: 1m30s
    image: nginx:1.27
    labels:
      "n": "1"
      z: "3"
    mem_limit: "67108864"
    networks:
      default: null
    ports:
      - mode: ingress
        target: 80
        published: "8080"
        protocol: tcp
    volumes:
      - type: volume
        source: datos
        target: /d
        volume: {{}}
      - type: bind
        source: {desk.folder}/web
        target: /web
        read_only: true
        bind:
          create_host_path: true
networks:
  default:
    name: tienda_default
volumes:
  datos:
    name: tienda_datos
"""


def test_quotes_appear_only_where_yaml_needs_them():
    """Cada texto, con las comillas que pone go-yaml."""
    wanted = {"x: y": "'x: y'", "- z": "'- z'", "\ttab": '"\\ttab"', "null": '"null"', "0x10": '"0x10"', " s": "' s'",
              "ñ€": "ñ€", "2020-01-01": '"2020-01-01"', "a#b": "a#b", "a #b": "'a #b'", "*x": "'*x'", "r:": "'r:'",
              ":a": ":a", "off": '"off"', "1:30": '"1:30"', "-c": "-c", "": '""'}
    assert {text: emit.text(text) for text in wanted} == wanted
    assert emit.dump({"a": ["uno\ndos\n", "x\ny"]}) == "a:\n  - |\n    uno\n    dos\n  - |-\n    x\n    y\n"


def test_a_second_file_completes_and_corrects_the_first(desk):
    """Los diccionarios se mezclan, los puertos se suman y la orden se sustituye."""
    desk.write("services:\n  web:\n    image: y\n    ports: ['2:2']\n    environment: {A: 1, B: 2}\n    command: b c\n")
    desk.write("services:\n  web:\n    ports: ['1:1']\n    command: [a]\n    environment: [A=9]\n",
               "compose.override.yaml")
    web = json.loads(desk.compose("config", "--format", "json").out)["services"]["web"]
    assert web["command"] == ["a"] and web["environment"] == {"A": "9", "B": "2"}
    assert [row["target"] for row in web["ports"]] == [2, 1]


def test_reset_and_override_drop_what_was_there(desk):
    """`!reset` quita; `!override` sustituye entero."""
    desk.write("services: {web: {image: x, ports: ['8:8'], command: a b}}\n")
    desk.write("services: {web: {ports: !override ['9:9'], command: !reset null}}\n", "b.yaml")
    web = json.loads(desk.compose("-f", "compose.yaml", "-f", "b.yaml", "config", "--format", "json").out)
    assert [row["target"] for row in web["services"]["web"]["ports"]] == [9]
    assert web["services"]["web"]["command"] is None


def test_a_service_extends_another_of_another_file(desk):
    """Lo extendido queda debajo, con sus rutas contadas desde su carpeta."""
    desk.write("services: {base: {build: ., environment: {A: 1, B: 2}}}\n", "comun/base.yaml")
    desk.write("services:\n  web:\n    extends: {file: comun/base.yaml, service: base}\n    environment: [B=3]\n")
    web = json.loads(desk.compose("config", "--format", "json").out)["services"]["web"]
    assert web["environment"] == {"A": "1", "B": "3"}
    assert web["build"]["context"] == str(desk.folder / "comun")


def test_an_included_file_reads_its_own_env(desk):
    """`include` trae servicios con las variables de su carpeta; un choque es un error."""
    desk.write("services: {api: {image: 'i:${TAG}'}}\n", "sub/inc.yaml")
    desk.write("TAG=7\n", "sub/.env")
    desk.write("include: [sub/inc.yaml]\nservices: {web: {image: x, depends_on: [api]}}\n")
    assert desk.compose("config", "--images").out == "i:7\nx\n"
    desk.write("include: [sub/inc.yaml]\nservices: {api: {image: z}}\n")
    assert desk.compose("config", "-q").err == "services.api conflicts with imported resource\n"


def test_profiles_turn_services_on(desk):
    """Un servicio con perfil solo está si se enciende, o si se nombra."""
    desk.write("services: {web: {image: x}, depurar: {image: y, profiles: [dev]}}\n")
    assert desk.compose("config", "--services").out == "web\n"
    assert desk.compose("--profile", "dev", "config", "--services").out == "depurar\nweb\n"
    assert desk.compose("config", "--services", COMPOSE_PROFILES="dev").out == "depurar\nweb\n"


def test_the_environment_wins_over_the_env_file(desk):
    """Primero las variables de quien escribe, después las de `.env`."""
    desk.write("FOO=archivo\n", ".env")
    desk.write("services: {web: {image: 'x:$FOO', environment: [FOO, BAR]}}\n")
    assert desk.compose("config", "--images").out == "x:archivo\n"
    assert desk.compose("config", "--images", FOO="entorno").out == "x:entorno\n"
    assert desk.compose("-p", "MAYUS", "config", "-q").err.startswith('invalid project name "MAYUS": must consist')


def test_a_variable_without_value_is_warned_about_once_per_file(desk):
    """El aviso lleva la hora del reloj virtual."""
    desk.write("services: {web: {image: 'x${NO}', hostname: 'h${NO}'}}\n")
    done = desk.compose("config", "-q")
    assert done.code == 0 and done.err.count("variable is not set") == 1
    assert 'level=warning msg="The \\"NO\\" variable is not set. Defaulting to a blank string."' in done.err


def test_windows_line_ends_and_anchors_are_read(tmp_path):
    """CRLF, anclas, `<<` y extensiones."""
    text = "x-comun: &c\r\n  restart: always\r\nservices:\r\n  web:\r\n    <<: *c\r\n    image: x\r\n"
    project = Loader(str(tmp_path), {}).load_text(text)
    assert project.services["web"]["restart"] == "always" and project.extensions == {"x-comun": {"restart": "always"}}


def test_variables_inside_variables_are_listed():
    """`${A:-${B}}` nombra dos."""
    assert [found.name for found in template.variables("${A:-${B}} $C $$D")] == ["A", "B", "C"]
