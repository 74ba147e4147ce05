"""El taller por dentro, sin pantalla: teclear, recordar, deshacer y compartir una sesión.

`Workbench` junta un motor, una carpeta y un terminal; el widget de
`widgets/workshop.py` solo lo dibuja. Aquí no hay nada de Jupyter.
"""
