"""ping, nslookup, ip, ifconfig, netstat, ss y nc: mirar la red desde dentro."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from dockerlab.errors import FileError

from ..capabilities import number
from ..polling import Select
from ..requests import Accept, Connect, Read, Sleep
from .options import BadUsage, Options, Stop, applet
from .processes import short


def first_address(sys: Any, host: str) -> str:
    """La dirección de `host`, o vacío si no se conoce."""
    if re.fullmatch(r"[0-9.]+|[0-9a-f:]*:[0-9a-f:]*", host):
        return host
    return (sys.lookup(host) or [""])[0]


@applet("ping", "46c:s:i:t:I:W:w:qn", "[OPTIONS] HOST", "Send ICMP ECHO_REQUESTs to HOST", least=1, most=1,
        bad=(1, 2), also=("ping6",))
def ping(sys: Any, opt: Options) -> Any:
    """Un eco por segundo. Se sabe si hay alguien por si rechaza o atiende una llamada."""
    host, count = opt.args[0], opt.number("c", 0)
    address = first_address(sys, host)
    if not address:
        sys.err(opt.word(f"ping: bad address '{host}'\n", f"ping: {host}: Name or service not known\n"))
        return 1 if opt.busybox else 2
    size = opt.number("s", 56)
    sys.out(f"PING {host} ({address}): {size} data bytes\n" if opt.busybox else
            f"PING {host} ({address}) {size}({size + 28}) bytes of data.\n")
    if not sys.user.uid and not sys.user.may(number("NET_RAW")):
        raise Stop(opt.word("permission denied (are you root?)", "socket: Operation not permitted"),
                   1 if opt.busybox else 2)
    if address.partition(".")[0] != "127" and all(card["name"] == "lo" for card in cards(sys)):
        raise Stop(opt.word("sendto: Network is unreachable", "connect: Network is unreachable"),
                   1 if opt.busybox else 2)
    sent = got = 0
    end = sys.now() + round(float(opt["w"] or 1e9) * 10**9)
    while not count or sent < count:
        if sent:
            yield Sleep(float(opt["i"] or 1))
        if sys.now() >= end:
            break
        sent += 1
        alive = yield from reachable(sys, address)
        got += alive
        if alive and "q" not in opt:
            sys.out(f"{size + 8} bytes from {address}: seq={sent - 1} ttl=64 time=0.080 ms\n" if opt.busybox
                    else
                    f"{size + 8} bytes from {address}: icmp_seq={sent} ttl=64 time=0.080 ms\n")
    if not got:
        yield Sleep(min(float(opt["W"] or 10), 10))
    lost = 100 * (sent - got) // max(sent, 1)
    times = "0.080/0.080/0.080"
    if opt.busybox:
        sys.out(f"\n--- {host} ping statistics ---\n{sent} packets transmitted, {got} packets received, "
                f"{lost}% packet loss\n"
                + (f"round-trip min/avg/max = {times} ms\n" if got else ""))
    else:
        sys.out(f"\n--- {host} ping statistics ---\n{sent} packets transmitted, {got} received, {lost}% "
                "packet loss, "
                f"time {(sent - 1) * 1000}ms\n"
                + (f"rtt min/avg/max/mdev = {times}/0.000 ms\n" if got else "") + ("" if got else "\n"))
    return 0 if got else 1


def reachable(sys: Any, address: str) -> Any:
    """¿Hay alguien en esa dirección? Que rechace la llamada también es contestar."""
    try:
        fd = yield Connect(address, 7, 1.0)
    except FileError as error:
        return error.key == "ECONNREFUSED"
    sys.close(fd)
    return True


@applet("nslookup", None, "[-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]", "Query DNS about HOST")
def nslookup(sys: Any, opt: Options) -> int:
    words = [word for word in sys.argv[1:] if not word.startswith(("-", "+"))]
    if not words:
        raise BadUsage
    try:
        text = sys.fs.read("/etc/resolv.conf").decode("utf-8", "replace")
    except FileError:
        text = ""
    found = re.search(r"nameserver\s+(\S+)", text)
    server = found[1] if found else "127.0.0.1"
    addresses = sys.lookup(words[0])
    if sys.argv[0].endswith("dig"):
        sys.out("".join(address + "\n" for address in addresses) if "+short" in sys.argv else
                f"\n; <<>> DiG 9.18 <<>> {words[0]}\n;; ANSWER SECTION:\n" + "".join(
                    f"{words[0]}.\t\t600\tIN\tA\t{address}\n" for address in addresses)
                    + f"\n;; SERVER: {server}#53\n")
        return 0
    sys.out(f"Server:\t\t{server}\nAddress:\t{server}{opt.word(':53', '#53')}\n\n")
    if not addresses:
        sys.out(f"** server can't find {words[0]}: NXDOMAIN\n\n")
        return 1
    sys.out("Non-authoritative answer:\n" + "".join(f"Name:\t{words[0]}\nAddress: {address}\n"
                                                    for address in addresses) + "\n")
    return 0


# -- tarjetas y rutas --
def cards(sys: Any) -> list[dict[str, str]]:
    """Las tarjetas, la local primero."""
    return sorted(sys.addresses(), key=lambda card: (card["name"] != "lo", card["name"]))


def scope(card: dict[str, str]) -> tuple[str, str]:
    """(la parte `brd`, el alcance) de una dirección."""
    if card["name"] == "lo":
        return "", "host"
    return f"brd {ipaddress.ip_interface(card['address']).network.broadcast_address} ", "global"


@applet("ip", None, "[OPTIONS] address|route|link|neigh [ARGS]", "")
def ip(sys: Any, opt: Options) -> int:
    """`ip addr`, `ip route`, `ip link`, con -o, -4 y -br."""
    flags = {word for word in sys.argv[1:] if word.startswith("-")}
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    verb = words[0] if words else ""
    chosen = words[-1] if len(words) > 1 and any(card["name"] == words[-1] for card in cards(sys)) else ""
    rows = [(number, card) for number, card in enumerate(cards(sys), 1) if chosen in ("", card["name"])]
    if verb and "address".startswith(verb):
        sys.out("".join(address_rows(number, card, flags) for number, card in rows))
    elif verb and "link".startswith(verb):
        sys.out("".join(link_row(number, card) for number, card in rows))
    elif verb and "route".startswith(verb):
        for _, card in rows:
            if card["name"] != "lo":
                place = ipaddress.ip_interface(card["address"])
                gateway = card.get("gateway") or str(place.network.network_address + 1)
                sys.out((f"default via {gateway} dev {card['name']} \n" if card is rows[1][1] else "")
                        + f"{place.network} dev {card['name']} scope link  src {place.ip} \n")
    elif not verb:
        raise BadUsage
    else:
        sys.err(f'Object "{verb}" is unknown, try "ip help".\n')
        return 1
    return 0


def index_of(number: int, card: dict[str, str]) -> tuple[int, str]:
    """El número de tarjeta y su nombre: en un contenedor son pares de veth (`eth0@if7`)."""
    return (1, "lo") if card["name"] == "lo" else (number * 2, f"{card['name']}@if{number * 2 + 1}")


def link_row(number: int, card: dict[str, str]) -> str:
    at, name = index_of(number, card)
    if card["name"] == "lo":
        return (f"{at}: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000\n"
                "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n")
    return (f"{at}: {name}: <BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN> mtu 1500 qdisc noqueue \n"
            f"    link/ether {card['mac']} brd ff:ff:ff:ff:ff:ff\n")


def address_rows(number: int, card: dict[str, str], flags: set[str]) -> str:
    at, name = index_of(number, card)
    broadcast, reach = scope(card)
    if "-br" in flags:
        return f"{name:<16} {'UNKNOWN' if card['name'] == 'lo' else 'UP':<14} {card['address']} \n"
    line = f"inet {card['address']} {broadcast}scope {reach} {card['name']}"
    if "-o" in flags:
        return f"{at}: {card['name']}    {line}\\       valid_lft forever preferred_lft forever\n"
    return link_row(number, card) + f"    {line}\n       valid_lft forever preferred_lft forever\n"


@applet("ifconfig", None, "[-a] [INTERFACE]", "Configure a network interface")
def ifconfig(sys: Any, opt: Options) -> int:
    for card in reversed(cards(sys)):
        place = ipaddress.ip_interface(card["address"])
        if card["name"] == "lo":
            sys.out(f"lo        Link encap:Local Loopback  \n          inet addr:{place.ip}  "
                    f"Mask:{place.netmask}\n"
                    "          UP LOOPBACK RUNNING  MTU:65536  Metric:1\n\n")
        else:
            sys.out(f"{card['name']:<9} Link encap:Ethernet  HWaddr {card['mac'].upper()}  \n"
                    f"          inet addr:{place.ip}  Bcast:{place.network.broadcast_address}  "
                    f"Mask:{place.netmask}\n"
                    "          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1\n\n")
    return 0


@applet("netstat", None, "[-ral] [-tuwx] [-enWp]", "Display networking information", also=("ss",))
def netstat(sys: Any, opt: Options) -> int:
    """Lo que se escucha en este espacio de red."""
    flags = "".join(word.lstrip("-") for word in sys.argv[1:])
    owners = {row["pid"]: short(row) for row in sys.processes()}
    rows = sorted(sys.sockets(), key=lambda row: row["port"])
    if opt.name == "ss":
        sys.out("State  Recv-Q Send-Q Local Address:Port  Peer Address:Port"
                + ("Process" if "p" in flags else "") + "\n")
        for row in rows:
            process = f' users:(("{owners.get(row["pid"], "-")}",pid={row["pid"]},fd=3))' if "p" in flags else ""
            sys.out(f"LISTEN 0      128    {row['address']:>13}:{row['port']:<5} {'0.0.0.0:*':>16}{process}\n")
        return 0
    only = " (only servers)" if "l" in flags else " (servers and established)" if "a" in flags else " (w/o servers)"
    tail = "PID/Program name    " if "p" in flags else ""
    sys.out(f"Active Internet connections{only}\n"
            f"Proto Recv-Q Send-Q Local Address           Foreign Address         State       {tail}\n")
    for row in rows if "l" in flags or "a" in flags else ():
        local = f"{row['address']}:{row['port']}"
        process = f"{row['pid']}/{owners.get(row['pid'], '-')}" if "p" in flags else ""
        sys.out(f"tcp        0      0 {local:<23} {'0.0.0.0:*':<23} LISTEN      {process}\n")
    return 0


# -- nc --
@applet("nc", "lp:w:zvi:e:nuNkq:46s:", "[-iN] [-wN] [-l] [-p PORT] [-f FILE|IPADDR PORT] [-e PROG]",
        "Open a pipe to IP:PORT or FILE",
        also=("netcat", "ncat"))
def nc(sys: Any, opt: Options) -> Any:
    try:
        if "l" in opt:
            port = int(opt["p"] or opt.args[-1])
            listener = sys.listen(port)
            fd = yield Accept(listener)
        else:
            if len(opt.args) < 2:
                raise BadUsage
            host, port = opt.args[0], int(opt.args[1])
            try:
                fd = yield Connect(host, port, float(opt["w"] or 0))
            except FileError as error:
                return refused(sys, opt, host, port, error)
            if "v" in opt:
                sys.err(opt.word(f"{host} ({first_address(sys, host)}:{port}) open\n",
                                 f"Connection to {host} ({first_address(sys, host)}) {port} port [tcp/*] "
                                 "succeeded!\n"))
            if "z" in opt:
                return 0
    except FileError as error:
        raise Stop(opt.word(f"bind: {error.text}", error.text)) from None
    except (ValueError, IndexError):
        raise BadUsage from None
    yield from relay(sys, fd, "N" in opt or "q" in opt)
    return 0


def refused(sys: Any, opt: Options, host: str, port: int, error: FileError) -> int:
    if error.key == "ENONAME":
        sys.err(opt.word(f"nc: bad address '{host}'\n", f"nc: getaddrinfo for host \"{host}\" port {port}: "
                         "Name or service not known\n"))
    elif opt.busybox:
        sys.err(f"nc: {host} ({first_address(sys, host)}:{port}): {error.text}\n" if "v" in opt
                or "z" not in opt else "")
    else:
        sys.err(f"nc: connect to {host} ({first_address(sys, host)}) port {port} (tcp) failed: {error.text}\n"
                if "v" in opt else "")
    return 1


def relay(sys: Any, fd: int, leave: bool) -> Any:
    """De la entrada a la conexión y de la conexión a la salida, hasta que el otro cuelgue."""
    sources = {0, fd}
    while fd in sources:
        for ready in (yield Select(tuple(sorted(sources)))):
            data = yield Read(ready)
            if data:
                sys.write(fd if ready == 0 else 1, data)
            else:
                sources.discard(ready)
                if ready == 0 and leave:
                    return
