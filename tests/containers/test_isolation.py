"""El aislamiento, visto desde dentro y desde fuera; y que nada se escape al anfitrión."""

from __future__ import annotations

import io
import shlex
import tarfile

import pytest

from dockerlab.cli import capture
from tests.engine.conftest import engine  # noqa: F401  (el motor con BusyBox)


@pytest.fixture
def docker(engine, tmp_path):  # noqa: F811
    """`docker(línea)`: lo que contesta, con la carpeta de la prueba como carpeta de trabajo."""
    def run(line: str, stdin: bytes | None = None):
        return capture(engine, shlex.split(line), stdin, cwd=str(tmp_path))
    run.engine = engine
    assert run("pull -q busybox").code == 0
    return run


def test_one_process_has_two_numbers(docker):
    docker("run -d --name web busybox sleep 1000")
    inside = docker("exec web ps -o pid,comm").out
    outside = docker("inspect -f '{{.State.Pid}}' web").out.strip()
    assert "    1 sleep\n" in inside
    assert int(outside) > 1000
    process, = docker.engine.view().containers[0].processes
    assert (process.pid, process.host_pid) == (1, int(outside))
    seen = docker("run --rm --pid host busybox ps -o pid,comm").out
    assert f"{outside:>5} sleep\n" in seen


def test_the_kernel_is_the_same_inside_and_outside(docker):
    inside = docker("run --rm busybox uname -r").out
    assert inside == docker("run --rm --privileged --pid host --network host busybox uname -r").out
    assert inside.strip() == docker("info -f '{{.KernelVersion}}'").out.strip()


def test_capabilities_decide_what_root_may_do(docker):
    change = "sh -c 'touch /a && chown 7 /a && stat -c %u /a'"
    assert docker(f"run --rm busybox {change}").out == "7\n"
    refused = docker(f"run --rm --cap-drop CHOWN busybox {change}")
    assert (refused.code, refused.err) == (1, "chown: /a: Operation not permitted\n")
    mounting = "sh -c 'mkdir /m && mount -t tmpfs none /m && echo dentro > /m/x && cat /m/x'"
    assert docker(f"run --rm busybox {mounting}").err == "mount: permission denied (are you root?)\n"
    assert docker(f"run --rm --cap-add SYS_ADMIN busybox {mounting}").out == "dentro\n"
    assert docker(f"run --rm --privileged busybox {mounting}").out == "dentro\n"
    assert docker(f"run --rm --privileged -u 1000 busybox {mounting}").code == 1


def test_a_tmpfs_says_that_it_is_one_and_how_much_it_holds(docker):
    done = docker("run --rm --tmpfs /t:size=1m busybox sh -c 'grep \" /t \" /proc/mounts; df /t'")
    assert "tmpfs /t tmpfs rw,nosuid,nodev,noexec,relatime,size=1024k 0 0" in done.out
    assert done.out.splitlines()[-1].split() == ["tmpfs", "1024", "0", "1024", "0%", "/t"]


def test_a_read_only_root_refuses_and_a_tmpfs_in_it_does_not(docker):
    done = docker("run --rm --read-only --tmpfs /t busybox sh -c 'touch /a; touch /t/a && echo bien'")
    assert (done.out, done.err) == ("bien\n", "touch: /a: Read-only file system\n")


def test_a_published_port_with_nobody_inside_hangs_up(docker):
    docker("run -d --name dentro -p 8082:80 busybox httpd -f -p 127.0.0.1:80 -h /etc")
    outside = docker("run --rm --network host busybox wget -qO- localhost:8082/hostname")
    assert (outside.code, outside.err) == (1, "wget: error getting response: Connection reset by peer\n")
    assert docker("exec dentro wget -qO- localhost/hostname").code == 0


def test_the_host_answers_at_any_of_its_addresses(docker):
    docker("network create red")
    docker("run -d --name web -p 8080:80 busybox httpd -f -h /etc")
    for network, address in (("red", "172.17.0.1"), ("bridge", "172.18.0.1"), ("red", "192.168.1.10")):
        assert docker(f"run --rm --network {network} busybox wget -qO- -T 2 {address}:8080/hostname").code == 0


@pytest.mark.parametrize(("option", "path", "mode"), [
    ("--tmpfs /home", "/home", 755), ("--tmpfs /tmp", "/tmp", 1777), ("--tmpfs /nueva", "/nueva", 1777),
    ("--tmpfs /home:mode=700", "/home", 700), ("--mount type=tmpfs,dst=/root", "/root", 700)])
def test_a_tmpfs_has_the_permissions_of_what_it_covers(docker, option, path, mode):
    assert docker(f"run --rm {option} busybox stat -c %a {path}").out == f"{mode}\n"


def test_the_first_card_is_that_of_the_network_it_was_born_in(docker):
    docker("network create abad")
    docker("run -d --name dos busybox sleep 1000")
    docker("network connect abad dos")
    cards = docker("exec dos ip -o -4 addr").out.splitlines()
    assert ["172.17.0.2/16" in cards[1], "172.18.0.2/16" in cards[2]] == [True, True]


def test_the_host_network_shows_the_cards_and_the_name_of_the_host(docker):
    assert docker("run --rm --network host busybox hostname").out.strip() == docker.engine.host.name
    assert docker("run --rm busybox hostname").out.strip() != docker.engine.host.name


@pytest.mark.parametrize("line", [
    "cp web:/dentro ../fuera", "cp web:/dentro /fuera-de-la-carpeta", "cp web:/carpeta ./enlace/x",
    "cp web:/dentro ./enlace/fuera", "run --rm -v ../:/d busybox ls /d", "run --rm -v ./enlace:/d busybox ls /d",
    "run --rm -v /etc:/d busybox cat /d/passwd", "run --rm --mount type=bind,src=/,dst=/d busybox ls /d"])
def test_nothing_leaves_the_folder(docker, tmp_path, line):
    outside = tmp_path.parent / "fuera"
    (tmp_path / "enlace").symlink_to(tmp_path.parent)
    docker("run -d --name web busybox sh -c 'echo secreto > /dentro; mkdir /carpeta; touch /carpeta/x; sleep 1000'")
    before = sorted(path.name for path in tmp_path.parent.iterdir())
    done = docker(line)
    assert done.code != 0
    assert not outside.exists()
    assert sorted(path.name for path in tmp_path.parent.iterdir()) == before


def test_a_link_that_the_container_left_is_never_followed_by_cp(docker, tmp_path):
    """Un contenedor hostil deja un enlace en la carpeta copiada; la segunda copia lo sustituye, no lo sigue."""
    victim = tmp_path.parent / "victima"
    victim.write_text("intacto")
    docker(f"run -d --name malo busybox sh -c 'mkdir /d; ln -s {victim} /d/x; sleep 1000'")
    assert docker("cp malo:/d copia").code == 0
    docker("exec malo sh -c 'rm /d/x; echo robado > /d/x'")
    assert docker("cp malo:/d/. copia").code == 0
    assert victim.read_text() == "intacto"
    assert (tmp_path / "copia" / "x").read_text() == "robado\n"
    victim.unlink()


@pytest.mark.parametrize("name", ["../escapa", "/../escapa", "a/../../escapa", "enlace/escapa"])
def test_a_hostile_tar_stays_inside_the_container(docker, tmp_path, name):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as tar:
        link = tarfile.TarInfo("enlace")
        link.type, link.linkname = tarfile.SYMTYPE, str(tmp_path.parent)
        tar.addfile(link)
        info = tarfile.TarInfo(name)
        info.size = 5
        tar.addfile(info, io.BytesIO(b"hola\n"))
    docker("run -d --name web busybox sleep 1000")
    docker("cp - web:/tmp", data.getvalue())
    docker("import -", data.getvalue())
    assert not list(tmp_path.parent.rglob("escapa"))


def test_a_container_with_init_reaps_orphans_and_forwards_signals(docker):
    docker("run -d --init --name ordenado busybox sh -c '(sleep 1 &) ; exec sleep 1000'")
    docker("run -d --name descuidado busybox sh -c '(sleep 1 &) ; exec sleep 1000'")
    docker.engine.settle(3)
    states = {name: docker(f"exec {name} ps -o stat,comm").out for name in ("ordenado", "descuidado")}
    assert "Z    sleep" in states["descuidado"] and "Z" not in states["ordenado"]
    docker("stop ordenado descuidado")
    codes = docker("inspect -f '{{.State.ExitCode}}' ordenado descuidado").out.split()
    assert codes == ["143", "137"]


def test_a_container_has_namespaces_of_its_own_but_not_of_time_nor_users(docker):
    docker("run -d --name web busybox sleep 1000")
    kinds = ["mnt", "uts", "ipc", "pid", "net", "time", "user"]
    read = "readlink " + " ".join(f"/proc/self/ns/{kind}" for kind in kinds)
    inside, other = (docker(f"{order} {read}").out.split() for order in ("exec web", "run --rm busybox"))
    assert [one.partition(":")[0] for one in inside] == kinds
    assert len(set(inside) | set(other)) == 5 + 5 + 2      # time y user son los del anfitrión
    assert inside[-2:] == other[-2:] == ["time:[4026531834]", "user:[4026531837]"]
    assert docker("exec web cat /proc/self/uid_map").out == "         0          0 4294967295\n"


def test_asking_for_the_hosts_namespaces_gives_its_numbers(docker):
    shared = docker("run --rm --pid host --uts host --network host busybox "
                    "readlink /proc/self/ns/pid /proc/self/ns/uts /proc/self/ns/net").out.split()
    assert shared == ["pid:[4026531836]", "uts:[4026531838]", "net:[4026531840]"]
    docker("run -d --name web busybox sleep 1000")
    inside = docker("exec web readlink /proc/self/ns/net").out
    assert docker("run --rm --network container:web busybox readlink /proc/self/ns/net").out == inside != shared[-1]
    joined = docker("run --rm --pid container:web busybox readlink /proc/self/ns/pid").out
    assert joined == docker("exec web readlink /proc/1/ns/pid").out


def test_the_machine_is_one_whoever_counts_it(docker):
    assert docker("info -f '{{.NCPU}}'").out == docker("run --rm busybox nproc").out
    total = docker("run --rm busybox grep MemTotal /proc/meminfo").out.split()[1]
    assert int(docker("info -f '{{.MemTotal}}'").out) == int(total) * 1024


def test_a_lent_network_can_be_lent_again_and_outlives_its_owner(docker):
    docker("run -d --name casa busybox httpd -f -p 127.0.0.1:8080 -h /etc")
    docker("run -d --name primo --network container:casa busybox sleep 1000")
    name = docker("exec casa hostname").out
    assert docker("run --rm --network container:primo busybox hostname").out == name
    assert docker("run --rm --network container:primo busybox wget -qO- http://localhost:8080/hostname").out == name
    docker("stop -t 0 casa")
    assert docker("exec primo hostname").out == name
    assert "Connection refused" in docker("exec primo wget -qO- http://localhost:8080/hostname").err


def test_a_read_only_root_says_so_before_looking_at_permissions(docker):
    said = docker("run --rm -u 1000 --read-only busybox sh -c 'echo a > /etc/passwd; echo b > /dev/null && echo bien'")
    assert said.err == "sh: can't create /etc/passwd: Read-only file system\n" and said.out == "bien\n"
