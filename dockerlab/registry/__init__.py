"""El registro simulado: el catálogo de imágenes en miniatura, y lo que se sube y se descarga."""
