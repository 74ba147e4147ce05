"""Muestras hechas a mano: construcciones y fotografías del motor pequeñas, corrientes y enormes."""

from __future__ import annotations

from dockerlab.events import BuildFinished, BuildStarted, StepFinished, StepOutput, StepStarted

NODE = """# La aplicación de Node del curso
FROM node:14

WORKDIR /app

COPY . .

RUN npm install

EXPOSE 3000

CMD ["npm", "start"]
"""

NODE_STEPS = (
    ("FROM node:14", 2, dict(layer="sha256:" + "a" * 64, size=912_000_000, cached=True, changed=(
        ("Env", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin"), ("Cmd", '["node"]')))),
    ("WORKDIR /app", 4, dict(layer="sha256:" + "b" * 64, size=0, cached=True, changed=(("WorkingDir", "/app"),))),
    ("COPY . .", 6, dict(layer="sha256:" + "c" * 64, size=2140, why="cambió el contenido de server.js")),
    ("RUN npm install", 8, dict(layer="sha256:" + "d" * 64, size=4_310_000, why="cambió el paso anterior",
                                output=("npm notice created a lockfile as package-lock.json.", "added 57 packages in 1.8s"))),
    ("EXPOSE 3000", 10, dict(changed=(("ExposedPorts", "3000/tcp"),))),
    ('CMD ["npm", "start"]', 12, dict(changed=(("Cmd", '["npm","start"]'),))),
)


def build(dockerfile=NODE, steps=NODE_STEPS, tags=("my-image:latest",), context=12_300, error="", stages=()):
    """Los sucesos de una construcción, hechos de una tabla de pasos (texto, línea o líneas, resultado)."""
    spans = [line if isinstance(line, tuple) else (line, line) for _, line, _ in steps]
    yield BuildStarted(0, dockerfile, tuple((text, *span) for (text, _, _), span in zip(steps, spans, strict=True)), context)
    for index, ((text, _, outcome), span) in enumerate(zip(steps, spans, strict=True), 1):
        outcome = dict(outcome)
        output = outcome.pop("output", ())
        stage = outcome.pop("stage", stages[index - 1] if stages else "")
        name = f"[{index}/{len(steps)}] {text}"
        yield StepStarted(index, index, len(steps), name, text, span, stage)
        for line in output:
            yield StepOutput(index, index, 1, line + "\n")
        yield StepFinished(index, index, name, text, span, **{"cached": False, **outcome})
        if outcome.get("error"):
            break
    yield BuildFinished(99, "" if error else "sha256:" + "e1" * 32, () if error else tags, error)


def tiny():
    """El Dockerfile más corto que hay."""
    return list(build("FROM scratch", (("FROM scratch", 1, {}),), ()))


def failing():
    """Una construcción que falla en RUN."""
    text = "FROM alpine\nRUN nadie\nCMD sh\n"
    wrong = 'process "/bin/sh -c nadie" did not complete successfully: exit code: 127'
    return list(build(text, (("FROM alpine", 1, dict(size=7_800_000, cached=True)),
                             ("RUN nadie", 2, dict(error=wrong, output=("/bin/sh: nadie: not found",)))), error=wrong))


def huge(layers=40, lines=60):
    """Sesenta líneas, cuarenta capas y nombres larguísimos."""
    body = ["FROM una.registro.de.ejemplo.invalid/equipo-de-plataforma/imagen-base-con-nombre-larguisimo:1.2.3-bookworm"]
    steps = [(body[0], 1, dict(size=1_234_567_890, cached=True, changed=tuple((f"Env.V{i}", "x" * 60) for i in range(5))))]
    while len(body) < lines:
        number = len(body) + 1
        if len(steps) <= layers:
            text = f"RUN echo paso-{number} && " + "instalar-cosas " * 8
            steps.append((text, number, dict(layer=f"sha256:{number:064d}", size=number * 12345, cached=number < 20,
                                             why="" if number < 20 else "cambió una variable de entorno " * 4,
                                             output=("palabra " * 40,))))
        else:
            text = f"LABEL clave-{number}=" + "valor" * 20
            steps.append((text, number, dict(changed=((f"Labels.clave-{number}", "valor" * 20),))))
        body.append(text)
    return list(build("\n".join(body), tuple(steps), ("registro.invalid/" + "nombre-largo-" * 6 + ":v1", "otra:2")))


def staged():
    """Una construcción de dos etapas."""
    text = ("FROM golang:1.22 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app .\n\n"
            "FROM scratch\nCOPY --from=build /app /app\nENTRYPOINT [\"/app\"]\n")
    steps = (("FROM golang:1.22 AS build", 1, dict(size=823_000_000, cached=True)),
             ("WORKDIR /src", 2, dict(layer="sha256:1", size=0, cached=True, changed=(("WorkingDir", "/src"),))),
             ("COPY . .", 3, dict(layer="sha256:2", size=5400)), ("RUN go build -o /app .", 4, dict(layer="sha256:3", size=98_000_000)),
             ("FROM scratch", 6, dict(cached=True)),
             ("COPY --from=build /app /app", 7, dict(layer="sha256:5", size=7_200_000)),
             ('ENTRYPOINT ["/app"]', 8, dict(changed=(("Entrypoint", '["/app"]'),))))
    return list(build(text, steps, ("hola-go:latest",), stages=("build",) * 4 + ("stage-1",) * 3))
