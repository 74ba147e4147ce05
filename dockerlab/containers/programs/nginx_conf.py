"""La configuración de nginx: leer sus bloques y quedarse con lo que aquí se obedece.

Fuente: nginx.org, *Beginner's Guide* y *ngx_http_core_module*.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from dockerlab.errors import FileError

TOKEN = re.compile(r"""\s+|\#[^\n]*|"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|([{};])
                       |((?:\\.|\$\{[^}]*\}|[^\s{};"'])+)""", re.VERBOSE)
KNOWN = set("""
user worker_processes error_log pid events worker_connections http include default_type log_format
access_log sendfile tcp_nopush tcp_nodelay keepalive_timeout gzip gzip_types gzip_min_length server listen
server_name root index location proxy_pass proxy_set_header proxy_http_version proxy_cache_bypass
proxy_redirect proxy_read_timeout proxy_connect_timeout proxy_send_timeout proxy_buffering try_files return
rewrite error_page alias add_header expires autoindex upstream client_max_body_size charset deny allow
internal set if map types server_tokens load_module use multi_accept daemon types_hash_max_size resolver
proxy_hide_header limit_req limit_req_zone keepalive least_conn ip_hash fastcgi_pass fastcgi_param
fastcgi_index auth_basic auth_basic_user_file ssl_certificate ssl_certificate_key etag open_file_cache
server_names_hash_bucket_size env master_process worker_rlimit_nofile reset_timedout_connection
client_body_timeout send_timeout log_not_found stub_status
""".split())


class BadConfig(Exception):
    """Una configuración que nginx no acepta; el texto es el de su `[emerg]`."""


@dataclass(slots=True)
class Directive:
    """Una directiva: sus palabras, su bloque si lo tiene, y dónde está."""

    words: list[str]
    path: str
    line: int
    block: list[Directive] | None = None


@dataclass(slots=True)
class Location:
    """Un `location`: cómo se compara (vacío, =, ^~, ~, ~*) y qué hace."""

    mark: str
    pattern: str
    rules: dict[str, list[list[str]]] = field(default_factory=dict)


@dataclass(slots=True)
class Server:
    """Un `server`: dónde escucha, cómo se llama, sus reglas y sus `location`."""

    ports: list[tuple[str, int]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    rules: dict[str, list[list[str]]] = field(default_factory=dict)
    locations: list[Location] = field(default_factory=list)
    default: bool = False


def read(sys: Any, path: str, main: str = "/etc/nginx") -> list[Directive]:
    """Las directivas de un archivo, con lo que incluya. `BadConfig` si no se entiende."""
    try:
        text = sys.fs.read(path).decode("utf-8", "replace")
    except FileError as error:
        number = {"ENOENT": 2, "EACCES": 13, "EISDIR": 21}.get(error.key, 5)
        raise BadConfig(f'open() "{path}" failed ({number}: {error.text})') from None
    stack: list[list[Directive]] = [[]]
    words: list[str] = []
    at, line, start = 0, 1, 1
    while at < len(text):
        found = TOKEN.match(text, at)
        if not found:
            raise BadConfig(f'unexpected "{text[at]}" in {path}:{line}')
        at = found.end()
        double, single, sign, word = found.groups()
        piece = double if double is not None else single if single is not None else word
        if piece is not None:
            start = line if not words else start
            words.append(piece)
        elif sign == ";":
            if not words:
                raise BadConfig(f'unexpected ";" in {path}:{line}')
            stack[-1] += expand(sys, Directive(words, path, start), main)
            words = []
        elif sign == "{":
            block = Directive(words, path, start, [])
            check(block)
            stack[-1].append(block)
            stack.append(block.block or [])
            block.block = stack[-1]
            words = []
        elif sign == "}":
            if words:
                raise BadConfig(f'unexpected "}}" in {path}:{line}')
            if len(stack) == 1:
                raise BadConfig(f'unexpected "}}" in {path}:{line}')
            stack.pop()
        line += found[0].count("\n")
    if words:
        raise BadConfig(f'unexpected end of file, expecting ";" or "}}" in {path}:{line}')
    if len(stack) > 1:
        raise BadConfig(f'unexpected end of file, expecting "}}" in {path}:{line}')
    return stack[0]


def check(directive: Directive) -> None:
    if directive.words and directive.words[0] not in KNOWN:
        raise BadConfig(f'unknown directive "{directive.words[0]}" in {directive.path}:{directive.line}')


def expand(sys: Any, directive: Directive, main: str) -> list[Directive]:
    """La directiva, o lo que hay en los archivos de un `include`."""
    if directive.words[0] != "include":
        if directive.words[0] in KNOWN or "/" in directive.words[0]:
            return [directive]
        check(directive)
    pattern = directive.words[1] if directive.words[1].startswith("/") else f"{main}/{directive.words[1]}"
    if pattern.endswith("mime.types"):
        return []
    if "*" not in pattern:
        return read(sys, pattern, main)
    folder, _, name = pattern.rpartition("/")
    names = sys.fs.listdir(folder) if sys.fs.isdir(folder) else []
    return [inner for each in names if fnmatchcase(each, name)
            for inner in read(sys, f"{folder}/{each}", main)]


def servers(tree: list[Directive]) -> tuple[list[Server], dict[str, list[str]]]:
    """Los servidores y los `upstream` (nombre → direcciones)."""
    out, groups = [], {}
    for directive in tree:
        if directive.words[:1] == ["http"]:
            for inner in directive.block or ():
                if inner.words[0] == "server" and inner.block is not None:
                    out.append(server(inner))
                elif inner.words[0] == "upstream":
                    groups[inner.words[1]] = [each.words[1] for each in inner.block or () if each.words[0] == "server"]
    return out, groups


def server(directive: Directive) -> Server:
    made = Server()
    for inner in directive.block or ():
        name, rest = inner.words[0], inner.words[1:]
        if name == "listen":
            address, _, port = rest[0].rpartition(":")
            if not port.isdigit():
                address, port = rest[0], "80"
            if address != "[::]":
                made.ports.append((address if address not in ("", "*") else "0.0.0.0", int(port)))
            made.default = made.default or "default_server" in rest
        elif name == "server_name":
            made.names += rest
        elif name == "location":
            mark, pattern = (rest[0], rest[1]) if rest[0] in ("=", "^~", "~", "~*") else ("", rest[0])
            location = Location(mark, pattern)
            for each in inner.block or ():
                location.rules.setdefault(each.words[0],
                                          []).append([*each.words[1:], f"{each.path}:{each.line}"])
            made.locations.append(location)
        else:
            made.rules.setdefault(name, []).append([*rest, f"{inner.path}:{inner.line}"])
    made.ports = made.ports or [("0.0.0.0", 80)]
    return made


def choose(made: Server, path: str) -> Location | None:
    """El `location` que toca: exacto, el prefijo más largo o la primera expresión que casa."""
    exact = next((one for one in made.locations if one.mark == "=" and one.pattern == path), None)
    if exact:
        return exact
    prefixes = [one for one in made.locations if one.mark in ("", "^~") and path.startswith(one.pattern)]
    best = max(prefixes, key=lambda one: len(one.pattern), default=None)
    if best and best.mark == "^~":
        return best
    for one in made.locations:
        if one.mark in ("~", "~*") and re.search(one.pattern, path, re.IGNORECASE if one.mark == "~*" else 0):
            return one
    return best
