"""Los relatos de lo que va y viene: paquetes, capas, procesos y memoria."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from ..containers.control import BASE_MEMORY
from ..errors import DockerlabError
from ..images import Reference
from ..scenes import memory, namespaces, packet, sharing, stages
from ..scenes.scene import Film
from .hand import Hand, give
from .lessons import Animation

MEASURES = 40   # medidas de memoria que se enseñan, y cuántas iguales se esperan, como mucho


def stages_film(engine: Any, animation: Animation, run: Hand) -> Film:
    """La última construcción que dan las órdenes, etapa por etapa."""
    heard: list[Any] = []
    leave = engine.events.subscribe(heard.append)
    for line in animation.orders:
        heard.clear()
        run(line)
    leave()
    return stages.film(heard, animation.title)


def packet_film(engine: Any, animation: Animation, run: Hand) -> Film:
    """El viaje de un paquete de `caller` (un contenedor, o «host») a `host`:`port`."""
    about = give(animation, run)
    order = about.get("order", f"curl http://{about['host']}:{about['port']}")
    return packet.film(trip(engine, about["caller"], about["host"], int(about["port"]), order), animation.title)


def trip(engine: Any, caller: str, host: str, port: int, order: str = "") -> packet.Trip:
    """El viaje resuelto con las rutas del motor."""
    routes, board = engine.containers.runtime.routes, engine.switchboard
    space = SimpleNamespace(id="host", netns="host", fs=None) if caller == "host" else \
        engine.containers.get(caller).space
    route, names = routes.route(space, host, port), tuple(routes.lookup(space, host))
    records = {record.id: record for record in engine.containers.list()}
    here = "host" if caller == "host" else space.netns or space.id
    passed = route.netns in records and (names[:1] or (host,))[0] != route.address
    sockets = engine.kernel.sockets
    heard = [one for one in sockets.of(route.netns) if one.port == route.port] if not route.error else []
    networks = [net.name for net, end in board.of(records[route.netns]) if end.address == route.address] \
        if route.netns in records else []
    published = tuple(f"{item['HostIp']}:{item['HostPort']}->{key}" for record in records.values()
                      for key, items in record.ports.items() for item in items if ":" not in item["HostIp"])
    return packet.Trip(
        caller, host, port, route.source, names, networks[0] if networks and route.netns != here else "",
        (str(port), f"{route.address}:{route.port}") if passed else None,
        "" if route.error else records[route.netns].name if route.netns in records else "host",
        route.address, route.port, heard[0].address if heard else "",
        not route.error and sockets.find(route) is not None, route.error, published, order)


def registry_film(engine: Any, animation: Animation, run: Hand) -> Film:
    """El registro y el equipo tras cada orden; `domain`: el registro propio del que se habla, o Docker Hub.

    Si nadie lo tiene encendido al empezar (con `docker run -p 5000:5000 registry:2`), se enciende uno aparte.
    """
    about, seen = dict(animation.about), {}
    domain = about.get("domain", "docker.io")
    if domain != "docker.io" and not any("registry" in line for line in animation.orders):
        try:
            engine.hub.place(domain)
        except DockerlabError:
            engine.hub.turn_on(domain)
    shown = official(engine, animation.orders) if domain == "docker.io" else ()
    moments = [exchange(engine, domain, seen, shown)]
    for line in animation.orders:
        _, output, code = run(line)
        if line.startswith("%%archivo"):
            continue
        words = output.strip().splitlines()
        now = exchange(engine, domain, seen, shown, line, words[-1] if code and words else "", bool(code))
        moments.append(now if now.on else replace(now, remote=moments[-1].remote))   # apagado, guarda lo mismo
    return sharing.film(moments, animation.title)


def weighed(image: Any) -> tuple[tuple[str, int], ...]:
    """Las capas de una imagen, (digest, bytes), de abajo arriba."""
    return tuple((layer.diff_id, layer.size) for layer in image.layers)


def official(engine: Any, orders: tuple[str, ...]) -> tuple[sharing.Pointer, ...]:
    """Las imágenes oficiales de Docker Hub que las órdenes van a descargar: ya están allí antes de empezar."""
    found = {}
    for words in (line.split() for line in orders):
        if words[:2] == ["docker", "pull"] and "/" not in words[-1]:
            try:
                reference = Reference.parse(words[-1]).tagged
                image, digest = engine.hub.find(reference)
            except DockerlabError:
                continue                     # esa no está: la orden lo dirá
            found[reference] = sharing.Pointer(reference.familiar, digest, weighed(image))
    return tuple(found.values())


def exchange(engine: Any, domain: str, seen: dict[str, sharing.Pointer], shown: tuple[sharing.Pointer, ...] = (),
             line: str = "", answer: str = "", wrong: bool = False) -> sharing.Moment:
    """Las dos partes ahora mismo; `seen` recuerda lo que el registro guarda aunque pierda su etiqueta."""
    prefix = "" if domain == "docker.io" else f"{domain}/"
    remote = shown + tuple(sharing.Pointer(f"{prefix}{path.removeprefix('library/')}:{tag}", digest, weighed(image))
                   for path, tag, digest, image in engine.hub.contents(domain))
    seen.update({pointer.digest: pointer for pointer in remote})
    on = domain == "docker.io" or engine.hub.answers(domain)
    local = tuple(sharing.Pointer(tag, stored.image.id, weighed(stored.image))
                  for stored in engine.images.list() for tag in engine.images.tags(stored.image.id))
    return sharing.Moment(line, remote, local, tuple(seen.values()), answer, wrong, on)


def namespaces_film(engine: Any, animation: Animation, run: Hand) -> Film:
    """Los procesos de los contenedores, desde dentro y desde el anfitrión, tras cada orden."""
    views = [engine.view()]
    for line in animation.orders:
        run(line)
        views.append(engine.view())
    return namespaces.film(views, animation.title, ("", *animation.orders))


def memory_film(engine: Any, animation: Animation, run: Hand) -> Film:
    """La memoria del contenedor `container`, medida cada `every` segundos hasta que acaba."""
    about = give(animation, run)
    container, samples = engine.containers.get(about["container"]), []
    quiet = 0
    while len(samples) < MEASURES and quiet < MEASURES:
        processes = engine.containers.runtime.processes(container) if container.space else []
        state = container.state
        sample = memory.Sample(
            engine.clock.now, tuple((one.command, one.memory or BASE_MEMORY) for one in processes),
            state.status, state.oom_killed, None if state.alive else state.exit_code)
        quiet += 1
        if not samples or replace(sample, time=samples[-1].time) != samples[-1]:
            samples.append(sample)
            quiet = 0
        if not state.alive:
            break
        engine.settle(float(about.get("every", 1)))
    return memory.film(samples, container.host_config.get("Memory") or 0, container.name, animation.title)
