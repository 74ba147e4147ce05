"""Sistema, procesos, red, cuentas y archivos comprimidos; y las frases de GNU en las imágenes de Debian."""

from __future__ import annotations

import io
import tarfile

import pytest

from dockerlab.filesystem import User
from dockerlab.filesystem.nodes import File

from .machine import Machine

ANA = User(1000, 1000, (33,))


# -- GNU --
@pytest.mark.parametrize("line, error, code", [
    ("cat nada", "cat: nada: No such file or directory", 1), ("ls nada", "ls: cannot access 'nada': No such "
                                                              "file or directory", 2),
    ("rm nada", "rm: cannot remove 'nada': No such file or directory", 1),
    ("rm d", "rm: cannot remove 'd': Is a directory", 1),
    ("mkdir d", "mkdir: cannot create directory 'd': File exists", 1),
    ("cp nada x", "cp: cannot stat 'nada': No such file or directory", 1),
    ("cp d x", "cp: -r not specified; omitting directory 'd'", 1), ("mv nada x", "mv: cannot stat 'nada': No "
                                                                    "such file or directory", 1),
    ("rmdir d", "rmdir: failed to remove 'd': Directory not empty", 1),
    ("head nada", "head: cannot open 'nada' for reading: No such file or directory", 1),
    ("chown nadie_asi f", "chown: invalid user: 'nadie_asi'", 1), ("touch no/x", "touch: cannot touch "
                                                                   "'no/x': No such file or directory", 1),
    ("ls --nada", "ls: unrecognized option '--nada'\nTry 'ls --help' for more information.", 2),
    ("mkdir", "mkdir: missing operand\nTry 'mkdir --help' for more information.", 1),
    ("sleep x", "sleep: invalid time interval 'x'\nTry 'sleep --help' for more information.", 1),
    ("sed k f", "sed: -e expression #1, char 1: unsupported command k", 1),
    ("id nadie_asi", "id: 'nadie_asi': no such user", 1)])
def test_debian_speaks_as_gnu(line, error, code):
    outcome = Machine({"f": "x\n", "d/e": "y\n"}, dialect="").run(*line.split())
    assert (outcome.err, outcome.code) == (error + "\n", code)


def test_debian_lists_with_adjusted_columns():
    made = Machine({"f": File(b"x" * 12345), "g": File(b"")}, dialect="")
    assert made.run("ls", "-l").out == ("total 16\n-rw-r--r-- 1 root root 12345 Jan  1  1970 f\n-rw-r--r-- 1 "
                                        "root root     0 Jan  1  1970 g\n")
    assert made.run("ls", "-lh", "f").out.split()[4] == "13K"
    assert made.run("wc", "f",
                    "g").out == "    0     1 12345 f\n    0     0     0 g\n    0     1 12345 total\n"


# -- quién y dónde --
def test_who_and_where():
    made = Machine(env={"A": "1"})
    assert made.run("id", user=ANA).out == "uid=1000(ana) gid=1000(ana) groups=1000(ana),33(www-data)\n"
    assert made.run("whoami", user=User(4242, 0, ())).err == "whoami: unknown uid 4242\n"
    assert made.run("hostname").out == "maquina\n" and made.run("pwd").out == "/datos\n"
    assert made.run("date").out == "Mon Oct  5 12:00:00 UTC 2026\n"
    assert made.run("date", "+%F %T %s").out == "2026-10-05 12:00:00 1791201600\n"
    assert made.run("env", "-i", "B=2", "env").out == "B=2\n"
    assert "A=1\n" in made.run("env").out and made.run("env", "nada").code == 127
    assert made.run("uname", "-sm").out == "Linux x86_64\n"


def test_ps_in_its_three_forms():
    small, big = Machine(), Machine(dialect="")
    assert small.run("ps").out == (
        "PID   USER     TIME  COMMAND\n    1 root      0:00 sleep infinity\n    2 root      0:00 ps\n")
    aux = big.run("ps", "aux").out.splitlines()
    assert aux[0].split() == ["USER", "PID", "%CPU", "%MEM", "VSZ", "RSS", "TTY", "STAT", "START", "TIME",
                              "COMMAND"]
    assert aux[1].split()[1] == "1" and aux[1].endswith("sleep infinity")
    assert big.run("ps", "-ef").out.splitlines()[1].split()[:3] == ["root", "1", "0"]
    assert small.run("ps", "-o", "pid,args").out.splitlines()[1] == "    1 sleep infinity"


def test_signals_reach_processes_by_name_and_number():
    made = Machine()
    made.run("true")
    process, _ = made.start(["sleep", "1000"])
    assert made.run("pidof", "sleep").out.split()[0] == "3"
    assert made.run("kill", "-9", "3").code == 0
    made.wait(0.1)
    assert process.exit_code == 137
    assert made.run("kill", "99").err == "kill: can't kill pid 99: No such process\n"
    assert made.run("killall", "nada").code == 1


@pytest.mark.parametrize("dialect, late", [("busybox", 143), ("", 124)])
def test_timeout(dialect, late):
    made = Machine(dialect=dialect)
    assert made.run("timeout", "2", "sleep", "100").code == late
    assert made.run("timeout", "5", "sh", "-c", "exit 3").code == 3


def test_tail_follows_a_growing_file():
    made = Machine({"log": "uno\n"})
    process, out = made.start(["tail", "-f", "log"])
    made.wait(1)
    made.run("sh", "-c", "echo dos >> log")
    made.wait(2)
    assert out.text() == "uno\ndos\n" and process.alive


def test_yes_dies_when_nobody_reads():
    assert Machine().run("sh", "-c", "yes | head -n 2").out == "y\ny\n"


# -- red --
def test_ping_names_and_addresses():
    made = Machine()
    assert "1 packets transmitted, 1 packets received, 0% packet loss" in made.run("ping", "-c", "1",
                                                                                   "localhost").out
    assert made.run("ping", "-c", "1", "nadie").err == "ping: bad address 'nadie'\n"
    assert made.run("ip", "-o", "-4", "addr").out == (
        "1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever\n")
    assert made.run("nslookup", "nadie").code == 1


def test_nc_talks_both_ways():
    made = Machine()
    server, heard = made.start(["nc", "-l", "-p", "9000"], stdin=b"hola tu\n")
    made.wait(0.1)
    said = made.run("nc", "localhost", "9000", stdin=b"hola yo\n", seconds=1)
    assert heard.text() == "hola yo\n" and said.out == "hola tu\n"
    assert made.run("nc", "-z", "localhost", "9999").code == 1


@pytest.mark.parametrize("argv, code, error", [
    (["curl", "http://nadie/"], 6, "curl: (6) Could not resolve host: nadie\n"),
    (["curl", "localhost:81"], 7, "curl: (7) Failed to connect to localhost port 81 after 0 ms: Couldn't "
     "connect to server\n"),
    (["curl", "-s", "localhost:81"], 7, ""), (["curl", "--nada"], 2, None),
    (["wget", "-qO-", "http://nadie"], 1, "wget: bad address 'nadie'\n"),
    (["wget", "-q", "http://localhost:81"], 1, "wget: can't connect to remote host (127.0.0.1): Connection "
     "refused\n")])
def test_clients_say_why_they_could_not(argv, code, error):
    outcome = Machine().run(*argv)
    assert outcome.code == code
    assert error is None or outcome.err == error


def test_netstat_shows_who_listens():
    made = Machine({"w/x": ""})
    made.start(["httpd", "-f", "-p", "8080", "-h", "w"])
    made.wait(0.1)
    assert "0.0.0.0:8080" in made.run("netstat", "-tlnp").out and "1/httpd" in made.run("netstat",
                                                                                        "-tlnp").out


# -- cuentas --
def test_accounts_of_busybox_and_debian():
    alpine, debian = Machine(), Machine(dialect="")
    assert alpine.run("addgroup", "-S", "app").code == 0
    assert alpine.run("adduser", "-S", "-G", "app", "app").code == 0
    assert alpine.run("id", "app").out == "uid=100(app) gid=100(app) groups=100(app)\n"
    assert alpine.run("adduser", "-D", "ana").err == "adduser: user 'ana' in use\n"
    assert debian.run("groupadd", "-r", "app").code == 0
    assert debian.run("useradd", "-r", "-g", "app", "-m", "app").code == 0
    assert debian.run("id", "app").out == "uid=999(app) gid=999(app) groups=999(app)\n"
    assert debian.fs.stat("/home/app").uid == 999
    assert debian.run("useradd", "ana").code == 9
    assert debian.run("usermod", "-aG", "www-data",
                      "app").code == 0 and "33(www-data)" in debian.run("id", "app").out


def test_becoming_another_user():
    made = Machine(dialect="")
    assert made.run("gosu", "ana", "id", "-un").out == "ana\n"
    assert made.run("su", "ana", "-c", "whoami").out == "ana\n"
    assert made.run("su", "ana", "-c", "touch /etc/x", user=ANA).code == 1
    assert made.run("sh", "-c", "touch /etc/x", user=ANA).err.endswith("Permission denied\n")
    assert "unable to find user nadie" in made.run("gosu", "nadie", "id").err


def test_tini_passes_signals_on():
    made = Machine(dialect="")
    process, _ = made.start(["tini", "--", "sleep", "1000"])
    made.wait(0.1)
    made.kernel.signal(process.pid, 15)
    made.wait(0.1)
    assert process.exit_code == 143


# -- empaquetar --
def test_tar_goes_and_comes_back_with_declared_sizes():
    made = Machine({"d/a": "uno\n", "d/big": File(b"x", declared_size=5_000_000),
                    "d/run.sh": File(b"#!/bin/sh\n", 0o755)})
    made.run("ln", "-s", "a", "d/l")
    assert made.run("tar", "czf", "x.tgz", "d").code == 0
    assert made.run("tar", "tzf", "x.tgz").out == "d/\nd/a\nd/big\nd/l\nd/run.sh\n"
    made.run("mkdir", "o")
    assert made.run("tar", "-xzf", "x.tgz", "-C", "o", "--strip-components", "1").code == 0
    assert made.read("o/a") == "uno\n" and made.fs.stat("/datos/o/big").size == 5_000_000
    assert made.fs.stat("/datos/o/run.sh").mode == 0o755 and made.fs.readlink("/datos/o/l") == "a"


def test_tar_never_leaves_its_folder():
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name in ("../fuera", "/etc/passwd", "bien"):
            info = tarfile.TarInfo(name)
            info.size = 1
            archive.addfile(info, io.BytesIO(b"x"))
    made = Machine({"h.tar": buffer.getvalue()})
    made.run("mkdir", "o")
    made.run("tar", "xf", "h.tar", "-C", "o")
    assert not made.fs.exists("/datos/fuera") and made.read("o/etc/passwd") == "x"
    assert made.read("/etc/passwd").startswith("root:") and made.read("o/bien") == "x"


def test_gzip_is_deterministic_and_comes_back():
    made = Machine({"a": "hola\n" * 100, "b": "hola\n" * 100})
    made.run("gzip", "a", "b")
    assert made.fs.read("/datos/a.gz") == made.fs.read("/datos/b.gz")
    assert made.run("gunzip", "a.gz").code == 0 and made.read("a") == "hola\n" * 100
    assert made.run("zcat", "b.gz").out == "hola\n" * 100


def test_digests_are_checked():
    made = Machine({"a": "hola\n"})
    made.run("sh", "-c", "sha256sum a > lista")
    assert made.run("sha256sum", "-c", "lista").out == "a: OK\n"
    made.put("a", "otra\n")
    outcome = made.run("sha256sum", "-c", "lista")
    assert (outcome.code, outcome.out) == (1, "a: FAILED\n")


def test_dd_of_zeros_declares_its_weight():
    made = Machine()
    assert made.run("dd", "if=/dev/zero", "of=big", "bs=1M", "count=300").code == 0
    assert made.run("du", "-h", "big").out == "300.0M\tbig\n"


def test_copies_keep_the_declared_size():
    made = Machine({"big": File(b"x", declared_size=7_000_000)})
    made.run("cp", "big", "otro")
    made.run("mv", "otro", "tercero")
    assert made.run("ls", "-l", "tercero").out.split()[4] == "7000000"
