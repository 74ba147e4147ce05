"""Tomar la fotografía: del motor, que cambia, a `views`, que no."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .containers.status import status_text
from .views import ContainerView, EngineView, ImageView, LayerView, MountView, NetworkView, ProcessView, VolumeView

if TYPE_CHECKING:
    from .containers.container import Container
    from .engine import Engine
    from .images import Stored

SHOWN = (("Env", "env"), ("Cmd", "cmd"), ("Entrypoint", "entrypoint"), ("WorkingDir", "working_dir"),
         ("User", "user"), ("ExposedPorts", "exposed_ports"), ("Volumes", "volumes"), ("Labels", "labels"))


def readable(value: object) -> str:
    """Un valor de la configuración, en una línea."""
    if isinstance(value, tuple):
        return " ".join("=".join(item) if isinstance(item, tuple) else str(item) for item in value)
    return str(value)


def address(host: str) -> str:
    """Una dirección delante de un puerto, como la escribe `docker ps`: «0.0.0.0», «[::]»."""
    return f"[{host}]" if ":" in host else host


def image_view(engine: Engine, stored: Stored) -> ImageView:
    """Una imagen del almacén."""
    image = stored.image
    layers = tuple(LayerView(row.layer.diff_id, row.size, row.entry.created_by)
                   for row in image.history if row.layer is not None)
    config = tuple((key, readable(value)) for key, name in SHOWN if (value := getattr(image.config, name)))
    return ImageView(image.id, tuple(engine.images.tags(image.id)), layers, image.size, config)


def container_view(engine: Engine, container: Container) -> ContainerView:
    """Una ficha de contenedor."""
    processes = engine.containers.runtime.processes(container) if container.space else []
    inner = {process.pid: process.inner for process in processes}
    state = container.state
    return ContainerView(
        container.id, container.name, container.image, container.image_name, " ".join(container.argv),
        state.status, status_text(state, engine.clock.now), state.exit_code, container.root.size,
        tuple(container.root.changes()),
        tuple(ProcessView(process.inner, process.pid, inner.get(process.parent, 0), process.command, process.state)
              for process in processes),
        tuple(MountView(point.type, point.name or point.source, point.target, point.read_only)
              for point in container.mounts),
        tuple(f"{address(item['HostIp'])}:{item['HostPort']}->{port}" for port, items in container.ports.items()
              for item in items),
        tuple((net.name, end.address) for net, end in engine.switchboard.of(container)),
        state.health.status if state.health else "", container.host_config.get("Memory") or 0)


def take(engine: Engine) -> EngineView:
    """Todo el motor, ahora."""
    return EngineView(
        engine.clock.now,
        tuple(image_view(engine, stored) for stored in engine.images.list()),
        tuple(container_view(engine, record) for record in engine.containers.list()[::-1]),
        tuple(VolumeView(volume.name, volume.size,
                         tuple(record.name for record in engine.containers.using_volume(volume.name)),
                         volume.anonymous) for volume in engine.volumes.list()),
        tuple(NetworkView(net.name, net.driver, net.subnet,
                          tuple((end.name, end.address) for end in net.endpoints.values()))
              for net in engine.networks.list()))
