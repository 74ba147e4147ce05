"""Lo que una lección o un notebook puede pedir que se anime, cada cosa con su nombre.

En una lección (`[[animation]]`, clave `scene`) van los nombres ingleses de `STORIES`;
en `animar("…", …)`, los españoles de `SPOKEN`. Los que cuentan varias órdenes:

- `registry` («registro»): tras cada `push`, `pull`, `tag`… quién apunta a qué y qué capas
  viajan; `about`: `domain`, el registro propio que se enciende (`localhost:5000`), si no es Docker Hub.
- `compose` («compose»): la pila del `compose.yaml` de la carpeta (`about`: `file`, otro archivo), con cada
  servicio que se crea, espera, arranca, se sana, falla o se elimina. Capítulos: cada orden y, dentro
  de ella, «web: running (healthy)» o «web: exited (1)» cuando un servicio se sana o falla.
- `mirror` («espejo»): una grabación de «En Docker de verdad», orden a orden, al lado de lo que contesta
  este; `about`: `lesson` y `recording`.

Cada relato recibe el motor, lo pedido (`Animation`: sus órdenes y, en `about`,
de qué se habla) y la mano que da las órdenes; y devuelve la película.
"""

from __future__ import annotations

import os.path
from typing import Any

from ..events import Event
from ..scenes import cache, covering, layers, legend, mirror, processes, travel, union
from ..scenes.scene import Film
from . import journeys, lessons, recordings, stacks
from .hand import Hand, Story, give
from .lessons import Animation


def layers_film(engine: Any, animation: Animation, run: Hand) -> Film:
    """Las capas de la imagen `image`, de abajo arriba."""
    return layers.film(engine.image(give(animation, run)["image"]), animation.title)


def secret_film(engine: Any, animation: Animation, run: Hand) -> Film:
    """La búsqueda de `path` en las capas de la imagen `image`."""
    about = give(animation, run)
    return layers.search(engine.image(about["image"]), about["path"], animation.title)


def union_film(engine: Any, animation: Animation, run: Hand) -> Film:
    """Lo que cada orden hace en la capa de escritura del contenedor `container`; `paths`: qué archivos se enseñan."""
    about = dict(animation.about)
    states = [("", union.still(engine.containers.get(about["container"]).root))]
    for line in animation.orders:
        run(line)
        states.append((line, union.still(engine.containers.get(about["container"]).root)))
    return union.film(states, animation.title, about.get("paths", ()))


def processes_film(engine: Any, animation: Animation, run: Hand) -> Film:
    """Los procesos del contenedor `container` y las señales que las órdenes le mandan."""
    instants, now = [processes.Instant(engine.view())], ""

    def hear(event: Any) -> None:
        if isinstance(event, Event):
            instants.append(processes.Instant(engine.view(), event, now))

    leave = engine.events.subscribe(hear)
    for now in animation.orders:
        run(now)
    leave()
    return processes.film(instants, dict(animation.about)["container"], animation.title)


def cache_film(engine: Any, animation: Animation, run: Hand) -> Film:
    """Cada `docker build` que se da dos veces: la primera y la última; `names`: cómo se llama cada uno."""
    heard: list[Any] = []
    builds: dict[str, list[tuple[Any, ...]]] = {}
    leave = engine.events.subscribe(heard.append)
    for line in animation.orders:
        heard.clear()
        run(line)
        if line.startswith("docker build"):
            builds.setdefault(line, []).append(tuple(heard))
    leave()
    names = dict(animation.about).get("names") or list(builds)
    return cache.film((cache.Track(name, runs[0], runs[-1])
                       for name, runs in zip(names, builds.values(), strict=True)), animation.title)


def travel_film(engine: Any, animation: Animation, run: Hand) -> Film:
    """Lo que viaja de la carpeta `folder` y qué copia cada COPY de `copies`; con `packed`, sin repasar las reglas."""
    about = give(animation, run)
    folder = run.folder / about.get("folder", ".")
    sizes = {path.relative_to(folder).as_posix(): path.stat().st_size for path in folder.rglob("*") if path.is_file()}
    ignored = folder / ".dockerignore"
    rules = ignored.read_text(encoding="utf-8") if ignored.is_file() else ""
    return travel.film(sizes, rules, about.get("copies", ()), animation.title, about.get("packed", False))


def covering_film(engine: Any, animation: Animation, run: Hand) -> Film:
    """Los montajes del contenedor `container`, y lo que tapan; `folders`: qué carpetas suyas se miran además."""
    about, moments = dict(animation.about), []
    for line in ("", *animation.orders):
        if line:
            run(line)
        if moment := covering_moment(engine, about["container"], about.get("folders", ()), line, moments):
            moments.append(moment)
    return covering.film(moments, animation.title)


def covering_moment(engine: Any, name: str, folders: tuple[str, ...], line: str,
                    before: list[covering.Moment]) -> covering.Moment | None:
    """El contenedor `name` ahora mismo, o None si todavía no ha existido nunca."""
    stores = {volume.name: volume.tree for volume in engine.volumes.list()}
    container = next((one for one in engine.containers.list() if one.name == name), None)
    if container is None and not before:
        return None
    place = folders[0] if folders else ""
    used = {point.name for point in container.mounts} if container else set()
    others = tuple(covering.Mounted("volume", volume, "", covering.files(tree))
                   for volume, tree in stores.items() if volume not in used)
    if container is None:
        return covering.Moment(line, name, others=others, alive=False, place=place)
    live = container.space.fs.mounts if container.space else {}
    mounts = []
    for point in container.mounts:
        mount = live.get(point.target)
        tree, inside = (mount.tree, mount.subpath) if mount else (stores.get(point.name), "")
        source = point.name or (os.path.relpath(point.source, engine.host.root) if point.source else "")
        mounts.append(covering.Mounted(point.type, f"./{source}" if point.type == "bind" else source, point.target,
                                       covering.files(tree, inside) if tree is not None else (), point.read_only))
    watched = {*folders, *(point.target for point in container.mounts), *(m.target for b in before for m in b.mounts)}
    return covering.Moment(line, name, covering.own(container.root, sorted(watched)), tuple(mounts), others,
                           place=place)


def mirror_film(engine: Any, animation: Animation, run: Hand) -> Film:
    """Lo grabado en Docker de verdad al lado de lo de aquí; `lesson` y `recording`: qué grabación."""
    about = dict(animation.about)
    found = recordings.beside(lessons.load(about["lesson"]).recording(about["recording"]))
    return mirror.film((mirror.Answers(order, found.recording.engine, real, here, found.recording.why(order))
                        for order, real, here in found.rows), animation.title)


def legend_film(engine: Any, animation: Animation, run: Hand) -> Film:
    """La leyenda de todos los dibujos."""
    return legend.film(animation.title)


STORIES: dict[str, Story] = {
    "legend": legend_film,
    "layers": layers_film, "secret": secret_film, "union": union_film, "processes": processes_film,
    "cache": cache_film, "context": travel_film, "mounts": covering_film, "packet": journeys.packet_film,
    "registry": journeys.registry_film, "stages": journeys.stages_film, "namespaces": journeys.namespaces_film,
    "memory": journeys.memory_film, "compose": stacks.compose_film, "mirror": mirror_film}

# como se piden en un notebook: animar("capas", image="my-image")
SPOKEN: dict[str, str] = {
    "capas": "layers", "secreto": "secret", "copia": "union", "procesos": "processes", "caché": "cache",
    "contexto": "context", "montajes": "mounts", "paquete": "packet", "registro": "registry", "etapas": "stages",
    "espacios": "namespaces", "memoria": "memory", "compose": "compose", "espejo": "mirror",
    "leyenda": "legend"}
