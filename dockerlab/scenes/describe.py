"""Lo que se ve, con palabras: para quien no ve el dibujo y para quien quiere leerlo.

Cada función devuelve frases que dicen los mismos nombres y estados que el
dibujo del mismo instante (una prueba los compara).
"""

from __future__ import annotations

from .progress import Progress, Step
from .words import listing, plural, quoted, short, size


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
        return f"Toca {step.instruction}."
    if step.error:
        return f"{step.instruction} falla: {step.error.splitlines()[0]}"
    if step.base:
        return f"La base, {step.instruction.split()[1]}, pone sus capas ({size(step.size)}) y su configuración."
    if step.layer:
        if step.cached:
            return f"Acierto de caché: la capa de {step.instruction.split()[0]} ({size(step.size)}) ya estaba hecha y se reutiliza."
        because = f" Fallo de caché: {step.why.rstrip('.')}." if step.why else ""
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
