import os
import signal
import sys

import psycopg2
import redis
from flask import Flask

app = Flask(__name__)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
cache = redis.Redis(host="cache")


def base():
    return psycopg2.connect(host="db", user="postgres", password=os.environ["CLAVE"])


with base() as conexion, conexion.cursor() as cursor:
    cursor.execute("CREATE TABLE IF NOT EXISTS firmas (nombre text)")
print("La posada está abierta", flush=True)


@app.route("/")
def portada():
    saludo = os.environ.get("SALUDO", "Hola")
    return f"{saludo}. Visita número {cache.incr('visitas')}\n"


@app.route("/firmar/<nombre>")
def firmar(nombre):
    with base() as conexion, conexion.cursor() as cursor:
        cursor.execute("INSERT INTO firmas (nombre) VALUES (%s)", (nombre,))
        cursor.execute("SELECT count(*) FROM firmas")
        return f"{nombre} firma. Firmas en el libro: {cursor.fetchone()[0]}\n"


app.run(host="0.0.0.0", port=8000)
