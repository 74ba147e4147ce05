"""Lo que el motor dice de sí mismo: `docker version`, `docker info`, `docker context ls`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dockerlab.units import bytes_size

from .formatter import Column, Kind

if TYPE_CHECKING:
    from dockerlab.engine import Engine

VERSION = "28.5.2"
API, OLDEST_API = "1.51", "1.24"
GO = "go1.24.9"
KERNEL = "6.8.0-dockerlab"
BUILT = "Wed Nov  5 14:43:28 2025"
COMPONENTS = (("containerd", "1.7.28"), ("runc", "1.3.3"), ("docker-init", "0.19.0"))


def version_value() -> dict[str, Any]:
    """*SystemVersion*, con la del cliente delante."""
    common = {"Version": VERSION, "ApiVersion": API}
    details = {"ApiVersion": API, "Arch": "amd64", "BuildTime": BUILT, "Experimental": "false",
               "GitCommit": "dockerlab", "GoVersion": GO, "KernelVersion": KERNEL, "MinAPIVersion": OLDEST_API,
               "Os": "linux"}
    return {
        "Client": {**common, "DefaultAPIVersion": API, "GitCommit": "dockerlab", "GoVersion": GO, "Os": "linux",
                   "Arch": "amd64", "BuildTime": BUILT, "Context": "default"},
        "Server": {"Platform": {"Name": ""}, "Components": [
            {"Name": "Engine", "Version": VERSION, "Details": details},
            *({"Name": name, "Version": number, "Details": {"GitCommit": "dockerlab"}}
              for name, number in COMPONENTS)],
            **common, "MinAPIVersion": OLDEST_API, "GitCommit": "dockerlab", "GoVersion": GO, "Os": "linux",
            "Arch": "amd64", "KernelVersion": KERNEL, "BuildTime": BUILT}}


def version_text(value: dict[str, Any]) -> str:
    """El texto de `docker version`."""
    client, server = value["Client"], value["Server"]
    lines = ["Client:"]
    lines += _fields(" ", 20, (("Version", client["Version"]), ("API version", client["ApiVersion"]),
                               ("Go version", GO), ("Git commit", client["GitCommit"]), ("Built", BUILT),
                               ("OS/Arch", "linux/amd64"), ("Context", "default")))
    lines += ["", "Server:", " Engine:"]
    lines += _fields("  ", 19, (("Version", server["Version"]),
                                ("API version", f"{API} (minimum version {OLDEST_API})"),
                                ("Go version", GO), ("Git commit", server["GitCommit"]), ("Built", BUILT),
                                ("OS/Arch", "linux/amd64"), ("Experimental", "false")))
    for name, number in COMPONENTS:
        lines.append(f" {name}:")
        lines += _fields("  ", 19, (("Version", number), ("GitCommit", "dockerlab")))
    return "\n".join(lines) + "\n"


def _fields(margin: str, width: int, pairs: tuple[tuple[str, str], ...]) -> list[str]:
    return [margin + f"{name}:".ljust(width - len(margin) + 1) + value for name, value in pairs]


def info_value(engine: Engine) -> dict[str, Any]:
    """*SystemInfo*: lo que se usa de él."""
    states = [record.state.status for record in engine.containers.list()]
    running, paused = states.count("running") + states.count("restarting"), states.count("paused")
    return {
        "ID": "dockerlab", "Containers": len(states), "ContainersRunning": running, "ContainersPaused": paused,
        "ContainersStopped": len(states) - running - paused, "Images": len(engine.images), "Driver": "overlay2",
        "LoggingDriver": "json-file", "CgroupDriver": "systemd", "CgroupVersion": "2", "KernelVersion": KERNEL,
        "OperatingSystem": "dockerlab (simulado)", "OSType": "linux", "Architecture": "x86_64",
        "NCPU": engine.host.cpus, "MemTotal": engine.host.memory, "DockerRootDir": "/var/lib/docker",
        "Name": engine.host.name, "ServerVersion": VERSION, "DefaultRuntime": "runc",
        "IndexServerAddress": "https://index.docker.io/v1/", "LiveRestoreEnabled": False,
        "SecurityOptions": ["name=seccomp,profile=builtin", "name=cgroupns"], "ClientInfo": {
            "Debug": False, "Context": "default", "Version": VERSION}}


def info_text(value: dict[str, Any]) -> str:
    """El texto de `docker info`."""
    client = [("Version", "   " + value["ClientInfo"]["Version"]), ("Context", "   default"), ("Debug Mode", "false")]
    server = [
        ("Containers", value["Containers"]), (" Running", value["ContainersRunning"]),
        (" Paused", value["ContainersPaused"]), (" Stopped", value["ContainersStopped"]), ("Images", value["Images"]),
        ("Server Version", value["ServerVersion"]), ("Storage Driver", value["Driver"]),
        ("Logging Driver", value["LoggingDriver"]), ("Cgroup Driver", value["CgroupDriver"]),
        ("Cgroup Version", value["CgroupVersion"]), ("Swarm", "inactive"), ("Runtimes", "io.containerd.runc.v2 runc"),
        ("Default Runtime", value["DefaultRuntime"]), ("Init Binary", "docker-init"),
        ("Kernel Version", value["KernelVersion"]), ("Operating System", value["OperatingSystem"]),
        ("OSType", value["OSType"]), ("Architecture", value["Architecture"]), ("CPUs", value["NCPU"]),
        ("Total Memory", bytes_size(value["MemTotal"])), ("Name", value["Name"]), ("ID", value["ID"]),
        ("Docker Root Dir", value["DockerRootDir"]), ("Debug Mode", "false"), ("Experimental", "false"),
        ("Insecure Registries", "\n  ::1/128\n  127.0.0.0/8"), ("Live Restore Enabled", "false")]
    return ("Client:\n" + "".join(f" {name}: {text}\n" for name, text in client) + "\nServer:\n"
            + "".join(f" {name}:{' ' if not str(text).startswith(chr(10)) else ''}{text}\n" for name, text in server)
            + "\n")


CONTEXTS = [{"Name": "default", "Current": True, "Description": "Current DOCKER_HOST based configuration",
             "DockerEndpoint": "simulado://dockerlab", "Error": ""}]
CONTEXT = Kind("*formatter.clientContextContext", {
    "Name": Column("NAME", lambda item, _: item["Name"] + (" *" if item["Current"] else "")),
    "Description": Column("DESCRIPTION", lambda item, _: item["Description"]),
    "DockerEndpoint": Column("DOCKER ENDPOINT", lambda item, _: item["DockerEndpoint"]),
    "Error": Column("ERROR", lambda item, _: item["Error"]),
}, "{{.Name}}\t{{.Description}}\t{{.DockerEndpoint}}\t{{.Error}}", quiet="{{.Name}}")
