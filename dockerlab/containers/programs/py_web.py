"""Los módulos de red del Python simulado, por su nombre."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .flask import flask_module
from .py_clients import redis_module, requests_module
from .py_databases import DATABASES
from .py_http import http_server_module
from .py_sqlite import sqlite_module
from .py_values import Module

WEB: dict[str, Callable[[Any, Any], Module]] = {
    "http.server": http_server_module, "socketserver": http_server_module, "flask": flask_module,
    "requests": requests_module,
    "redis": redis_module, "sqlite3": sqlite_module, **DATABASES}
"""Módulos que se hacen aquí; de ellos, los de la biblioteca estándar no hay que instalarlos."""
STANDARD = {"http.server", "socketserver", "sqlite3"}
