"""Muestras hechas a mano: construcciones y fotografías del motor pequeñas, corrientes y enormes."""

from __future__ import annotations

from dockerlab.events import BuildFinished, BuildStarted, StepFinished, StepOutput, StepStarted


def hexadecimal(number, prefix=""):
    """Un identificador de 64 dígitos que se distingue de otros en los primeros."""
    return prefix + f"{number + 0xA000:x}".ljust(64, "0")


NODE = """# La aplicación de Node del curso
FROM node:14

WORKDIR /app

COPY . .

RUN npm install

EXPOSE 3000

CMD ["npm", "start"]
"""

NODE_STEPS = (
    (
        "FROM node:14",
        2,
        dict(
            layer="sha256:" + "a" * 64,
            size=912_000_000,
            cached=True,
            changed=(("Env", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin"), ("Cmd", '["node"]')),
        ),
    ),
    (
        "WORKDIR /app",
        4,
        dict(layer="sha256:" + "b" * 64, size=0, cached=True, changed=(("WorkingDir", "/app"),)),
    ),
    ("COPY . .", 6, dict(layer="sha256:" + "c" * 64, size=2140, why="cambió el contenido de server.js")),
    (
        "RUN npm install",
        8,
        dict(
            layer="sha256:" + "d" * 64,
            size=4_310_000,
            why="cambió el paso anterior",
            output=("npm notice created a lockfile as package-lock.json.", "added 57 packages in 1.8s"),
        ),
    ),
    ("EXPOSE 3000", 10, dict(changed=(("ExposedPorts", "3000/tcp"),))),
    ('CMD ["npm", "start"]', 12, dict(changed=(("Cmd", '["npm","start"]'),))),
)


def build(dockerfile=NODE, steps=NODE_STEPS, tags=("my-image:latest",), context=12_300, error="", stages=()):
    """Los sucesos de una construcción, hechos de una tabla de pasos (texto, línea o líneas, resultado)."""
    spans = [line if isinstance(line, tuple) else (line, line) for _, line, _ in steps]
    yield BuildStarted(
        0, dockerfile, tuple((text, *span) for (text, _, _), span in zip(steps, spans, strict=True)), context
    )
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
    return list(
        build(
            text,
            (
                ("FROM alpine", 1, dict(size=7_800_000, cached=True)),
                ("RUN nadie", 2, dict(error=wrong, output=("/bin/sh: nadie: not found",))),
            ),
            error=wrong,
        )
    )


def huge(layers=40, lines=60):
    """Sesenta líneas, cuarenta capas y nombres larguísimos."""
    body = [
        "FROM una.registro.de.ejemplo.invalid/equipo-de-plataforma/imagen-base-con-nombre-larguisimo:1.2.3-bookworm"
    ]
    steps = [
        (
            body[0],
            1,
            dict(size=1_234_567_890, cached=True, changed=tuple((f"Env.V{i}", "x" * 60) for i in range(5))),
        )
    ]
    while len(body) < lines:
        number = len(body) + 1
        if len(steps) <= layers:
            text = f"RUN echo paso-{number} && " + "instalar-cosas " * 8
            steps.append(
                (
                    text,
                    number,
                    dict(
                        layer=f"sha256:{number:064d}",
                        size=number * 12345,
                        cached=number < 20,
                        why="" if number < 20 else "cambió una variable de entorno " * 4,
                        output=("palabra " * 40,),
                    ),
                )
            )
        else:
            text = f"LABEL clave-{number}=" + "valor" * 20
            steps.append((text, number, dict(changed=((f"Labels.clave-{number}", "valor" * 20),))))
        body.append(text)
    return list(
        build("\n".join(body), tuple(steps), ("registro.invalid/" + "nombre-largo-" * 6 + ":v1", "otra:2"))
    )


def staged():
    """Una construcción de dos etapas."""
    text = (
        "FROM golang:1.22 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app .\n\n"
        'FROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]\n'
    )
    steps = (
        ("FROM golang:1.22 AS build", 1, dict(size=823_000_000, cached=True)),
        ("WORKDIR /src", 2, dict(layer="sha256:1", size=0, cached=True, changed=(("WorkingDir", "/src"),))),
        ("COPY . .", 3, dict(layer="sha256:2", size=5400)),
        ("RUN go build -o /app .", 4, dict(layer="sha256:3", size=98_000_000)),
        ("FROM scratch", 6, dict(cached=True)),
        ("COPY --from=build /app /app", 7, dict(layer="sha256:5", size=7_200_000)),
        ('ENTRYPOINT ["/app"]', 8, dict(changed=(("Entrypoint", '["/app"]'),))),
    )
    return list(build(text, steps, ("hola-go:latest",), stages=("build",) * 4 + ("stage-1",) * 3))


def life(name="web", image="my-image"):
    """Los instantes de una vida: create, start, pause, unpause, stop con plazo, start, muere solo y vuelve, rm."""
    from dockerlab.clock import SECOND
    from dockerlab.events import Event
    from dockerlab.scenes.moments import Moment, moments
    from dockerlab.views import ContainerView, EngineView

    def event(time, action, **facts):
        return Event(
            time * SECOND,
            "container",
            action,
            "f" * 64,
            tuple({"image": image, "name": name, **facts}.items()),
        )

    def view(state):
        return EngineView(
            0, containers=(ContainerView("f" * 64, name, "sha256:1", image, "npm start", state, "", 0, 1204),)
        )

    story = (
        (f"docker create --name {name} {image}", [event(1, "create")], "created"),
        (f"docker start {name}", [event(2, "start")], "running"),
        (f"docker pause {name}", [event(6, "pause")], "paused"),
        (f"docker unpause {name}", [event(9, "unpause")], "running"),
        (
            f"docker stop {name}",
            [event(12, "kill", signal="15"), event(22, "kill", signal="9"), event(22, "die", exitCode="137")],
            "exited",
        ),
        (f"docker start {name}", [event(30, "start")], "running"),
        ("", [event(40, "die", exitCode="1"), event(41, "start")], "running"),
        (f"docker kill {name}", [event(50, "kill", signal="9"), event(50, "die", exitCode="137")], "exited"),
        (f"docker rm {name}", [event(55, "destroy")], ""),
    )
    moment = Moment(name)
    yield moment
    for command, events, state in story:
        for moment in moments(moment, events, view(state) if state else EngineView(0), command):
            yield moment


def classroom():
    """Una fotografía corriente: node:14 y dos imágenes encima, nginx, volúmenes y una red."""
    from dockerlab.views import (
        ContainerView,
        EngineView,
        ImageView,
        LayerView,
        MountView,
        NetworkView,
        VolumeView,
    )

    def layers(seed, *items):
        return tuple(
            LayerView(f"sha256:{seed}{index:x}{'0' * 60}", weight, text)
            for index, (text, weight) in enumerate(items)
        )

    node = layers(
        "a0",
        ("ADD file:… in /", 101_000_000),
        ("RUN apt-get update", 45_000_000),
        ("RUN apt-get install", 152_000_000),
        ("RUN groupadd", 333_000),
        ("RUN curl node", 95_000_000),
        ("RUN yarn", 7_000_000),
        ("COPY docker-entrypoint.sh", 388),
    )
    app = layers("b0", ("WORKDIR /app", 0), ("COPY . .", 2140), ("RUN npm install", 4_310_000))
    api = layers("c0", ("WORKDIR /srv", 0), ("COPY src/ src/", 8140))
    nginx = layers(
        "d0",
        ("ADD rootfs.tar.xz /", 74_800_000),
        ("RUN nginx", 112_000_000),
        ("COPY 10-listen-on-ipv6", 4620),
    )

    def image(number, tags, parts):
        return ImageView(hexadecimal(number, "sha256:"), tags, parts, sum(part.size for part in parts))

    def run(number, name, image, state, status="", code=0, size=0, **more):
        return ContainerView(
            hexadecimal(number), name, image.id, image.tags[0], "npm start", state, status, code, size, **more
        )

    base, mine, other, web = (
        image(1, ("node:14",), node),
        image(2, ("my-image:latest", "my-image:1.0"), node + app),
        image(3, ("api:dev",), node + api),
        image(4, ("nginx:latest",), nginx),
    )
    containers = (
        run(1, "my-container", mine, "running", "Up 3 minutes", size=1204, ports=("0.0.0.0:3000->3000/tcp",)),
        run(2, "otro", mine, "exited", "Exited (143) 5 seconds ago", 143, 12),
        run(
            3,
            "api",
            other,
            "paused",
            "Up 2 minutes (Paused)",
            mounts=(MountView("volume", "datos", "/srv/datos"),),
        ),
        run(4, "portada", web, "created", "Created"),
    )
    return EngineView(
        0,
        (base, mine, other, web),
        containers,
        (VolumeView("datos", 2_400_000, ("api",)), VolumeView("f" * 64, 0, anonymous=True)),
        (
            NetworkView(
                "bridge",
                "bridge",
                "172.17.0.0/16",
                (("my-container", "172.17.0.2/16"), ("api", "172.17.0.3/16")),
            ),
            NetworkView("mi-red", "bridge", "172.18.0.0/16", ()),
        ),
    )


def crowd(images=12, containers=30, layers=40):
    """Una fotografía enorme: muchas imágenes de una base de cuarenta capas y treinta contenedores."""
    from dockerlab.views import ContainerView, EngineView, ImageView, LayerView, NetworkView, VolumeView

    base = tuple(
        LayerView(f"sha256:{i:02x}{'b' * 62}", 10_000_000, f"RUN instalar-cosas-con-nombre-largo {i}")
        for i in range(layers)
    )
    found = []
    for i in range(images):
        own = (LayerView(f"sha256:{i:02x}{'c' * 62}", 1234 * i, f"COPY . /aplicacion-numero-{i}"),)
        parts = (
            base + own if i % 3 else (LayerView(f"sha256:{i:02x}{'d' * 62}", 5_000_000, "ADD rootfs"), *own)
        )
        tags = (f"registro.invalid/equipo/servicio-con-nombre-largo-{i}:v{i}",) if i % 4 else ()
        found.append(ImageView(hexadecimal(i, "sha256:"), tags, parts, sum(p.size for p in parts)))
    states = ("running", "exited", "paused", "created", "restarting", "dead")
    crew = tuple(
        ContainerView(
            hexadecimal(i),
            f"contenedor-de-nombre-larguisimo-{i}",
            found[i % 2].id,
            "imagen",
            "sleep 1d",
            states[i % 6],
            "Up About an hour (healthy)",
            i,
            10 ** (i % 10),
        )
        for i in range(containers)
    )
    volumes = tuple(
        VolumeView(
            f"volumen-de-datos-con-nombre-largo-{i}",
            10 ** (i % 12),
            ("contenedor-de-nombre-larguisimo-1",) * 3,
        )
        for i in range(14)
    )
    networks = tuple(
        NetworkView(
            f"red-con-nombre-largo-{i}",
            "bridge",
            f"172.{i}.0.0/16",
            tuple((f"contenedor-{j}", f"172.{i}.0.{j}/16") for j in range(9)),
        )
        for i in range(9)
    )
    return EngineView(0, tuple(found), crew, volumes, networks)


def forty():
    """Una construcción de diecinueve pasos: cuarenta fotogramas."""
    texts = [
        "FROM python:3.12-slim",
        "WORKDIR /srv",
        "ENV PIP_NO_CACHE_DIR=1",
        "RUN apt-get update && apt-get install -y curl",
        "COPY requirements.txt .",
        "RUN pip install -r requirements.txt",
        "COPY src/ src/",
        "COPY static/ static/",
        "RUN python -m compileall src",
        "ARG VERSION=1",
        "LABEL version=1",
        "RUN useradd --system app",
        "USER app",
        "VOLUME /srv/datos",
        "EXPOSE 8000",
        "STOPSIGNAL SIGINT",
        "HEALTHCHECK CMD curl -f localhost:8000",
        'ENTRYPOINT ["python"]',
        'CMD ["-m", "src"]',
    ]
    makes_layer = ("FROM", "WORKDIR", "RUN", "COPY")
    steps = tuple(
        (
            text,
            number,
            dict(
                size=number * 1234,
                layer=f"sha256:{number}",
                why="cambió requirements.txt" * (number > 5),
                cached=number < 5,
            )
            if text.startswith(makes_layer)
            else dict(changed=((text.split()[0].title(), text.partition(" ")[2]),)),
        )
        for number, text in enumerate(texts, 1)
    )
    return list(build("\n".join(texts), steps, ("web:1",)))


def repeated():
    """Dos imágenes que repiten una capa sobre bases distintas; la primera se elimina y la otra toma su clave."""
    from dataclasses import replace

    from dockerlab.views import EngineView, ImageView, LayerView

    same = LayerView("sha256:" + "7" * 64, 20, "COPY . /app")
    one, other = (
        ImageView(
            f"sha256:{name * 64}",
            (f"{tag}:latest",),
            (LayerView(f"sha256:{name * 63}0", 5_000_000, "ADD rootfs"), same),
            5_000_020,
        )
        for name, tag in (("1", "vieja"), ("2", "nueva"))
    )
    both = EngineView(0, images=(one, other))
    return [both, replace(both, images=(other,)), both]
