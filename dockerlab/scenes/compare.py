"""En qué se distingue un motor de otro, con palabras: lo que falta, lo que está de otra manera y lo que sobra."""

from __future__ import annotations

from collections.abc import Iterator

from ..views import ContainerView, EngineView, ImageView, MountView
from .describe import notable_networks
from .words import listing, plural, size


def differences(now: EngineView, goal: EngineView) -> list[str]:
    """Lo que hay que cambiar en `now` para que se vea como `goal`; vacía si ya se ven igual.

    Compara por nombres: etiquetas, contenedores, volúmenes con nombre y redes; lo que no tiene
    nombre, por su clase. Lo que se ha descargado de más no cuenta, y de lo que el mapa no
    enseña (la configuración, los límites) no se dice nada: sería dar la respuesta.
    """
    tags = {tag for image in now.images for tag in image.tags}
    said = [f"Falta la imagen `{tag}`." for image in goal.images for tag in image.tags if tag not in tags]
    for image in goal.images:
        said += [line for tag in image.tags if tag in tags for line in rebuilt(tag, tagged(now, tag), image)]
    mine, wanted = ({item.name: item for item in side.containers} for side in (now, goal))
    for name, item in wanted.items():
        if name not in mine:
            said.append(f"Falta el contenedor `{name}`, en {item.state}.")
        else:
            said += contrasts(now, mine[name], goal, item)
    said += [f"En la meta no está el contenedor `{name}`." for name in mine if name not in wanted]
    for what, one, other in (
            ("el volumen", *({item.name for item in side.volumes if not item.anonymous} for side in (now, goal))),
            ("la red", *({item.name for item in notable_networks(side)} - {"bridge"} for side in (now, goal)))):
        said += [f"Falta {what} `{name}`." for name in sorted(other - one)]
        said += [f"En la meta no está {what} `{name}`." for name in sorted(one - other)]
    weights = {item.name: item.size for item in now.volumes if not item.anonymous}
    said += [f"El volumen `{item.name}` está vacío; en la meta, no." if item.size else
             f"El volumen `{item.name}` tiene archivos; en la meta está vacío."
             for item in goal.volumes if item.name in weights and (weights[item.name] > 0) != (item.size > 0)]
    return said


def tagged(view: EngineView, tag: str) -> ImageView:
    """La imagen que lleva una etiqueta. `StopIteration` si no hay."""
    return next(image for image in view.images if tag in image.tags)


def rebuilt(tag: str, mine: ImageView, wanted: ImageView) -> Iterator[str]:
    """En qué se aparta una imagen de la que lleva su misma etiqueta en la meta: capas y peso."""
    if len(mine.layers) != len(wanted.layers):
        yield f"`{tag}` tiene {plural(len(mine.layers), 'capa')}; en la meta, {len(wanted.layers)}."
    elif size(mine.size) != size(wanted.size):
        yield f"`{tag}` pesa {size(mine.size)}; en la meta, {size(wanted.size)}."


def contrasts(now: EngineView, mine: ContainerView, goal: EngineView, wanted: ContainerView) -> Iterator[str]:
    """En qué se aparta un contenedor del que se llama igual en la meta."""
    facts = [("nace de", "", image_name(now, mine), image_name(goal, wanted)),
             ("monta", "no monta nada", *(listing(sorted(map(mounted, item.mounts))) for item in (mine, wanted)))]
    if mine.state != wanted.state:      # parado no tiene puertos ni redes: eso ya está dicho
        facts.insert(0, ("está en", "", mine.state, wanted.state))
    else:
        nets = (listing(name for name, _ in item.networks) for item in (mine, wanted))
        facts += [("acabó con el código", "", *(str(item.exit_code) * (item.state == "exited")
                                                for item in (mine, wanted))),
                  ("publica", "no publica nada", listing(mine.ports), listing(wanted.ports)),
                  ("está en la red", "no está en ninguna red", *nets)]
    for what, nothing, one, other in facts:
        if one != other:
            said = f"{what} {one}" if one else nothing
            yield f"`{mine.name}` {said}; en la meta, {other or nothing}."


def mounted(item: MountView) -> str:
    """Un montaje, dicho de manera que dos motores se puedan comparar: ni identificadores ni rutas de este equipo."""
    if item.anonymous:
        what = "un volumen anónimo"
    elif item.type == "volume":
        what = f"el volumen {item.source}"
    else:
        what = f"la carpeta {item.source.rpartition('/')[2]}" if item.type == "bind" else "un montaje temporal"
    return f"{what} en {item.target}"


def image_name(view: EngineView, item: ContainerView) -> str:
    """La imagen de la que nació, por su etiqueta mientras la tenga."""
    found = next((image for image in view.images if image.id == item.image), None)
    if found and not found.tags:
        return "una imagen que ya no tiene etiqueta"
    return found.tags[0] if found else item.image_name
