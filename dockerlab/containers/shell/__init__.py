"""El shell: lee un guion, lo convierte en un árbol y lo ejecuta como un proceso más."""
from . import reading  # noqa: F401
