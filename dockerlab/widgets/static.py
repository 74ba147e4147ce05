"""Los cuadernos que se guardan: sin estado de widgets y con imagen en su lugar.

Para renovar las salidas, ejecuta los cuadernos con la variable de entorno
`DOCKERLAB_STATIC=1` (los reproductores dan su tira de imágenes) y pasa después
`strip`, que quita lo que un widget vivo haya dejado.
"""

from __future__ import annotations

import copy
from typing import Any

VIEW = "application/vnd.jupyter.widget-view+json"


def strip(notebook: dict[str, Any]) -> dict[str, Any]:
    """Una copia del cuaderno (formato nbformat 4) sin vistas ni estado de widgets.

    Una salida que además tiene texto o imagen los conserva; la que solo era un widget desaparece.
    """
    clean = copy.deepcopy(notebook)
    clean.get("metadata", {}).pop("widgets", None)
    for cell in clean.get("cells", ()):
        kept = []
        for output in cell.get("outputs", ()):
            data = output.get("data")
            if data is None or VIEW not in data:
                kept.append(output)
            elif len(data) > 1:
                del data[VIEW]
                kept.append(output)
        if "outputs" in cell:
            cell["outputs"] = kept
    return clean
