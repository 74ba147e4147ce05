"""El curso: lecciones como datos, comprobaciones con razones y cuestionarios.

    from dockerlab.course import comprobar, leccion, pista
    leccion("01")
    comprobar("dos-contenedores")
"""

from .exam import contestar, corregir, examen
from .session import (
    codigo,
    comprobar,
    cuestionario,
    explicar,
    leccion,
    pista,
    predecir,
    preparar,
    progreso,
    repaso,
    responder,
    solucion,
)
from .tools import (
    animar,
    de_verdad,
    en_vivo,
    exportar,
    grafica,
    medidas,
    medir,
    mostrar,
    reiniciar,
    reto,
    tabla,
    taller,
    vigilar,
)

__all__ = [
    "animar",
    "codigo",
    "comprobar",
    "contestar",
    "corregir",
    "cuestionario",
    "de_verdad",
    "en_vivo",
    "examen",
    "explicar",
    "exportar",
    "grafica",
    "leccion",
    "medidas",
    "medir",
    "mostrar",
    "pista",
    "predecir",
    "preparar",
    "progreso",
    "reiniciar",
    "repaso",
    "responder",
    "reto",
    "solucion",
    "tabla",
    "taller",
    "vigilar",
]
