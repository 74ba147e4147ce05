"""Un Docker que se puede abrir como un reloj."""
