"""Los contenedores: su vida, sus procesos, su shell y sus programas, su red y sus datos."""
