"""Lo que se ve, con palabras: para quien no ve el dibujo y para quien quiere leerlo.

Cada función devuelve frases que dicen los mismos nombres y estados que el
dibujo del mismo instante (una prueba los compara).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ..events import FIRST_TIME
from ..views import ContainerView, EngineView, ImageView, MountView, NetworkView, VolumeView
from .moments import SIGNALS, Moment
from .progress import Progress, Step
from .words import containers, images, listing, plural, quoted, short, size, span


def build_caption(progress: Progress) -> str:
    """El pie de un instante de la construcción."""
    step, finished = progress.step, progress.finished
    if finished and finished.error:
        return f"La construcción falla y no queda ninguna imagen: {finished.error.splitlines()[0]}"
    if finished:
        name = f", con la etiqueta {listing(finished.tags)}" if finished.tags else ", sin etiqueta"
        return f"Imagen terminada: {short(finished.image)}{name}. Sus capas ya no cambian nunca."
    if step is None:
        weight = f" recibe el contexto ({size(progress.context_size)}) y" if progress.context_size else ""
        return f"El constructor{weight} lee el Dockerfile: {plural(progress.total, 'paso')}."
    return f"Paso {step.index} de {progress.total}. {_outcome(step)}"


def _outcome(step: Step) -> str:
    if not step.done:
        return f"Toca {quoted(step.instruction)}."
    if step.error:
        return f"{quoted(step.instruction)} falla: {step.error.splitlines()[0]}"
    if step.base:
        return f"La base, {step.instruction.split()[1]}, pone sus capas ({size(step.size)}) y su configuración."
    if step.layer:
        if step.cached:
            word = step.instruction.split()[0]
            return f"Acierto de caché: la capa de {word} ({size(step.size)}) ya estaba hecha y se reutiliza."
        told = step.why and step.why != FIRST_TIME   # de lo que se hace por primera vez no hay nada que explicar
        because = f" Fallo de caché: {step.why[0].lower()}{step.why[1:].rstrip('.')}." if told else ""
        return f"{step.instruction.split()[0]} se ejecuta y deja una capa nueva de {size(step.size)}.{because}"
    if step.changed:
        names = listing(dict.fromkeys(name for name, _ in step.changed))
        return f"{step.instruction.split()[0]} no deja ninguna capa: solo cambia la configuración ({names})."
    return f"{step.instruction.split()[0]} no deja ninguna capa ni cambia la configuración de la imagen."


def layer(step: Step) -> str:
    """Una losa de la pila: «COPY . .: 2.1kB, acierto»."""
    kind = "base" if step.base else "acierto" if step.cached else "nueva"
    return f"Capa de {quoted(step.instruction)}: {size(step.size)}, {kind}."


def build(progress: Progress) -> tuple[str, ...]:
    """Las frases de un instante de la construcción."""
    step, finished = progress.step, progress.finished
    said = [f"Dockerfile de {plural(len(progress.dockerfile), 'línea')}"
            + (f"; contexto: {size(progress.context_size)}." if progress.context_size else ".")]
    if step:
        first, last = step.lines
        where = f"línea {first}" if first == last else f"líneas {first} a {last}"
        state = "falla" if step.error else "hecho" if step.done else "en curso"
        said.append(f"Paso {step.index} de {progress.total}, {where}: {quoted(step.instruction)}, {state}.")
    for stage in progress.other_stages:
        said.append(f"Etapa {stage}: {plural(len(progress.stack(stage)), 'paso')}.")
    stack = progress.stack(progress.stage)
    if progress.stage and progress.other_stages:
        said.append(f"Se ve la etapa {progress.stage}.")
    said.append(f"Pila de {plural(len(stack), 'capa')}, de abajo arriba, {size(sum(s.size for s in stack))} en total."
                if stack else "Todavía no hay ninguna capa.")
    said += map(layer, stack)
    said.append("Configuración:" if progress.config else "La configuración está todavía vacía.")
    said += [f"{name} = {value}." for name, value in progress.config]
    if finished:
        said.append(f"Error: {finished.error}" if finished.error else
                    f"Imagen {short(finished.image)}, etiquetas: {listing(finished.tags) or 'ninguna'}.")
    return tuple(said)


def exit_code(code: int) -> str:
    """Un código de salida y lo que significa: «137 (SIGKILL)»."""
    if code > 128 and (name := SIGNALS.get(str(code - 128))):
        return f"{code} ({name})"
    return {0: "0 (terminó bien)", 126: "126 (no ejecutable)", 127: "127 (no encontrado)"}.get(code, str(code))


def state_name(state: str) -> str:
    """El nombre de un estado: el de `docker ps`, o «(eliminado)», que en Docker no tiene nombre."""
    return {"removed": "(eliminado)", "": "todavía no existe"}.get(state, state)


ARRIVAL = {
    "created": "existe, con su capa de escritura, pero todavía no ejecuta nada",
    "running": "está en marcha: su proceso principal se ejecuta",
    "paused": "está en pausa: su proceso sigue ahí, congelado",
    "restarting": "espera para volver a arrancar solo (política de reinicio)",
    "exited": "ha terminado: ya no hay proceso, pero su capa de escritura se conserva",
    "dead": "ha quedado a medio eliminar",
    "removing": "se está eliminando",
    "removed": "ya no existe: su capa de escritura se ha perdido; la imagen sigue igual",
}


def moment_caption(moment: Moment) -> str:
    """El pie de un instante de la vida de un contenedor."""
    if moment.answer:
        verdict = "Docker se niega" if "rror" in moment.answer else "Nada cambia"
        return f"{verdict}: {moment.answer}"
    if not moment.state:
        return f"El contenedor {moment.name} todavía no existe."
    if moment.signal:
        return f"El proceso principal de {moment.name} recibe {moment.signal}."
    code = moment.exit_code
    if moment.state != "exited" or code is None:
        return f"{moment.name} {ARRIVAL[moment.state]}."
    signal = SIGNALS.get(str(code - 128))
    sum_up = f": 128 + {code - 128}, {signal}" if signal else ""
    return f"{moment.name} {ARRIVAL[moment.state]}. Código de salida {code}{sum_up}."


def moment(moment: Moment) -> tuple[str, ...]:
    """Las frases de un instante de la vida de un contenedor."""
    said = [f"Contenedor {moment.name}, de la imagen {moment.image}." if moment.image else f"Contenedor {moment.name}.",
            f"Estado: {state_name(moment.state)}."]
    if moment.verb:
        said.append(f"Llega desde {state_name(moment.before)} por {moment.verb}.")
    if moment.command:
        said.append(f"Orden: {moment.command}")
    if moment.signal:
        said.append(f"Señal: {moment.signal}.")
    if moment.answer:
        said.append(f"Respuesta: {moment.answer}")
    return (*said, *(f"{title}: {value}." for _, title, value in facts(moment)))


def facts(moment: Moment) -> tuple[tuple[str, str, str], ...]:
    """Los cuatro datos de un contenedor: (clave, título, valor)."""
    exists = moment.state not in ("", "removed")
    process = (moment.process or "en marcha") if moment.alive else "ninguno"
    code = exit_code(moment.exit_code) if moment.exit_code is not None else "todavía no hay"
    layer = size(moment.size_rw) if exists else "perdida" if moment.state == "removed" else "todavía no hay"
    return (("clock", "Reloj virtual", f"+{span(moment.time - moment.origin)}"),
            ("process", "Proceso principal (PID 1)", process),
            ("code", "Código de salida", code),
            ("layer", "Capa de escritura", layer))


def tally(states: Iterable[str]) -> str:
    """Cuántos hay en cada estado: «20 running, 5 exited»."""
    return ", ".join(f"{count} {state}" for state, count in Counter(states).items())


def image(item: ImageView) -> str:
    """Una imagen: «Imagen node:14, 912MB, 9 capas.»."""
    name = ", ".join(item.tags) or f"<none> {short(item.id)}"
    return f"Imagen {name}: {size(item.size)}, {plural(len(item.layers), 'capa')}."


def container(item: ContainerView) -> str:
    """Un contenedor: su estado, su imagen, su capa de escritura y sus montajes."""
    code = f" ({item.exit_code})" if item.state == "exited" else ""
    said = (f"Contenedor {item.name}: {item.state}{code}, de la imagen {item.image_name}, "
            f"{size(item.size_rw)} en su capa de escritura")
    details = [item.health or item.status, *item.ports, *map(mount, item.mounts)]
    return "; ".join([said, *filter(None, details)]) + "."


def mount(item: MountView) -> str:
    """Un montaje: «datos → /var/lib/mysql», «volumen anónimo → /data»."""
    return f"{'volumen anónimo' if item.anonymous else item.source or item.type} → {item.target}"


def users(volume: VolumeView) -> str:
    """Quién usa un volumen."""
    return f"lo usa {listing(volume.used_by)}" if volume.used_by else "nadie lo usa"


def connected(network: NetworkView) -> str:
    """Quién está conectado a una red, con su dirección."""
    return listing(f"{name} {address.partition('/')[0]}" for name, address in network.containers) or "nadie conectado"


def notable_networks(engine: EngineView) -> list[NetworkView]:
    """Las redes de las que merece la pena hablar: las que alguien creó y las que alguien usa."""
    return [n for n in engine.networks if n.containers or n.name not in ("bridge", "host", "none")]


def view(engine: EngineView) -> tuple[str, ...]:
    """Las frases de una fotografía del motor."""
    something = engine.images or engine.containers
    said = [f"{images(len(engine.images))} y {containers(len(engine.containers))}." if something
            else "Todavía no hay imágenes ni contenedores."]
    said += map(image, engine.images)
    said += map(container, engine.containers)
    for item in engine.volumes:
        said.append(f"Volumen {'anónimo ' * item.anonymous}{item.name}: {size(item.size)}, {users(item)}.")
    said += [f"Red {item.name} {item.subnet}: {connected(item)}." for item in notable_networks(engine)]
    return tuple(said)


def changes(before: EngineView | None, after: EngineView) -> str:
    """Qué cambió entre dos fotografías, en una o dos frases."""
    if before is None:
        return view(after)[0]
    said = []
    for what in ("images", "containers", "volumes", "networks"):
        was, now = ({_name(item): item for item in getattr(side, what)} for side in (before, after))
        said += [f"Aparece {_called(item)}." for key, item in now.items() if key not in was]
        said += [f"Desaparece {_called(item)}." for key, item in was.items() if key not in now]
    old_states = {c.id: c for c in before.containers}
    for item in after.containers:
        earlier = old_states.get(item.id)
        if earlier and earlier.state != item.state:
            said.append(f"{item.name} pasa de {earlier.state} a {item.state}.")
        elif earlier and earlier.size_rw != item.size_rw:
            said.append(f"La capa de escritura de {item.name} pasa de {size(earlier.size_rw)} a {size(item.size_rw)}.")
    calm = {c.name for c in after.containers if c.id in old_states and old_states[c.id].state == c.state}
    for item in after.networks:
        was = next((dict(one.containers) for one in before.networks if one.name == item.name), {})
        said += [f"{name} entra en la red {item.name}." for name, _ in item.containers if name in calm - was.keys()]
        said += [f"{name} sale de la red {item.name}." for name in was if name in calm - dict(item.containers).keys()]
    weights = {item.name: item.size for item in before.volumes}
    said += [f"El volumen {item.name} pasa de {size(weights[item.name])} a {size(item.size)}." for item in after.volumes
             if weights.get(item.name, item.size) != item.size]
    old_tags = {i.id: i.tags for i in before.images}
    for item in after.images:
        if item.id in old_tags and old_tags[item.id] != item.tags:
            said.append(f"La imagen {short(item.id)} se llama ahora {listing(item.tags) or '<none>'}.")
    if len(said) > 3:
        said = [*said[:2], f"Y {len(said) - 2} cambios más."]
    return " ".join(said) or "No cambia nada."


def _name(item: ImageView | ContainerView | VolumeView | NetworkView) -> str:
    """Lo que distingue a una cosa de las de su clase."""
    return item.name if isinstance(item, (VolumeView, NetworkView)) else item.id


def _called(item: ImageView | ContainerView | VolumeView | NetworkView) -> str:
    """Una cosa con su artículo y su nombre: «la imagen nginx:latest»."""
    if isinstance(item, ImageView):
        return f"la imagen {item.tags[0] if item.tags else short(item.id)}"
    kind = {ContainerView: "el contenedor", VolumeView: "el volumen", NetworkView: "la red"}[type(item)]
    return f"{kind} {item.name}"
