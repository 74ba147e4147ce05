import os
import sqlite3

from flask import Flask, request

RUTA = os.environ.get("DATOS", "/datos") + "/libro.db"
app = Flask(__name__)


def base():
    db = sqlite3.connect(RUTA)
    db.execute("CREATE TABLE IF NOT EXISTS firmas (id INTEGER PRIMARY KEY, nombre TEXT)")
    return db


@app.get("/")
def leer():
    filas = base().execute("SELECT id, nombre FROM firmas ORDER BY id").fetchall()
    return "".join(f"{numero}. {nombre}\n" for numero, nombre in filas) or "Nadie ha firmado todavía\n"


@app.post("/")
def firmar():
    with base() as db:
        db.execute("INSERT INTO firmas (nombre) VALUES (?)", (request.form["nombre"],))
    return "Gracias\n"
