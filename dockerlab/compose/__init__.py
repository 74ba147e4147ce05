"""Docker Compose: de un archivo con varios servicios a contenedores que viven juntos."""
