"""Las opciones con gramática propia: puertos, volúmenes, redes, límites, archivos de variables..."""
