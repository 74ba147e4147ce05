"""Lo que ve un proceso: rutas, enlaces, permisos y montajes, con los errores de la biblioteca de C."""

from __future__ import annotations

import pytest

from dockerlab.errors import FileError
from dockerlab.filesystem import Device, Directory, File, FileSystem, Layer, Mount, Overlay, Symlink, User

ANA = User(1000, 1000, (50,))
BASE = Layer({
    "bin/sh": File(b"#!", 0o755), "etc/passwd": File(b"root"), "etc/secreto": File(b"s", 0o600),
    "home/ana": Directory(0o755, 1000, 1000), "home/ana/f": File(b"ana", 0o640, 1000, 50),
    "tmp": Directory(0o1777), "root": Directory(0o700), "root/x": File(b"x"),
    "lib": Symlink("usr/lib"), "usr/lib/a.so": File(b"so"), "vuelta": Symlink("/vuelta"),
    "abs": Symlink("/etc"), "fuera": Symlink("../../../../etc/passwd"), "roto": Symlink("/nada"),
    "dev/full": Device("c", 1, 7, 0o666), "dev/null": Device("c", 1, 3, 0o666),
})


@pytest.fixture
def fs():
    return FileSystem(Overlay([BASE]))


def error(call, *args, **options) -> str:
    with pytest.raises(FileError) as failed:
        call(*args, **options)
    assert failed.value.text and failed.value.what
    return failed.value.key


@pytest.mark.parametrize("path, real", [
    ("/etc/passwd", "/etc/passwd"), ("/lib/a.so", "/usr/lib/a.so"), ("/abs/passwd", "/etc/passwd"),
    ("/fuera", "/etc/passwd"), ("/etc/../bin/./sh", "/bin/sh"), ("/../../etc", "/etc"), ("//etc//", "/etc"),
    ("/lib/../lib", "/usr/lib"), ("/etc/nuevo", "/etc/nuevo"), ("/roto", "/nada")])
def test_paths_are_resolved_inside_the_root(fs, path, real):
    assert fs.resolve(path) == real


@pytest.mark.parametrize("path, key", [
    ("/nada/f", "ENOENT"), ("", "ENOENT"), ("/etc/passwd/f", "ENOTDIR"), ("/etc/passwd/", "ENOTDIR"),
    ("/vuelta", "ELOOP"), ("/" + "n" * 256, "ENAMETOOLONG")])
def test_paths_that_lead_nowhere_fail_as_in_c(fs, path, key):
    assert error(fs.resolve, path) == key


def test_reading_and_writing(fs):
    fs.write("/tmp/f", b"uno", user=ANA, now=5)
    fs.write("/tmp/f", b" dos", append=True, user=ANA, now=6)
    stat = fs.stat("/tmp/f")
    assert (fs.read("/tmp/f"), stat.size, stat.uid, stat.mtime) == (b"uno dos", 7, 1000, 6)
    assert BASE.entries.get("tmp/f") is None
    assert fs.stat("/tmp").mtime == 5


def test_a_write_through_a_link_reaches_its_target(fs):
    fs.write("/lib/a.so", b"nuevo")
    fs.write("/roto", b"creado")
    assert (fs.read("/usr/lib/a.so"), fs.read("/nada")) == (b"nuevo", b"creado")


@pytest.mark.parametrize("operation, args, key", [
    ("read", ("/etc/secreto",), "EACCES"), ("read", ("/root/x",), "EACCES"), ("listdir", ("/root",), "EACCES"),
    ("write", ("/etc/passwd", b""), "EACCES"), ("write", ("/etc/nuevo", b""), "EACCES"),
    ("mkdir", ("/srv",), "EACCES"), ("remove", ("/bin/sh",), "EACCES"), ("chmod", ("/etc/passwd", 0o777), "EPERM"),
    ("chown", ("/home/ana/f", 0), "EPERM"), ("utime", ("/etc/passwd", 1), "EPERM"),
    ("rename", ("/etc/passwd", "/tmp/p"), "EACCES")])
def test_a_common_user_is_stopped_where_root_is_not(fs, operation, args, key):
    assert error(getattr(fs, operation), *args, user=ANA) == key
    getattr(fs, operation)(*args)


@pytest.mark.parametrize("operation, args, key", [
    ("read", ("/etc",), "EISDIR"), ("write", ("/etc", b""), "EISDIR"), ("write", ("/dev/full", b"x"), "ENOSPC"),
    ("mkdir", ("/etc",), "EEXIST"), ("rmdir", ("/etc",), "ENOTEMPTY"), ("rmdir", ("/etc/passwd",), "ENOTDIR"),
    ("remove", ("/etc",), "EISDIR"), ("readlink", ("/etc",), "EINVAL"), ("symlink", ("x", "/etc"), "EEXIST"),
    ("link", ("/etc", "/e"), "EPERM"), ("rename", ("/etc", "/etc/dentro"), "EINVAL"),
    ("rename", ("/etc", "/bin/sh"), "ENOTDIR"), ("rename", ("/bin/sh", "/tmp"), "EISDIR"),
    ("rename", ("/tmp", "/etc"), "ENOTEMPTY"), ("listdir", ("/bin/sh",), "ENOTDIR")])
def test_what_even_root_cannot_do(fs, operation, args, key):
    assert error(getattr(fs, operation), *args) == key


def test_the_group_and_the_rest_have_their_own_bits(fs):
    assert fs.read("/home/ana/f", user=User(1, 50)) == fs.read("/home/ana/f", user=ANA) == b"ana"
    assert error(fs.read, "/home/ana/f", user=User(1, 1)) == "EACCES"
    assert fs.access("/bin/sh", 1, user=ANA) and not fs.access("/etc/passwd", 1)


def test_in_a_sticky_folder_only_the_owner_removes(fs):
    fs.write("/tmp/de-root", b"")
    fs.write("/tmp/de-ana", b"", user=ANA)
    assert error(fs.remove, "/tmp/de-root", user=ANA) == "EPERM"
    fs.remove("/tmp/de-ana", user=ANA)
    assert fs.listdir("/tmp") == ["de-root"]


def test_folders_links_and_names(fs):
    fs.mkdir("/srv/a/b", parents=True)
    fs.mkdir("/srv/a/b", parents=True)
    fs.write("/srv/a/f", b"1")
    fs.link("/srv/a/f", "/srv/g")
    fs.symlink("a", "/srv/s")
    fs.write("/srv/g", b"22")
    assert (fs.read("/srv/s/f"), fs.stat("/srv/g").nlink, fs.stat("/srv/g").ino) == (
        b"22", 2, fs.stat("/srv/a/f").ino)
    fs.rename("/srv/a", "/srv/z")
    assert [path for path, _ in fs.walk("/srv")] == ["/srv", "/srv/g", "/srv/s", "/srv/z", "/srv/z/b", "/srv/z/f"]
    assert fs.stat("/srv").nlink == 3 and fs.stat("/srv/s", follow=False).kind == "l"


def test_a_mount_covers_what_is_below_and_gives_it_back():
    volume = Overlay((), {"dato": File(b"v")})
    fs = FileSystem(Overlay([BASE]), {"/etc": Mount(volume)})
    assert fs.listdir("/etc") == ["dato"]
    fs.write("/etc/otro", b"x")
    assert volume.lookup("otro").content == b"x"
    assert fs.root.changes() == []
    fs.unmount("/etc")
    assert fs.listdir("/etc") == ["passwd", "secreto"]


def test_mount_points_are_seen_and_kept():
    fs = FileSystem(Overlay([BASE]), {"/datos": Mount(Overlay(())), "/etc/hosts": Mount(
        Overlay((), {"hosts": File(b"127.0.0.1 localhost")}), subpath="hosts")})
    assert "datos" in fs.listdir("/") and "hosts" in fs.listdir("/etc")
    assert fs.read("/etc/hosts") == b"127.0.0.1 localhost"
    assert error(fs.rmdir, "/datos") == "EBUSY" and error(fs.remove, "/etc/hosts") == "EBUSY"
    assert error(fs.rename, "/etc/passwd", "/datos/p") == "EXDEV"
    assert fs.stat("/datos").device != fs.stat("/etc").device


def test_a_read_only_mount_refuses_every_write():
    fs = FileSystem(Overlay([BASE]), {"/ro": Mount(Overlay((), {"f": File(b"")}), read_only=True)})
    for operation, args in (("write", ("/ro/f", b"x")), ("write", ("/ro/g", b"x")), ("remove", ("/ro/f",)),
                            ("mkdir", ("/ro/d",)), ("chmod", ("/ro/f", 0o600)), ("symlink", ("x", "/ro/s"))):
        assert error(getattr(fs, operation), *args) == "EROFS"
    assert error(FileSystem(Overlay([BASE]), read_only=True).write, "/nuevo", b"") == "EROFS"


def test_declared_sizes_are_what_stat_tells():
    fs = FileSystem(Overlay([Layer({"grande": File(b"", declared_size=10**9)})]))
    assert fs.stat("/grande").size == 10**9
    fs.write("/grande", b"1", append=True)
    assert fs.stat("/grande").size == 10**9 + 1
    fs.write("/grande", b"1")
    assert fs.stat("/grande").size == 1
