"""`cp`, `commit`, `export`, `import`: sacar y meter archivos."""

from __future__ import annotations

import io

from dockerlab.errors import fault
from dockerlab.filesystem import FileSystem, Layer
from dockerlab.filesystem.layer import settled
from dockerlab.images.archive import export as write_export
from dockerlab.images.load import import_image
from dockerlab.units import human_size

from ..call import Call
from ..copying import ContainerSide, HostSide, split_spec, transfer
from .sharing import check_output, deliver


def container_side(call: Call, name: str) -> ContainerSide:
    """Los archivos de un contenedor, esté en marcha o no: su disco y lo que se monta en él.

    Docker real: `cp` no entra en los espacios del contenedor; no ve `/proc`, `/dev`, `/sys` ni los tmpfs.
    """
    container = call.container(name)
    alive = container.space.fs.mounts if container.space else {}
    memory = {point.target for point in container.mounts if point.type == "tmpfs"}
    mounts = call.engine.containers.runtime.file_system(container).mounts
    points = {path: alive.get(path, mount) for path, mount in mounts.items() if path not in memory}
    fs = FileSystem(container.root, points, read_only=bool(container.host_config.get("ReadonlyRootfs")))
    return ContainerSide(fs, container, name, call.engine.clock.now)


def copy(call: Call) -> int:
    """`docker cp`, en los dos sentidos."""
    source, target = (split_spec(text) for text in call.args)
    if source[0] and target[0]:
        raise fault("cp-between")
    if not source[0] and not target[0]:
        raise fault("cp-no-container")
    if source[0] and call.args[1] == "-":
        return copy_out(call, *source)
    if target[0] and call.args[0] == "-":
        return copy_in(call, *target)
    host = HostSide(call.terminal.cwd, str(call.engine.host.root))
    if source[0]:
        call.engine.containers.emit(call.container(source[0]), "archive-path")
        size = transfer(container_side(call, source[0]), source[1], host, target[1], call["follow-link"])
        goal = host.full(target[1])
    else:
        tree_side = container_side(call, target[0])
        size = transfer(host, source[1], tree_side, target[1], call["follow-link"])
        call.engine.containers.emit(call.container(target[0]), "extract-to-dir")
        goal = f"{target[0]}:{target[1]}"
    if call.terminal.tty and not call["quiet"]:
        call.error(f"Successfully copied {human_size(size, 3)} to {goal}")
    return 0


def copy_out(call: Call, name: str, path: str) -> int:
    """`docker cp contenedor:ruta -`: un tar por la salida."""
    tree = container_side(call, name).read(path, call["follow-link"])
    top = path.rstrip("/").rpartition("/")[2]
    buffer = io.BytesIO()
    Layer({f"{top}/{inner}".rstrip("/"): settled(node) for inner, node in tree.items()}).write_tar(buffer)
    call.terminal.emit(1, buffer.getvalue())
    return 0


def copy_in(call: Call, name: str, path: str) -> int:
    """`docker cp - contenedor:ruta`: un tar de la entrada, dentro de una carpeta."""
    side = container_side(call, name)
    if not side.is_dir(path):
        raise fault("cp-not-folder", name=name, path=path)
    entries = Layer.from_tar(call.terminal.read()).entries
    side.write(path, {inner: entries[inner] for inner in sorted(entries) if inner})
    return 0


def commit(call: Call) -> int:
    """`docker commit`."""
    name, *target = call.args
    reference = str(call.reference(target[0])) if target else ""
    container = call.container(name)
    call.line(call.engine.commit(container, reference, comment=call["message"], author=call["author"],
                                 changes=tuple(call["change"])))
    return 0


def export(call: Call) -> int:
    """`docker export`: lo que se ve dentro, en un tar, sin capas."""
    container = call.container(call.args[0])
    target = check_output(call, "export container", "export-terminal")
    buffer = io.BytesIO()
    write_export(container.root, buffer)
    call.engine.containers.emit(container, "export")
    deliver(call, target, buffer.getvalue())
    return 0


CHANGED = ("cmd", "entrypoint", "working_dir", "user", "exposed_ports", "volumes", "labels", "stop_signal",
           "healthcheck", "on_build")
"""Lo que `--change` puede cambiar, además de las variables."""


def import_(call: Call) -> int:
    """`docker import`: un tar hecho imagen de una sola capa."""
    from dockerlab.build.commit import apply_changes
    source, *target = call.args
    reference = call.reference(target[0]) if target else None
    data = call.terminal.read() if source == "-" else call.read_file(source)
    image = import_image(data, message=call["message"] or "Imported from -", created=call.engine.clock.now)
    if call["change"]:
        changed = apply_changes(image.config, call["change"])
        named = any(change.lstrip().upper().startswith("ENV") for change in call["change"])
        image = image.with_config(**{name: getattr(changed, name) for name in CHANGED},
                                  env=changed.env if named else ())
    call.engine.images.add(image)
    if reference is not None:
        call.engine.images.tag(reference, image.id)
    call.engine.emit("image", "import", image.id, name=reference.familiar if reference else image.id)
    call.line(image.id)
    return 0


HANDLERS = {"container cp": copy, "container commit": commit, "container export": export, "image import": import_}
