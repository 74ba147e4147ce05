"""Imágenes: valores congelados con nombre propio (su digest), y el almacén que los guarda."""

from .config import Healthcheck, HistoryEntry, ImageConfig
from .digest import Digest, chain_ids
from .image import HistoryRow, Image
from .reference import Reference
from .removal import Removal, Remover, User
from .store import ImageStore, Stored

__all__ = ["Digest", "Healthcheck", "HistoryEntry", "HistoryRow", "Image", "ImageConfig", "ImageStore",
           "Reference", "Removal", "Remover", "Stored", "User", "chain_ids"]
