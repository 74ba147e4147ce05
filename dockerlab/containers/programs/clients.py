"""curl y wget: pedir páginas a otros contenedores (o a uno mismo)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from ...errors import FileError
from ..process import Connect
from .http_words import REASONS, BadMessage, Message, head, read_message
from .kit import basename, contents, human_gnu, moment
from .options import Options, applet

CURL = "curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1 OpenSSL/3.0.15 zlib/1.2.13"
HINT = "curl: try 'curl --help' or 'curl --manual' for more information\n"
CURL_VALUES = "XHdoFuAbemwrTxKDEz"
CURL_LONG = {
    "request": "X", "header": "H", "data": "d", "data-raw": "d", "data-binary": "d", "output": "o",
    "form": "F", "user": "u",
    "user-agent": "A", "cookie": "b", "max-time": "m", "connect-timeout": "m", "write-out": "w",
    "include": "i", "head": "I",
    "silent": "s", "show-error": "S", "fail": "f", "location": "L", "verbose": "v", "remote-name": "O",
    "insecure": "k",
    "compressed": "!", "version": "V", "get": "G", "json": "J", "no-progress-meter": "s", "retry": "?",
    "retry-delay": "?",
    "retry-connrefused": "!", "proto": "?", "tlsv1.2": "!", "http1.1": "!", "ipv4": "4",
    "data-urlencode": "d", "url": "U",
    "unix-socket": "?", "no-buffer": "N", "fail-with-body": "f", "retry-all-errors": "!"}


@dataclass(slots=True)
class Reply:
    """Lo que se obtuvo: la respuesta, o por qué no la hubo."""

    message: Message | None = None
    problem: str = ""
    host: str = ""
    port: int = 80
    url: str = ""
    sent: list[str] = field(default_factory=list)


def fetch(sys: Any, url: str, method: str, headers: dict[str, str], body: bytes = b"",
          timeout: float = 0) -> Any:
    """Una petición HTTP. `Reply.problem`: la clave del error de red, EMPTY o BAD."""
    place = urlsplit(url)
    host, port = place.hostname or "", place.port or (443 if place.scheme == "https" else 80)
    reply = Reply(host=host, port=port, url=url)
    try:
        fd = yield Connect(host, port, timeout)
    except FileError as error:
        reply.problem = error.key
        return reply
    target = (place.path or "/") + (f"?{place.query}" if place.query else "")
    rows = {"Host": place.netloc.rpartition("@")[2], **headers}
    if body:
        rows.setdefault("Content-Length", str(len(body)))
    reply.sent = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in rows.items())]
    sys.write(fd, head(reply.sent[0], rows.items()) + body)
    try:
        reply.message = yield from read_message(fd, has_body=method != "HEAD")
        if reply.message is None:
            reply.problem = "EMPTY"
    except BadMessage:
        reply.problem = "BAD"
    sys.close(fd)
    return reply


# -- curl --
def curl_options(words: list[str]) -> tuple[Options, str]:
    """Las opciones de curl (las largas y las cortas) y un error de uso, si lo hay."""
    opt, rest = Options("curl", False), list(words)
    while rest:
        word = rest.pop(0)
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            letter = CURL_LONG.get(name)
            if letter is None:
                return opt, f"curl: option {word}: is unknown\n{HINT}"
            if letter in CURL_VALUES + "?JU":
                opt.given.append((letter, value if equals else rest.pop(0) if rest else ""))
            else:
                opt.given.append((letter, True))
        elif word.startswith("-") and len(word) > 1:
            cluster = word[1:]
            while cluster:
                letter, cluster = cluster[0], cluster[1:]
                if letter in CURL_VALUES:
                    if not cluster and not rest:
                        return opt, f"curl: option -{letter}: requires parameter\n{HINT}"
                    opt.given.append((letter, cluster or rest.pop(0)))
                    break
                opt.given.append((letter, True))
        else:
            opt.args.append(word)
    opt.args += opt.all("U")
    return opt, ""


CURL_PROBLEMS = {
    "ENONAME": (6, "Could not resolve host: {host}"),
    "ECONNREFUSED": (7, "Failed to connect to {host} port {port} after 0 ms: Couldn't connect to server"),
    "EHOSTUNREACH": (7, "Failed to connect to {host} port {port} after 3062 ms: Couldn't connect to server"),
    "ENETUNREACH": (7, "Failed to connect to {host} port {port} after 0 ms: Couldn't connect to server"),
    "ETIMEDOUT": (28, "Connection timed out after {timeout} milliseconds"),
    "EMPTY": (52, "Empty reply from server"), "BAD": (1, "Received HTTP/0.9 when not allowed")}


@applet("curl", None)
def curl(sys: Any, opt: Options) -> Any:
    opt, problem = curl_options(sys.argv[1:])
    if problem:
        sys.err(problem)
        return 2
    if "V" in opt:
        sys.out(f"{CURL}\nProtocols: file ftp http https\nFeatures: IPv6 libz SSL\n")
        return 0
    if not opt.args:
        sys.err(HINT)
        return 2
    status = 0
    for url in opt.args:
        status = yield from curl_one(sys, opt, url if "://" in url else f"http://{url}")
    return status


def curl_body(sys: Any, opt: Options) -> Any:
    """El cuerpo que se envía: los `-d` unidos por `&`, `--json`, o un archivo con `@`."""
    parts = []
    for value in [*opt.all("d"), *opt.all("J"), *opt.all("F")]:
        if value.startswith("@"):
            parts.append((yield from contents(sys, value[1:])).replace(b"\n", b""))
        else:
            parts.append(value.encode())
    return b"&".join(parts)


def curl_one(sys: Any, opt: Options, url: str) -> Any:
    body = yield from curl_body(sys, opt)
    headers = {"User-Agent": opt["A"] or "curl/7.88.1", "Accept": "*/*"}
    if "J" in opt:
        headers |= {"Content-Type": "application/json", "Accept": "application/json"}
    elif body and "G" not in opt:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    if "u" in opt:
        import base64
        headers["Authorization"] = "Basic " + base64.b64encode(opt["u"].encode()).decode()
    if "b" in opt:
        headers["Cookie"] = opt["b"]
    for line in opt.all("H"):
        name, _, value = line.partition(":")
        headers = {key: old for key, old in headers.items()
                   if key.lower() != name.lower()} | {name: value.strip()}
    if "G" in opt and body:
        url, body = f"{url}{'&' if '?' in url else '?'}{body.decode()}", b""
    method = opt["X"] or ("HEAD" if "I" in opt else "POST" if body else "GET")
    for hop in range(51):
        reply = yield from fetch(sys, url, method, headers, body, float(opt["m"] or 0))
        if "v" in opt:
            verbose(sys, reply)
        if reply.message is None:
            return curl_failed(sys, opt, reply)
        if "L" in opt and reply.message.first[1] in ("301", "302", "303", "307",
                                                     "308") and reply.message.header("location"):
            if "i" in opt or "I" in opt:
                sys.out(lines(reply.message))
            url = urljoin(url, reply.message.header("location"))
            if reply.message.first[1] in ("301", "302", "303"):
                method, body = "HEAD" if method == "HEAD" else "GET", b""
            continue
        return curl_show(sys, opt, reply, url, hop)
    sys.err("curl: (47) Maximum (50) redirects followed\n")
    return 47


def lines(message: Message) -> str:
    return "\r\n".join([" ".join(message.first), *(f"{name}: {value}" for name, value in message.headers), "",
                        ""])


def verbose(sys: Any, reply: Reply) -> None:
    if reply.problem in ("ENONAME",):
        sys.err(f"* Could not resolve host: {reply.host}\n* Closing connection 0\n")
        return
    address = (sys.lookup(reply.host) or [reply.host])[0]
    sys.err(f"*   Trying {address}:{reply.port}...\n")
    if not reply.sent:
        sys.err(f"* connect to {address} port {reply.port} failed: Connection refused\n"
                f"* Failed to connect to {reply.host} port {reply.port} after 0 ms: Couldn't connect to "
                "server\n* Closing connection 0\n")
        return
    sys.err(f"* Connected to {reply.host} ({address}) port {reply.port} (#0)\n"
            + "".join(f"> {line}\n" for line in reply.sent) + "> \n")
    if reply.message:
        sys.err("".join(f"< {line}\n" for line in lines(reply.message).replace("\r", "").split("\n")[:-1])
                + f"* Connection #0 to host {reply.host} left intact\n")


def curl_failed(sys: Any, opt: Options, reply: Reply) -> int:
    code, text = CURL_PROBLEMS.get(reply.problem, (7, "Failed to connect to {host} port {port}"))
    if "s" not in opt or "S" in opt:
        sys.err(f"curl: ({code}) " + text.format(host=reply.host, port=reply.port,
                                                 timeout=int(float(opt["m"] or 134) * 1000)) + "\n")
    if "w" in opt:
        sys.out(written(opt["w"], None, reply.url, 0))
    return code


def curl_show(sys: Any, opt: Options, reply: Reply, url: str, hops: int) -> int:
    message = reply.message
    assert message is not None
    status = int(message.first[1])
    if "f" in opt and status >= 400:
        if "s" not in opt or "S" in opt:
            sys.err(f"curl: (22) The requested URL returned error: {status}\n")
        return 22
    target = 1
    try:
        if "O" in opt or ("o" in opt and opt["o"] != "-"):
            name = opt["o"] if "o" in opt else basename(urlsplit(url).path)
            target = sys.open(name, "w")
            if "s" not in opt:
                progress(sys, len(message.body))
    except FileError as error:
        sys.err(f"curl: (23) Failure writing output to destination: {error.text}\n")
        return 23
    if "i" in opt or "I" in opt:
        sys.write(target, lines(message))
    sys.write(target, message.body)
    if target != 1:
        sys.close(target)
    if "w" in opt:
        sys.out(written(opt["w"], message, url, hops))
    return 0


def progress(sys: Any, size: int) -> None:
    sys.err("  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n"
            "                                 Dload  Upload   Total   Spent    Left  Speed\n"
            f"100 {size:5d}  100 {size:5d}    0     0   {size:4d}      0 --:--:-- --:--:-- --:--:--  "
            f"{size:4d}\n")


def written(template: str, message: Message | None, url: str, hops: int) -> str:
    """`-w '%{http_code}'`."""
    values = {"http_code": message.first[1] if message else "000", "response_code": message.first[1]
              if message else "000",
              "size_download": str(len(message.body)) if message else "0", "url_effective": url,
              "num_redirects": str(hops),
              "content_type": message.header("content-type") if message else "", "time_total": "0.001234"}
    for name, value in values.items():
        template = template.replace(f"%{{{name}}}", value)
    return template.replace("\\n", "\n").replace("\\t", "\t")


# -- wget --
WGET_LONG = "quiet=q output-document=O timeout=T tries=t no-verbose=! spider=S post-data=p header=H user-agent=U " \
            "no-check-certificate=c directory-prefix=P server-response=s no-cache=c show-progress=c progress=Z"
WGET_PROBLEMS = {
    "ECONNREFUSED": ("can't connect to remote host ({address}): Connection refused", 1),
    "EHOSTUNREACH": ("can't connect to remote host ({address}): Host is unreachable", 1),
    "ENETUNREACH": ("can't connect to remote host ({address}): Network is unreachable", 1),
    "ETIMEDOUT": ("download timed out", 1), "ENONAME": ("bad address '{host}'", 1),
    "EMPTY": ("error getting response", 1), "BAD": ("bad header line: ", 1)}


@applet("wget", "cqSO:o:P:T:t:U:Y:H:p:Z:", "[-cqS] [--spider] [-O FILE] [-o LOGFILE] [-T SEC] URL...",
        "Retrieve files via HTTP or FTP",
        long=WGET_LONG, least=1)
def wget(sys: Any, opt: Options) -> Any:
    """En BusyBox `-S` enseña la cabecera; en GNU el texto y los códigos son otros."""
    status = 0
    for url in opt.args:
        result = yield from wget_one(sys, opt, url if "://" in url else f"http://{url}")
        status = status or result
        if status and opt.busybox:
            break
    return status


def wget_one(sys: Any, opt: Options, url: str) -> Any:
    headers = {"User-Agent": opt["U"] or opt.word("Wget", "Wget/1.21.3"),
               **({} if opt.busybox else {"Accept": "*/*"}),
               "Connection": opt.word("close", "Keep-Alive")}
    for line in opt.all("H"):
        name, _, value = line.partition(":")
        headers[name] = value.strip()
    body = opt["p"].encode() if "p" in opt else b""
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    spider = opt.last("S") and "--spider" in sys.argv
    method = "HEAD" if spider else "POST" if body else "GET"
    for _ in range(20):
        reply = yield from fetch(sys, url, method, headers, body, float(opt["T"] or 0))
        wget_began(sys, opt, reply)
        if reply.message is None:
            return wget_failed(sys, opt, reply)
        code = int(reply.message.first[1])
        if "S" in opt and not spider or "s" in opt:
            sys.err("".join(f"  {line}\n" for line in lines(reply.message).replace("\r", "").split("\n")
                            if line))
        if code in (301, 302, 303, 307, 308) and reply.message.header("location"):
            url = urljoin(url, reply.message.header("location"))
            continue
        break
    if code >= 400:
        reason = reply.message.first[2] if len(reply.message.first) > 2 else REASONS.get(code, "")
        if opt.busybox:
            sys.err(f"wget: server returned error: HTTP/1.1 {code} {reason}\n")
            return 1
        if "q" not in opt:
            sys.err(f"{code} {reason}\n{moment(sys.now()):%Y-%m-%d %H:%M:%S} ERROR {code}: {reason}.\n\n")
        return 8
    if spider:
        if "q" not in opt:
            sys.err(opt.word("remote file exists\n", f"{code} OK\nRemote file exists.\n\n"))
        return 0
    return wget_save(sys, opt, url, reply)


def wget_began(sys: Any, opt: Options, reply: Reply) -> None:
    if "q" in opt:
        return
    address = (sys.lookup(reply.host) or [reply.host])[0]
    if opt.busybox:
        if reply.problem != "ENONAME":
            sys.err(f"Connecting to {reply.host}{'' if reply.port == 80 else f':{reply.port}'} "
                    f"({address}:{reply.port})\n")
        return
    sys.err(f"--{moment(sys.now()):%Y-%m-%d %H:%M:%S}--  {reply.url}\n")
    numeric = reply.host.replace(".", "").isdigit()
    if not numeric:
        outcome = "failed: Name or service not known." if reply.problem == "ENONAME" else address
        sys.err(f"Resolving {reply.host} ({reply.host})... {outcome}\n")
    if reply.problem != "ENONAME":
        shown = f"{reply.host}:{reply.port}" if numeric else f"{reply.host} ({reply.host})|{address}|:{reply.port}"
        ends = {"": "connected.\nHTTP request sent, awaiting response... ",
                "ECONNREFUSED": "failed: Connection refused.\n",
                "EHOSTUNREACH": "failed: No route to host.\n", "ENETUNREACH": "failed: Network is "
                "unreachable.\n",
                "ETIMEDOUT": "failed: Connection timed out.\n"}
        sys.err(f"Connecting to {shown}... " + ends.get(reply.problem,
                                                        "connected.\nHTTP request sent, awaiting response... "))


def wget_failed(sys: Any, opt: Options, reply: Reply) -> int:
    address = f"{(sys.lookup(reply.host) or [reply.host])[0]}"
    text, code = WGET_PROBLEMS.get(reply.problem, ("error getting response", 1))
    if opt.busybox:
        sys.err("wget: " + text.format(address=address, host=reply.host) + "\n")
        return code
    if reply.problem == "ENONAME":
        sys.err("" if "q" in opt else f"wget: unable to resolve host address '{reply.host}'\n")
    elif reply.problem == "EMPTY" and "q" not in opt:
        sys.err("No data received.\n")
    return 4


def wget_save(sys: Any, opt: Options, url: str, reply: Reply) -> int:
    message = reply.message
    assert message is not None
    name = opt["O"] or (f"{opt['P']}/" if "P" in opt else "") + (basename(urlsplit(url).path).strip("/")
                                                                 or "index.html")
    size = len(message.body)
    try:
        if name == "-":
            sys.write(1, message.body)
        elif opt.busybox and "O" not in opt and sys.fs.exists(name):
            sys.err(f"wget: can't open '{name}': File exists\n")
            return 1
        else:
            sys.fs.write(name, message.body)
    except FileError as error:
        return opt.complain(sys, "can't open '{}'", "{}", name, error)
    if "q" in opt:
        return 0
    shown = name
    if opt.busybox:
        if name == "-":
            sys.err("writing to stdout\n")
        else:
            sys.err(f"saving to '{name}'\n")
        bar = f"{shown[:20]:<20} 100% |{'*' * 32}| {size:5d}  0:00:00 ETA\n"
        sys.err(bar + (f"'{name}' saved\n" if name != "-" else "written to stdout\n"))
        return 0
    kind = message.header("content-type").partition(";")[0]
    label = "STDOUT" if name == "-" else name
    sys.err(f"200 OK\nLength: {size} [{kind}]\nSaving to: '{label}'\n\n     0K {'.' * 10}{'':>42}100% "
            f"{human_gnu(size)}=0s\n\n"
            f"{moment(sys.now()):%Y-%m-%d %H:%M:%S} ({human_gnu(size)}B/s) - '{label}' saved "
            f"[{size}/{size}]\n\n")
    return 0
