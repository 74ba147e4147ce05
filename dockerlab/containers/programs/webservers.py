"""httpd: el de BusyBox (una carpeta y ya) y el de Apache."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from dockerlab.errors import FileError

from ..requests import Signalled
from .http_serving import WebServer
from .http_words import Message, content_type, http_date, response
from .kit import moment
from .options import Options, Stop, applet

APACHE = "2.4.63"


def find(sys: Any, root: str, url: str) -> tuple[int, str]:
    """El archivo que toca a una dirección: (código, ruta). 301 si a la carpeta le falta la barra."""
    path = posixpath.normpath(root + "/" + unquote(url.partition("?")[0]).lstrip("/"))
    if not (path + "/").startswith(root.rstrip("/") + "/"):
        return 400, root
    if sys.fs.isdir(path):
        if not url.partition("?")[0].endswith("/"):
            return 301, path
        index = posixpath.join(path, "index.html")
        return (200, index) if sys.fs.isfile(index) else (403, path)
    return (200, path) if sys.fs.isfile(path) else (404, path)


@applet("httpd", None)
def httpd(sys: Any, opt: Options) -> Any:
    """Con el mismo nombre hay dos programas: el de BusyBox y el de Apache."""
    return (yield from (busybox if opt.busybox else apache)(sys))


# -- BusyBox --
def busybox(sys: Any) -> Any:
    """`httpd [-f] [-v] [-p [dirección:]puerto] [-h carpeta]`; sin -f se va al segundo plano."""
    words, stay, loud, place, root = list(sys.argv[1:]), False, False, "80", sys.cwd
    while words:
        word = words.pop(0)
        if word in ("-p", "-h", "-u", "-r", "-c") and words:
            value = words.pop(0)
            place, root = (value if word == "-p" else place), (value if word == "-h" else root)
        elif word.startswith("-") and word[1:].strip("fvi") == "":
            stay, loud = stay or "f" in word, loud or "v" in word
        elif word.startswith(("-p", "-h")):
            place, root = (word[2:] if word[1] == "p" else place), (word[2:] if word[1] == "h" else root)
    if not sys.fs.isdir(root):
        raise Stop(f"can't change directory to '{root}': No such file or directory")
    address, _, port = place.rpartition(":")
    try:
        fd = sys.listen(int(port), address or "0.0.0.0")
    except FileError as error:
        raise Stop(f"bind: {error.text}") from None
    except ValueError:
        raise Stop(f"bad address '{place}'") from None
    if not stay:
        sys.fork("httpd-daemon", [fd, root, loud])
        return 0
    yield from WebServer(sys, {fd: busybox_answers(sys, root, loud)}, "httpd").run()


@applet("httpd-daemon", None)
def httpd_daemon(sys: Any, opt: Options) -> Any:
    """El httpd de BusyBox en el segundo plano."""
    fd, root, loud = sys.payload
    yield from WebServer(sys, {fd: busybox_answers(sys, root, loud)}, "httpd").run()


def busybox_answers(sys: Any, root: str, loud: bool) -> Callable[..., Any]:
    titles = {400: "Bad Request", 403: "Forbidden", 404: "Not Found", 501: "Not Implemented"}
    texts = {403: "", 404: "The requested URL was not found", 400: "Unsupported method",
             501: "The requested method is not recognized"}

    def answer(message: Message, peer: tuple[str, int]) -> Any:
        code, path = find(sys, root, message.first[1])
        if message.first[0] not in ("GET", "HEAD"):
            code = 501
        code = 404 if code == 403 else code
        headers = [("Date", http_date(sys.now())), ("Connection", "close")]
        if loud:
            sys.err(f"[::ffff:{peer[0]}]:{peer[1]}: url:{message.first[1]}\n"
                    + f"[::ffff:{peer[0]}]:{peer[1]}: response:{code}\n")
        if code == 301:
            return response(302, [*headers, ("Location", message.first[1] + "/")])
        if code != 200:
            title = f"{code} {titles[code]}"
            page = (f"<HTML><HEAD><TITLE>{title}</TITLE></HEAD>\n<BODY><H1>{title}</H1>\n{texts[code]}\n"
                    "</BODY></HTML>\n").encode()
            return response(code, [*headers, ("Content-type", "text/html")], page)
        data, stat = sys.fs.read(path), sys.fs.stat(path)
        headers += [("Content-type", content_type(path)), ("Content-Length", str(len(data))),
                    ("Last-Modified", http_date(stat.mtime)), ("Accept-Ranges", "bytes")]
        return response(200, headers, b"" if message.first[0] == "HEAD" else data)
        yield
    return lambda message, peer: close_after(message, answer(message, peer))


def close_after(message: Message, running: Any) -> Any:
    """Este servidor cuelga después de cada respuesta."""
    message.headers = (*message.headers, ("Connection", "close"))
    message.headers = tuple((name, "close" if name.lower() == "connection" else value)
                            for name, value in message.headers)
    return running


# -- Apache --
@applet("httpd-foreground", None, also=("apache2-foreground", "apache2ctl"))
def httpd_foreground(sys: Any, opt: Options) -> Any:
    return (yield from apache(sys))


def apache(sys: Any) -> Any:
    """Apache en primer plano: sirve su carpeta y anota los accesos."""
    version = sys.env.get("HTTPD_VERSION", APACHE)
    if sys.argv[1:2] == ["-v"]:
        sys.out(f"Server version: Apache/{version} (Unix)\nServer built:   Mar  3 2025 12:00:00\n")
        return 0
    base = sys.env.get("HTTPD_PREFIX", "/usr/local/apache2")
    root = next((path for path in (f"{base}/htdocs", "/var/www/html") if sys.fs.isdir(path)), "/var/www/html")
    name, address = sys.uname()["nodename"], next((card["address"].partition("/")[0]
                                                   for card in sys.addresses() if card["name"] != "lo"), "127.0.0.1")
    for _ in range(2):
        sys.err("AH00558: httpd: Could not reliably determine the server's fully qualified domain name, "
                f"using {address}. "
                "Set the 'ServerName' directive globally to suppress this message\n")
    try:
        fd = sys.listen(80)
    except FileError as error:
        number = {"EADDRINUSE": 98, "EACCES": 13}.get(error.key, 5)
        sys.err(f"({number}){error.text}: AH00072: make_sock: could not bind to address 0.0.0.0:80\nno "
                "listening sockets available, "
                "shutting down\nAH00015: Unable to open logs\n")
        return 1
    sys.memory(7 * 2**20)

    def log(level: str, code: str, text: str) -> None:
        stamp = moment(sys.now()).strftime("%a %b %d %H:%M:%S.000000 %Y")
        sys.err(f"[{stamp}] [{level}] [pid {sys.pid}:tid {sys.pid}] {code}: {text}\n")
    log("mpm_event:notice", "AH00489", f"Apache/{version} (Unix) configured -- resuming normal operations")
    log("core:notice", "AH00094", "Command line: 'httpd -D FOREGROUND'")
    sys.catch("TERM", "INT", "WINCH")
    try:
        yield from WebServer(sys, {fd: apache_answers(sys, root, version, name)},
                             f"Apache/{version} (Unix)").run()
    except Signalled:
        log("mpm_event:notice", "AH00491", "caught SIGTERM, shutting down")
        return 0


def apache_answers(sys: Any, root: str, version: str, name: str) -> Callable[..., Any]:
    texts = {404: ("Not Found", "The requested URL was not found on this server."),
             403: ("Forbidden", "You don't have permission to access this resource."),
             400: ("Bad Request", "")}

    def answer(message: Message, peer: tuple[str, int]) -> Any:
        code, path = find(sys, root, message.first[1])
        headers = [("Date", http_date(sys.now())), ("Server", f"Apache/{version} (Unix)")]
        if code == 200:
            data, stat = sys.fs.read(path), sys.fs.stat(path)
            headers += [("Last-Modified", http_date(stat.mtime)),
                        ("ETag", f'"{len(data):x}-{stat.mtime // 10**9:x}"'),
                        ("Accept-Ranges", "bytes"), ("Content-Length", str(len(data))),
                        ("Content-Type", content_type(path))]
        else:
            title, text = texts.get(code, ("Moved Permanently", "The document has moved."))
            data = ('<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n'
                    f"<title>{code} {title}</title>\n</head><body>\n<h1>{title}</h1>\n<p>{text}</p>\n"
                    "</body></html>\n").encode()
            if code == 301:
                headers.append(("Location", f"http://{message.header('host')}{message.first[1]}/"))
            headers += [("Content-Length", str(len(data))), ("Content-Type", "text/html; charset=iso-8859-1")]
        when = moment(sys.now()).strftime("%d/%b/%Y:%H:%M:%S +0000")
        sys.out(f'{peer[0]} - - [{when}] "{" ".join(message.first)}" {code} {len(data)}\n')
        return response(code, headers, b"" if message.first[0] == "HEAD" else data)
        yield
    return answer
