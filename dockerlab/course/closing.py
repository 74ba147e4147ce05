"""La tabla de cierre: seis diferencias entre una imagen y un contenedor, cada una con su prueba."""

from __future__ import annotations

import html
from collections.abc import Collection
from dataclasses import dataclass

from .show import SIGNS

# (ejercicio de la 17 que lo prueba, en qué se mira, la imagen, el contenedor)
ROWS = (
    ("fila-definicion", "Definición", "Un paquete: la aplicación, lo que necesita y cómo se arranca",
     "Lo que nace de ella: una capa para escribir y, si está en marcha, un proceso"),
    ("fila-inmutabilidad", "Inmutabilidad", "No cambia: con otro contenido, es otra imagen",
     "Cambia: se escribe en él, se arranca, se detiene, se elimina"),
    ("fila-estado", "Estado", "Ninguno: no hay nada en marcha",
     "Creado, en marcha, en pausa, reiniciándose, terminado"),
    ("fila-proposito", "Propósito", "Guardar una aplicación y repartirla", "Ejecutarla"),
    ("fila-persistencia", "Persistencia", "Se queda, aunque se vayan sus contenedores",
     "Lo que escribe se va al eliminarlo, salvo lo que esté en un volumen"),
    ("fila-ubicacion", "Ubicación", "En el almacén del motor, en un archivo o en un registro",
     "En el equipo que lo ejecuta, con el kernel de ese equipo"),
)
HEADS = ("En qué se mira", "Una imagen", "Un contenedor", "Tu prueba")


@dataclass(frozen=True, slots=True, repr=False)
class Closing:
    """Las seis filas; `proved`: los ejercicios que ya están bien."""

    proved: Collection[str]

    def rows(self) -> list[tuple[str, str, str, str]]:
        """Las filas como se leen, con la prueba al final."""
        return [(what, image, container, f"{SIGNS['correcto']} probado" if id in self.proved else
                 f"{SIGNS['pendiente']} pendiente") for id, what, image, container in ROWS]

    def __repr__(self) -> str:
        lines = []
        for what, image, container, proof in self.rows():
            lines += [f"{what} ({proof})", f"  Una imagen: {image}", f"  Un contenedor: {container}"]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        left = "style='text-align:left;vertical-align:top'"
        head = "".join(f"<th scope='col' {left}>{name}</th>" for name in HEADS)
        body = "".join(
            f"<tr><th scope='row' {left}>{what}</th><td {left}>{html.escape(image)}</td>"
            f"<td {left}>{html.escape(container)}</td>"
            f"<td style='white-space:nowrap;vertical-align:top'>{proof}</td></tr>"
            for what, image, container, proof in self.rows())
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
