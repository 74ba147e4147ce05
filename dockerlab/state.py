"""Guardar un motor en una carpeta y volver a abrirlo donde estaba.

    blobs/sha256/<cifras>    capas y contenidos grandes, por su digest
    motor.json               todo lo demás, en una sola pieza

`motor.json` se escribe aparte y se cambia de golpe: si el equipo se apaga a
mitad, al volver está la última orden completa. Solo se guardan datos; al abrir,
ningún archivo de la carpeta puede traer código.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from .containers import codec
from .containers.container import Container, Health, MountPoint, Probe, State
from .containers.kernel import Kernel
from .containers.networks import Endpoint, Network
from .containers.volumes import Volume
from .engine import Engine
from .errors import fault
from .events import Event, Rewound
from .filesystem import Device, Directory, File, Layer, Mount, Overlay, Symlink, Whiteout
from .images import Image, ImageConfig, Reference, Stored

VERSION = 1
NAME = "motor.json"
VALUES = (State, Health, Probe, MountPoint, Endpoint, Event, File, Directory, Symlink, Device, Whiteout, Reference)


class Blobs:
    """Los bytes grandes, cada uno en su archivo, con su sha256 por nombre."""

    def __init__(self, folder: Path):
        self.folder = folder / "blobs" / "sha256"

    def put(self, digest: str, write: Any) -> None:
        """Guarda el blob `digest` si todavía no está; `write(archivo)` escribe sus bytes."""
        target = self.folder / digest.removeprefix("sha256:")
        if not target.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            partial = target.with_name(f"{target.name}.{os.getpid()}.parcial")
            with open(partial, "wb") as file:
                write(file)
            os.replace(partial, target)

    def put_bytes(self, content: bytes) -> str:
        """Guarda unos bytes y devuelve su digest."""
        digest = hashlib.sha256(content).hexdigest()
        self.put(digest, lambda file: file.write(content))
        return digest

    def get(self, digest: str) -> bytes:
        """Los bytes de un blob."""
        return (self.folder / digest.removeprefix("sha256:")).read_bytes()


class Archive:
    """Escribe y lee un motor; las capas se leen una vez aunque las compartan muchas imágenes.

    `blobs`: dónde van los bytes grandes, si no es en `folder`.
    """

    def __init__(self, folder: Path, blobs: Any = None):
        self.blobs = Blobs(folder) if blobs is None else blobs
        self.layers: dict[str, Layer] = {}
        for cls in VALUES:
            codec.saved(cls)
        self.encoder = codec.Encoder(blob=self.blobs.put_bytes)
        self.decoder = codec.Decoder(blob=self.blobs.get)

    # ── escribir ─────────────────────────────────────────────────────────────

    def dump(self, engine: Engine) -> dict[str, Any]:
        """Todo el motor en forma JSON; las capas y lo grande van a `blobs`."""
        encode = self.encoder.encode
        self.engine, containers = engine, engine.containers
        return {
            "version": VERSION, "seed": engine.seed, "now": engine.clock.now, "ids": engine.ids.count,
            "host": {"written": encode(engine.host.written), "writable": engine.host.writable},
            "images": [self.dump_image(stored) for stored in engine.images.images.values()],
            "references": [[encode(ref), image_id] for ref, image_id in engine.images.references.items()],
            "volumes": [self.dump_fields(volume, tree=self.dump_overlay(volume.tree))
                        for volume in engine.volumes.volumes.values()],
            "networks": [self.dump_fields(network) for network in engine.networks.networks.values()],
            "ports": encode(engine.switchboard.taken),
            "containers": [self.dump_fields(record, root=self.dump_overlay(record.root), log=encode(record.log),
                                            space=self.dump_space(record.space))
                           for record in containers.records.values()],
            "names": containers.random_names.count, "execs": sorted(containers.exec_pids.items()),
            "supervisor": encode({"waits": containers.supervisor.waits, "probes": containers.supervisor.probes}),
            "kernel": engine.kernel.to_data(),
            "events": [encode(event) for event in engine.events.events], "marks": engine.events.marks,
            "hub": self.dump_hub(engine),
            "cache": engine.builder.to_data(self.dump_layer) if engine.has_builder else None,
        }

    def dump_fields(self, value: Any, **special: Any) -> dict[str, Any]:
        """Los campos de una ficha; los de `special` ya vienen en JSON."""
        names = value.__dataclass_fields__
        return {name: special[name] if name in special else self.encoder.encode(getattr(value, name)) for name in names}

    def dump_image(self, stored: Stored) -> dict[str, Any]:
        image = stored.image
        return {"config": self.blobs.put_bytes(image.config.to_json()), "stamp": stored.stamp, "parent": stored.parent,
                "layers": [self.dump_layer(layer) for layer in image.layers]}

    def dump_hub(self, engine: Engine) -> dict[str, Any] | None:
        """Quién ha iniciado sesión y lo que ha subido a su espacio de Docker Hub; contraseñas no hay."""
        if not engine.has_hub:
            return None
        return {"users": engine.hub.users, "pulls": engine.hub.pulls, "pushed": [
            [path, tag, self.dump_image(Stored(image, 0))] for path, tag, _, image in engine.hub.pushed()]}

    def dump_layer(self, layer: Layer) -> str:
        self.blobs.put(layer.diff_id, layer.write_tar)
        return layer.diff_id

    def dump_overlay(self, overlay: Overlay) -> dict[str, Any]:
        """Una unión: los digests de sus capas y lo escrito encima."""
        return {"layers": [self.dump_layer(layer) for layer in overlay.layers],
                "upper": self.encoder.encode(overlay.upper)}

    def dump_space(self, space: Any) -> Any:
        """Un espacio de nombres sin sus procesos; de los montajes, los que no son volúmenes."""
        if space is None:
            return None
        volumes = [id(volume.tree) for volume in self.engine.volumes.volumes.values()]
        own = {path: mount for path, mount in space.fs.mounts.items()
               if isinstance(mount.tree, Overlay) and id(mount.tree) not in volumes}
        return {"hostname": space.hostname, "limits": self.encoder.encode(space.limits),
                "mounts": [[path, mount.read_only, self.dump_overlay(mount.tree)] for path, mount in own.items()]}

    # ── leer ─────────────────────────────────────────────────────────────────

    def load(self, data: dict[str, Any], **options: Any) -> Engine:
        """El motor guardado en `data`."""
        return self.restore(Engine(seed=data["seed"], **options), data)

    def restore(self, engine: Engine, data: dict[str, Any]) -> Engine:
        """Deja `engine` como dice `data`, sin que sea otro: quien lo tenía lo sigue teniendo."""
        decode = self.decoder.decode
        engine.seed = data["seed"]
        engine.clear()
        engine.clock.now, engine.ids.count = data["now"], data["ids"]
        engine.host.written = decode(data["host"]["written"])
        for item in data["images"]:
            image = self.load_image(item)
            engine.images.images[image.id] = Stored(image, item["stamp"], item["parent"])
        engine.images.references = {decode(ref): image_id for ref, image_id in data["references"]}
        engine.volumes.volumes = {item["name"]: self.load_fields(Volume, item, tree=self.load_overlay(item["tree"]))
                                  for item in data["volumes"]}
        engine.networks.networks = {item["name"]: self.load_fields(Network, item) for item in data["networks"]}
        engine.switchboard.taken = decode(data["ports"])
        self.load_containers(engine, data)
        engine.events.events, engine.events.marks = [decode(event) for event in data["events"]], data.get("marks", {})
        if data.get("hub"):
            engine.hub.users, engine.hub.pulls = dict(data["hub"]["users"]), list(data["hub"]["pulls"])
            for path, tag, item in data["hub"]["pushed"]:
                engine.hub.shelf(path).put(tag, self.load_image(item))
        if data["cache"] is not None:
            engine.builder.load_cache(data["cache"], self.load_layer)
        engine.events.emit(Rewound(engine.clock.now))
        return engine

    def load_image(self, item: dict[str, Any]) -> Image:
        return Image(ImageConfig.from_json(self.blobs.get(item["config"])),
                     tuple(self.load_layer(digest) for digest in item["layers"]))

    def load_containers(self, engine: Engine, data: dict[str, Any]) -> None:
        """Las fichas, sus espacios y, dentro, los procesos tal como estaban."""
        decode, containers = self.decoder.decode, engine.containers
        for item in data["containers"]:
            record = self.load_fields(Container, item, root=self.load_overlay(item["root"]), log=decode(item["log"]),
                                      space=None)
            containers.records[record.id], containers.names[record.name] = record, record.id
        spaces = {}
        for item in data["containers"]:
            if item["space"] is not None:
                spaces[item["id"]] = self.load_space(engine, containers.records[item["id"]], item["space"])
        containers.random_names.count = data["names"]
        containers.exec_pids = dict(data["execs"])
        supervisor = decode(data["supervisor"])
        containers.supervisor.waits, containers.supervisor.probes = supervisor["waits"], supervisor["probes"]
        engine.kernel = Kernel.from_data(data["kernel"], spaces, engine.clock)
        containers.supervisor.watch(engine.kernel)

    def load_space(self, engine: Engine, record: Container, item: dict[str, Any]) -> Any:
        """Los espacios de un contenedor en marcha, con lo que solo vivía en ellos: tmpfs, `/dev`, `/etc/hosts`..."""
        space = record.space = engine.containers.runtime.space(record)
        space.hostname, space.limits = item["hostname"], self.decoder.decode(item["limits"])
        for path, read_only, tree in item["mounts"]:
            space.fs.mount(path, Mount(self.load_overlay(tree), read_only))
        return space

    def load_fields(self, cls: type, item: dict[str, Any], **special: Any) -> Any:
        names = cls.__dataclass_fields__
        return cls(**{name: special[name] if name in special else self.decoder.decode(item[name])
                      for name in names if name in item})

    def load_layer(self, digest: str) -> Layer:
        if digest not in self.layers:
            self.layers[digest] = Layer.from_tar(self.blobs.get(digest))
        return self.layers[digest]

    def load_overlay(self, item: dict[str, Any]) -> Overlay:
        return Overlay([self.load_layer(digest) for digest in item["layers"]], self.decoder.decode(item["upper"]))


def save_engine(engine: Engine, folder: Path) -> None:
    """Guarda el motor en `folder`, de golpe: o está entero lo nuevo o está entero lo de antes."""
    folder.mkdir(parents=True, exist_ok=True)
    data = Archive(folder).dump(engine)
    partial = folder / f"{NAME}.{os.getpid()}.parcial"
    with open(partial, "w", encoding="utf-8") as file:
        json.dump(data, file, ensure_ascii=False, separators=(",", ":"))
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, folder / NAME)


def load_engine(home: Path, **options: Any) -> Engine:
    """El motor guardado en la carpeta `home`, o uno nuevo si está vacía. Falta `state-unreadable`."""
    path = home / NAME
    if not path.exists():
        return Engine(**options)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data.get("version") != VERSION:
            raise ValueError(f"versión {data.get('version')}")
        return Archive(home).load(data, **options)
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise fault("state-unreadable", folder=str(home), reason=f"{type(error).__name__}: {error}") from error


def open_engine(home: Path, **options: Any) -> Engine:
    """Como `load_engine`, y además deja cada orden guardada al acabar (`Engine.order`)."""
    engine = load_engine(home, **options)
    engine.keep = lambda: save_engine(engine, home)
    return engine
