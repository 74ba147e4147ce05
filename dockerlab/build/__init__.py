"""Construir una imagen: etapas, plan, caché y capas."""
