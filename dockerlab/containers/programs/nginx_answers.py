"""Lo que nginx contesta: archivos, redirecciones, intermediario (proxy) y páginas de error."""

from __future__ import annotations

import posixpath
import re
from typing import Any
from urllib.parse import unquote, urlsplit

from dockerlab.errors import FileError

from .http_client import Reply, fetch
from .http_words import REASONS, Message, content_type, http_date, response
from .kit import moment
from .nginx_conf import Location, Server, choose

Headers = list[tuple[str, str]]


class Site:
    """Los servidores de un puerto; el de cada petición se elige por su nombre."""

    def __init__(self, sys: Any, sites: list[Server], groups: dict[str, list[str]], server: str, access: int,
                 errors: int):
        self.sys, self.sites, self.groups, self.server = sys, sites, groups, server
        self.access, self.errors, self.count = access, errors, 0
        self.client = ""

    def site(self, host: str) -> Server:
        name = host.partition(":")[0]
        return next((one for one in self.sites if name in one.names),
                    next((one for one in self.sites if one.default), self.sites[0]))

    def answer(self, message: Message, peer: tuple[str, int]) -> Any:
        """Los bytes de la respuesta; anota la petición en el registro de accesos."""
        self.count += 1
        self.client = peer[0]
        site = self.site(message.header("host"))
        path = posixpath.normpath(unquote(message.first[1].partition("?")[0]))
        if message.first[1].partition("?")[0].endswith("/") and path != "/":
            path += "/"
        code, headers, body = yield from self.respond(site, message, path)
        body_sent = b"" if message.first[0] == "HEAD" else body
        head = [("Server", self.server), ("Date", http_date(self.sys.now())), *headers]
        if not any(name.lower() in ("content-length", "transfer-encoding") for name, _ in headers):
            head.insert(3 if headers else 2, ("Content-Length", str(len(body))))
        head.append(("Connection", "close" if message.header("connection").lower() == "close"
                     else "keep-alive"))
        when = moment(self.sys.now()).strftime("%d/%b/%Y:%H:%M:%S +0000")
        self.sys.write(self.access, f'{peer[0]} - - [{when}] "{" ".join(message.first)}" {code} '
                       f'{len(body_sent)} '
                                    f'"{message.header("referer", "-")}" '
                                    f'"{message.header("user-agent", "-")}" '
                                    f'"{message.header("x-forwarded-for", "-")}"\n')
        return response(code, head, body_sent)

    def error(self, text: str, site: Server, message: Message, more: str = "") -> None:
        """Una línea del registro de errores."""
        pid, name = self.sys.pid, site.names[0] if site.names else ""
        self.sys.write(self.errors, f"{moment(self.sys.now()):%Y/%m/%d %H:%M:%S} [error] {pid}#{pid}: "
                       f"*{self.count} {text}, "
                                    f'client: {self.client}, server: {name}, request: '
                                    f'"{" ".join(message.first)}"{more}, '
                                    f'host: "{message.header("host")}"\n')

    def respond(self, site: Server, message: Message, path: str, depth: int = 0) -> Any:
        location = choose(site, path)
        rules = {**site.rules, **(location.rules if location else {})}
        added = [(words[0], words[1]) for words in rules.get("add_header", ())]
        if "return" in rules:
            return self.returned(rules["return"][0], message, added)
        if "proxy_pass" in rules:
            return (yield from self.proxy(site, location, rules, message))
        if message.first[0] not in ("GET", "HEAD"):
            return self.page(405)
        root = rules.get("root", [["/etc/nginx/html", ""]])[0][0]
        if "alias" in rules and location:
            file = rules["alias"][0][0] + path[len(location.pattern):]
        else:
            file = root.rstrip("/") + path
        if "try_files" in rules and depth < 5:
            return (yield from self.try_files(site, rules, message, path, root, depth))
        code, headers, body = self.file(site, rules, message, path, file)
        if code >= 400:
            return (yield from self.error_page(site, rules, message, code, depth))
        return code, headers + added, body

    def try_files(self, site: Server, rules: dict[str, Any], message: Message, path: str, root: str,
                  depth: int) -> Any:
        *choices, last = rules["try_files"][0][:-1]
        for choice in choices:
            name = choice.replace("$uri", path)
            file = root.rstrip("/") + name
            if self.sys.fs.isdir(file) if name.endswith("/") else self.sys.fs.isfile(file):
                return self.file(site, rules, message, name, file)
        if last.startswith("="):
            return (yield from self.error_page(site, rules, message, int(last[1:]), depth))
        if last.startswith("@"):
            named = next((one for one in site.locations if one.pattern == last), None)
            if named and "proxy_pass" in named.rules:
                return (yield from self.proxy(site, named, named.rules, message))
        target = last.replace("$uri", path).partition("?")[0]
        file = root.rstrip("/") + target
        if self.sys.fs.isfile(file):
            return self.file(site, rules, message, target, file)
        return (yield from self.respond(site, message, target, depth + 1))

    def file(self, site: Server, rules: dict[str, Any], message: Message, path: str,
             file: str) -> tuple[int, Headers, bytes]:
        """Un archivo, o la portada de una carpeta."""
        fs = self.sys.fs
        if fs.isdir(file):
            if not path.endswith("/"):
                host = message.header("host") or "localhost"
                code, headers, body = self.page(301)
                return code, [*headers, ("Location", f"http://{host}{path}/")], body
            names = [name for words in rules.get("index", [["index.html", "index.htm", ""]])
                     for name in words[:-1]]
            found = next((name for name in names if fs.isfile(file.rstrip("/") + "/" + name)), None)
            if found is None:
                if rules.get("autoindex", [["off", ""]])[0][0] == "on":
                    return self.listing(path, file)
                self.error(f'directory index of "{file}" is forbidden', site, message)
                return 403, [], b""
            file = file.rstrip("/") + "/" + found
        try:
            data, stat = fs.read(file), fs.stat(file)
        except FileError as error:
            number = {"ENOENT": 2, "ENOTDIR": 20, "EACCES": 13}.get(error.key, 5)
            self.error(f'open() "{file}" failed ({number}: {error.text})', site, message)
            return (403 if error.key == "EACCES" else 404), [], b""
        kind = content_type(file)
        return 200, [("Content-Type", kind), ("Content-Length", str(len(data))),
                     ("Last-Modified", http_date(stat.mtime)),
                     ("ETag", f'"{stat.mtime // 10**9:x}-{len(data):x}"'), ("Accept-Ranges", "bytes")], data

    def listing(self, path: str, folder: str) -> tuple[int, Headers, bytes]:
        rows = "".join(f'<a href="{name}">{name}</a>\r\n' for name in self.sys.fs.listdir(folder))
        page = f"<html>\r\n<head><title>Index of {path}</title></head>\r\n<body>\r\n<h1>Index of {path}</h1><hr><pre>" \
               f'<a href="../">../</a>\r\n{rows}</pre><hr></body>\r\n</html>\r\n'
        return 200, [("Content-Type", "text/html")], page.encode()

    def page(self, code: int) -> tuple[int, Headers, bytes]:
        """La página de un código, como las de fábrica."""
        title = f"{code} {REASONS.get(code, '')}"
        if code == 405:
            title = "405 Not Allowed"
        elif code == 504:
            title = "504 Gateway Time-out"
        body = f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n" \
               f"<hr><center>{self.server}</center>\r\n</body>\r\n</html>\r\n"
        return code, [("Content-Type", "text/html"), ("Content-Length", str(len(body)))], body.encode()

    def error_page(self, site: Server, rules: dict[str, Any], message: Message, code: int, depth: int) -> Any:
        """La página propia de un error (`error_page`) o la de fábrica."""
        for words in rules.get("error_page", ()):
            if str(code) in words[:-2] and depth < 5:
                target = words[-2]
                root = (choose(site, target) or Location("", "")).rules.get("root", rules.get("root",
                                                                                      [["/etc/nginx/html", ""]]))
                file = root[0][0].rstrip("/") + target
                if self.sys.fs.isfile(file):
                    _, headers, body = self.file(site, rules, message, target, file)
                    return code, headers[:2], body
        return self.page(code)
        yield

    def returned(self, words: list[str], message: Message, added: Headers) -> tuple[int, Headers, bytes]:
        """`return código [texto o dirección]`."""
        if not words[0].isdigit():
            words = ["302", *words]
        code, text = int(words[0]), self.variables(words[1], message) if len(words) > 2 else ""
        if code in (301, 302, 303, 307, 308):
            _, headers, body = self.page(code)
            return code, [*headers, ("Location", text), *added], body
        if not text:
            _, headers, body = self.page(code)
            return code, headers + added, body
        return code, [("Content-Type", "text/plain"), ("Content-Length", str(len(text.encode()))),
                      *added], text.encode()

    def variables(self, text: str, message: Message) -> str:
        path, _, query = message.first[1].partition("?")
        values = {"host": message.header("host").partition(":")[0], "http_host": message.header("host"),
                  "scheme": "http",
                  "request_uri": message.first[1], "uri": path, "args": query, "remote_addr": self.client,
                  "hostname": self.sys.uname()["nodename"], "server_port": "80",
                  "request_method": message.first[0],
                  "proxy_add_x_forwarded_for": ", ".join(
                      filter(None, [message.header("x-forwarded-for"), self.client])),
                  "http_user_agent": message.header("user-agent"), "http_upgrade": message.header("upgrade")}
        return re.sub(r"\$\{?(\w+)\}?", lambda hit: values.get(hit[1], hit[0]), text)

    def proxy(self, site: Server, location: Location | None, rules: dict[str, Any], message: Message) -> Any:
        """Reenvía la petición a otro servidor y devuelve lo que conteste."""
        target = self.variables(rules["proxy_pass"][0][0], message)
        place = urlsplit(target)
        group = self.groups.get(place.hostname or "", [])
        chosen = group[(self.count - 1) % len(group)].split()[0] if group else place.netloc
        path = message.first[1]
        if place.path and location and not location.mark:
            path = place.path + path[len(location.pattern):]
        headers = {"Host": place.netloc, "Connection": "close"}
        for name, value in message.headers:
            if name.lower() not in ("host", "connection", "keep-alive", "upgrade"):
                headers[name] = value
        for words in rules.get("proxy_set_header", ()):
            value = self.variables(words[1], message)
            if words[0].lower() != "connection" and value:
                headers[words[0]] = value
        reply: Reply = yield from fetch(self.sys, f"{place.scheme}://{chosen}{path}", message.first[0],
                                        headers, message.body)
        if reply.message is None:
            address = (self.sys.lookup(reply.host) or [reply.host])[0]
            texts = {"ECONNREFUSED": "connect() failed (111: Connection refused) while connecting to upstream",
                     "EHOSTUNREACH": "connect() failed (113: No route to host) while connecting to upstream",
                     "ETIMEDOUT": "upstream timed out (110: Connection timed out) while connecting to "
                     "upstream",
                     "ENONAME": f"{reply.host} could not be resolved (3: Host not found)"}
            self.error(texts.get(reply.problem, "upstream prematurely closed connection while reading "
                                 "response header from upstream"),
                       site, message, f', upstream: "{place.scheme}://{address}:{reply.port}{path}"')
            return (yield from self.error_page(site, rules, message, 504 if reply.problem == "ETIMEDOUT"
                                               else 502, 0))
        skip = {"connection", "keep-alive", "transfer-encoding", "date", "server", "content-length"}
        kept = [(name, value) for name, value in reply.message.headers if name.lower() not in skip]
        body = reply.message.body
        return int(reply.message.first[1]), [*kept[:1], ("Content-Length", str(len(body))), *kept[1:]], body
