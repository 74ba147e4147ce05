"""wget: el de BusyBox y el de GNU."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

from dockerlab.errors import FileError

from .curl import lines
from .http_client import Reply, fetch
from .http_words import REASONS
from .kit import basename, human_gnu, moment
from .options import Options, applet

WGET_LONG = "quiet=q output-document=O timeout=T tries=t no-verbose=! spider=S post-data=p header=H user-agent=U " \
            "no-check-certificate=c directory-prefix=P server-response=s no-cache=c show-progress=c progress=Z"
WGET_PROBLEMS = {
    "ECONNREFUSED": ("can't connect to remote host ({address}): Connection refused", 1),
    "ECONNRESET": ("error getting response: Connection reset by peer", 1),
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
        asked = reply.host if reply.port in (80, 443) else f"{reply.host}:{reply.port}"
        sys.err("wget: " + text.format(address=address, host=asked) + "\n")
        return code
    if reply.problem == "ENONAME":
        sys.err("" if "q" in opt else f"wget: unable to resolve host address '{reply.host}'\n")
    elif reply.problem == "EMPTY" and "q" not in opt:
        sys.err("No data received.\n")
    return 4


def wget_save(sys: Any, opt: Options, url: str, reply: Reply) -> int:
    message = reply.message
    assert message is not None
    folder = f"{opt['P']}/" if "P" in opt else ""
    name = opt["O"] or folder + (basename(urlsplit(url).path).strip("/") or "index.html")
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
