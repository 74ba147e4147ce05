"""Las escenas: funciones puras que convierten fotografías del motor y sucesos en dibujos."""
