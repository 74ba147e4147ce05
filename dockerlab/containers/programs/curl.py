"""curl."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

from dockerlab.errors import FileError

from .http_client import Reply, fetch
from .http_words import Message
from .kit import basename, contents
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
    "ECONNRESET": (56, "Recv failure: Connection reset by peer"),
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
