"""Las películas de tablero, hechas con motores de verdad (los nuestros): corrientes y enormes."""

from __future__ import annotations

import functools
import tempfile
from dataclasses import replace
from pathlib import Path

from dockerlab.clock import SECOND
from dockerlab.course.animations import SCENES
from dockerlab.course.hand import Hand
from dockerlab.course.lessons import Animation
from dockerlab.engine import Engine
from dockerlab.scenes import compose, layers, legend, memory, race
from dockerlab.scenes.scene import Ask


def engine_with(files, **options):
    """Un motor con la imagen `app` construida de una carpeta: (motor, sucesos de la construcción)."""
    engine = Engine()
    return engine, build(engine, files, **options)


def build(engine, files, **options):
    """Los sucesos de construir `app` con esos archivos."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return list(engine.build(folder, **{"tags": ["app"], **options}))


SECRET = {
    "Dockerfile": "FROM alpine\nWORKDIR /app\nCOPY . .\nRUN rm secreto.txt\nRUN echo otra > /app/server.js\n",
    "server.js": "console.log(1)\n",
    "secreto.txt": "clave=1234\n",
}


@functools.cache
def secret_image():
    """Una imagen con un archivo borrado y otro vuelto a escribir."""
    return engine_with(SECRET)[0].image("app")


def many_layers():
    """Treinta capas con rutas larguísimas."""
    steps = [f"COPY datos.txt /una/carpeta/bastante/profunda/archivo-de-nombre-largo-{n}.txt" for n in range(30)]
    text = "\n".join(["FROM alpine", *steps, "RUN rm -r /una"])
    return engine_with({"Dockerfile": text, "datos.txt": "x" * 1000})[0].image("app")


def story(scene, orders=(), start=(), engine=None, **about):
    """La película que sale de dar esas órdenes, como en una lección."""
    engine = engine or Engine()
    with tempfile.TemporaryDirectory() as folder:
        hand = Hand(engine, Path(folder))
        for line in start:
            hand(line)
        animation = Animation(scene, "", scene, tuple(orders), about=tuple(about.items()))
        return SCENES[scene](engine, animation, hand)


WRITES = (
    "docker exec web cat /etc/nginx/nginx.conf",
    "docker exec web sh -c 'echo hola > /nota.txt'",
    "docker exec web sh -c 'echo x >> /etc/nginx/nginx.conf'",
    "docker exec web sh -c 'echo y >> /etc/nginx/nginx.conf'",
    "docker exec web rm -r /usr/share/nginx/html",
    "docker exec web rm /nota.txt",
)
LIVES = (
    "docker run -d --name web alpine sh -c 'sleep 1000; echo fin'",
    "docker stop -t 4 web",
    "docker start web",
    "docker kill web",
    "docker rm web",
)
PACKAGE = '%%archivo package.json\n{"name": "a", "version": "1.0.0", "dependencies": {"express": "^4.18.2"}}'
FIRST = "FROM node:14\nWORKDIR /app\n"
RACE = (
    PACKAGE,
    f'%%archivo malo\n{FIRST}COPY . .\nRUN npm install\nCMD ["npm", "start"]',
    f'%%archivo bueno\n{FIRST}COPY package.json .\nRUN npm install\nCOPY . .\nCMD ["npm", "start"]',
    "%%archivo server.js\nconsole.log(1)",
    "docker build -f malo -t malo .",
    "docker build -f bueno -t bueno .",
    "%%archivo server.js\nconsole.log(2)",
    "docker build -f malo -t malo .",
    "docker build -f bueno -t bueno .",
)
CONTEXT = (
    "%%archivo .dockerignore\nnode_modules\n**/*.log\n.env\n!importante.log",
    "%%archivo Dockerfile\nFROM alpine\nCOPY . .",
    "%%archivo .env\nCLAVE=1",
    "%%archivo importante.log\nno lo tires",
    "%%archivo logs/a.log\nuna línea",
    *(f"%%archivo node_modules/m{n}/index.js\n{'x' * 2000}" for n in range(12)),
)
MOUNTS = (
    "docker run -d --name web nginx",
    "docker rm -f web",
    "docker run -d --name web -v datos:/usr/share/nginx/html/cosas -v pagina:/etc/nginx/conf.d nginx",
    "docker exec web sh -c 'echo hola > /usr/share/nginx/html/cosas/nota.txt'",
    "docker exec web sh -c 'echo hola > /usr/share/nginx/html/nota.txt'",
    "docker rm -f web",
)
STAGED = (
    "%%archivo main.go\npackage main",
    "%%archivo Dockerfile\nFROM node:14 AS build\nWORKDIR /src\nCOPY . .\n"
    "RUN head -c 3000000 /dev/zero > /app\n\nFROM alpine\nCOPY --from=build /app /app\nCMD [\"/app\"]",
    "docker build -t hola .",
)
NET = (
    "docker network create red",
    "docker run -d --name web --network red -p 8080:80 nginx",
    "docker run -d --name otro --network red alpine sleep 1000",
    "docker run -d --name solo alpine sleep 1000",
)
SHARE = (
    "docker pull alpine",
    "docker tag alpine localhost:5000/app:1",
    "docker push localhost:5000/app:1",
    "%%archivo Dockerfile\nFROM alpine\nRUN echo hola > /hola",
    "docker build -t localhost:5000/app:1 .",
    "docker push localhost:5000/app:1",
    "docker rmi localhost:5000/app:1",
    "docker pull localhost:5000/app:1",
    "docker pull localhost:5000/nadie",
)
SHELF = (
    "docker run -d -p 5000:5000 --name registro registry:2",
    "docker tag registry:2 localhost:5000/copia",
    "docker push localhost:5000/copia",
    "docker stop registro",
    "docker pull localhost:5000/copia",
)
PIDS = (
    "docker run -d --name uno nginx",
    "docker run -d --name dos alpine sh -c 'sleep 1000 & wait'",
    "docker rm -f uno",
)
MEGA = 2**20


def growing():
    """Un proceso que pide 10 MB por segundo con 64 MB de límite, y lo paga."""
    samples = [memory.Sample(n * SECOND, (("node server.js", n * 10 * MEGA),)) for n in range(1, 7)]
    return memory.film([*samples, memory.Sample(7 * SECOND, (), "exited", True, 137)], 64 * MEGA, "web")


STACK = (
    """%%archivo compose.yaml
name: pila
services:
  db:
    image: postgres
    environment: {POSTGRES_PASSWORD: clave}
    healthcheck: {test: [CMD, pg_isready], interval: 2s}
    volumes: ['datos:/var/lib/postgresql/data']
  prepara:
    image: busybox
    command: sh -c 'sleep 1; exit ${CODIGO:-0}'
    depends_on: {db: {condition: service_healthy}}
  web:
    image: nginx
    depends_on: {prepara: {condition: service_completed_successfully}, db: {condition: service_started}}
volumes: {datos: {}}
""",
    "docker compose up -d",
    "docker compose ps",
    "docker compose up -d --scale web=3",
    "docker compose stop web",
    "docker compose start",
    "docker compose down",
    "%%archivo .env\nCODIGO=3",
    "docker compose up -d",
    "docker compose down -v",
)


def big_stack():
    """Doce servicios con nombres larguísimos, cada uno detrás del anterior."""
    services = tuple(compose.Service(f"servicio-de-nombre-bastante-largo-{n}", "imagen/" * 9,
                                     ((f"servicio-de-nombre-bastante-largo-{n - 1}", "service_healthy"),) * bool(n),
                                     "running", "healthy") for n in range(12))
    return compose.film([compose.Instant(services, "docker compose up", tuple("abcdefgh"), tuple("xyz"))])


def asking():
    """La película de las capas, que pregunta antes de enseñar una."""
    ask = Ask("¿Qué capa trae archivos nuevos?", (("FROM", "No: `FROM` ya estaba.", False),
                                                  ("COPY", "Sí: copia tu carpeta.", True)))
    made = layers.film(engine_with({"Dockerfile": "FROM alpine\nWORKDIR /app\nCOPY . .\n"})[0].image("app"))
    return made.asking("COPY . .", ask)


def side_by_side():
    """Dos búsquedas a la par, una más corta que la otra."""
    one, other = (layers.search(secret_image(), path) for path in ("/app/secreto.txt", "/app/server.js"))
    return race.film(replace(one, title="El secreto"), replace(other, title="El programa"))


WORLDS = {
    "capas": lambda: layers.film(secret_image()),
    "capas, muchas": lambda: layers.film(many_layers()),
    "secreto": lambda: layers.search(secret_image(), "/app/secreto.txt"),
    "secreto que se ve": lambda: layers.search(secret_image(), "/app/server.js"),
    "copia en escritura": lambda: story("union", WRITES, ["docker run -d --name web nginx"], container="web"),
    "procesos": lambda: story("processes", LIVES, container="web"),
    "carrera de caché": lambda: story("cache", RACE, names=("COPY antes", "COPY después")),
    "contexto": lambda: story("context", CONTEXT, copies=(".", "../fuera", ".env")),
    "contexto sin reglas": lambda: story("context", CONTEXT[1:]),
    "montajes": lambda: story("mounts", MOUNTS, container="web", folders=("/usr/share/nginx/html",)),
    "etapas": lambda: story("stages", STAGED),
    "paquete por un puerto publicado": lambda: story("packet", NET, caller="host", host="localhost", port=8080),
    "paquete por su nombre": lambda: story("packet", NET, caller="otro", host="web", port=80),
    "paquete sin nombre": lambda: story("packet", NET, caller="solo", host="web", port=80),
    "paquete a uno mismo": lambda: story("packet", NET, caller="solo", host="localhost", port=8080),
    "registro": lambda: story("registry", SHARE, domain="localhost:5000"),
    "registro que se apaga": lambda: story("registry", SHELF, domain="localhost:5000"),
    "espacios": lambda: story("namespaces", PIDS),
    "memoria hasta el OOM": growing,
    "pila de Compose": lambda: story("compose", STACK),
    "pila de Compose enorme": big_stack,
    "dos motores": lambda: story("mirror", lesson="17", recording="semilla"),
    "leyenda": legend.film,
    "dos a la par": side_by_side,
}
