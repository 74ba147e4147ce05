"""Los programas que se ejecutan dentro de los contenedores.

Cada módulo es una familia; declaran sus opciones con `options.applet` y hablan
con el núcleo por `sys`. `NAMES` dice qué programas hace cada módulo: el módulo
se carga la primera vez que uno de ellos se ejecuta.
"""

from __future__ import annotations

from collections.abc import Generator
from importlib import import_module
from typing import Any

from ..process import program

NAMES = {
    "apk": "apk",
    "apt": "apt-get apt",
    "archives": "tar gzip gunzip zcat",
    "awk": "awk gawk mawk",
    "basic": "echo printf test [ [[ expr true : false seq yes sleep usleep basename dirname sync clear reset",
    "copying": "cp mv install",
    "curl": "curl",
    "digests": "sha256sum md5sum sha1sum sha224sum sha384sum sha512sum base64 cmp diff dd shuf split",
    "dpkg": "dpkg dpkg-query",
    "extras": (
        "busybox more less mknod tree cowsay envsubst jq yarn yarnpkg npm-tool git apt-mark "
        "update-ca-certificates ldconfig locale-gen fc-cache update-alternatives"),
    "finding": "find",
    "hello": "hello-world hello-oracle",
    "identity": "whoami id groups logname getent",
    "inspecting": "stat du df mount umount readlink realpath which file",
    "launchers": "gosu su-exec su sudo setpriv tini dumb-init catatonit chroot unshare nsenter",
    "listing": "ls dir",
    "making": "mkdir mkfifo rmdir rm touch mktemp truncate ln",
    "mysql": "mysql mariadb mysqladmin mariadb-admin",
    "mysqld": "mysqld mariadbd",
    "network": "ping ping6 nslookup ip ifconfig netstat ss nc netcat ncat",
    "nginx": "nginx nginx-master nginx-worker",
    "node": "node nodejs",
    "npm": "npm npx",
    "owning": "chmod chown chgrp",
    "pip": "pip pip3",
    "postgres": "postgres",
    "processes": "ps top kill killall pidof pgrep pkill",
    "psql": "psql pg_isready",
    "python": "python3 python python3.11 python3.12 python3.13",
    "python_tools": "python-tool",
    "redis": "redis-server valkey-server",
    "redis_cli": "redis-cli valkey-cli",
    "registry": "registry",
    "running": "xargs timeout dockerlab-alarm time nohup nice ionice setsid stdbuf chrt watch",
    "searching": "grep egrep fgrep",
    "sed": "sed",
    "small": (
        "cal factor expand unexpand cksum strings dos2unix unix2dos link unlink mountpoint pstree who w "
        "users last uuidgen reboot halt poweroff"),
    "sorting": "sort uniq cut tr paste comm fold",
    "streams": "cat tac rev head tail tee wc nl hexdump hd od xxd",
    "stress": "stress stress-ng",
    "system": (
        "env printenv pwd hostname uname arch nproc sysctl tty uptime free date"),
    "unsimulated": (
        "acpid adjtimex apt-cache ar arp arping ascii bc blkdiscard blkid blockdev brctl bunzip2 bzcat "
        "bzip2 chattr chvt cpio crc32 crond crontab cttyhack dc deallocvt depmod devmem dmesg "
        "dnsdomainname dpkg-deb dumpkmap dumpleases ed fallocate fatattr fbset fdisk findfs flock "
        "freeramdisk fsck fsfreeze fstrim fsync ftpget ftpput fuser gcc getfattr getopt getty go hostid "
        "hwclock i2cdetect i2cdump i2cget i2cset i2ctransfer ifdown ifup init insmod ipcalc java killall5 "
        "klogd linux32 linux64 linuxrc loadfont loadkmap logger login logread losetup lsattr lsblk lsmod "
        "lsscsi lzcat lzma lzop make mdev mesg microcom mim mkdosfs mke2fs mkpasswd mkswap modinfo "
        "modprobe mt mysqldump nameif nano nbd-client nologin ntpd nuke openssl openvt partprobe patch "
        "perl php pivot_root pmap rdate renice resize resume rmmod route ruby run-init run-parts sendmail "
        "setfont setkeycodes sha3sum shred ssl_client ssl_server start-stop-daemon stty sulogin sum svc "
        "svok swapoff swapon switch_root syslogd taskset tc telnet telnetd tftp traceroute "
        "traceroute6 ts tunctl ubirename udhcpc udhcpc6 udhcpd uevent uncompress unlzma unxz unzip "
        "uudecode uuencode vconfig vi vim vmstat watchdog xz xzcat zstd"),
    "users": (
        "adduser addgroup useradd groupadd usermod groupmod deluser userdel delgroup groupdel passwd "
        "chpasswd"),
    "webservers": "httpd httpd-daemon httpd-foreground apache2-foreground apache2ctl",
    "wget": "wget",
}


def _register(module: str, name: str) -> None:
    """Apunta el programa `name`, que está en `module`."""
    def main(sys: Any) -> Generator[Any, Any, int]:
        import_module(f".{module}", __package__)
        from .options import CATALOGUE
        return (yield from CATALOGUE[name].main(sys))
    program(name, module)(main)


for _module, _names in NAMES.items():
    for _name in _names.split():
        _register(_module, _name)
