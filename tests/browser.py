"""Chromium sin pantalla, para las pruebas que miran páginas de verdad."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.extras import ROOT, need

ARTIFACTS = ROOT / "build-artifacts"
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--force-color-profile=srgb",
         "--font-render-hinting=none"]


@contextmanager
def browser() -> Iterator[Any]:
    """El navegador del sistema, manejado por Playwright."""
    chromium = need("chromium")
    from playwright.sync_api import sync_playwright
    with sync_playwright() as driver:
        window = driver.chromium.launch(executable_path=str(chromium), headless=True, args=FLAGS)
        yield window
        window.close()


def listen(page: Any) -> list[str]:
    """La lista a la que irán a parar los errores de la página."""
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    return troubles


def artifact(name: str) -> Path:
    """Dónde guardar una captura para mirarla después (carpeta ignorada por Git)."""
    ARTIFACTS.mkdir(exist_ok=True)
    return ARTIFACTS / name
