"""Un documento de Compose en su forma larga: cada clave con una sola manera de decirse, y cada ruta, entera."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from . import merge, short, source
from .model import RESOURCES

Data = dict[str, Any]


class Shape:
    """Da forma a los documentos. `home`: la carpeta personal, para las rutas con `~`."""

    def __init__(self, home: str):
        self.home = home

    def long(self, data: Data, folder: str) -> Data:
        """Todo en su forma larga."""
        found = dict(data)
        found["services"] = {name: self.long_service(name, value, folder)
                             for name, value in (data.get("services") or {}).items()}
        for kind in RESOURCES:
            if data.get(kind):
                found[kind] = {name: self.long_resource(value, folder) for name, value in data[kind].items()}
        return found

    def long_resource(self, value: Any, folder: str) -> Any:
        """Un recurso."""
        found = long_form(value, short.external)
        if isinstance(found, Mapping) and isinstance(found.get("file"), str):
            found["file"] = self.absolute(found["file"], folder)
        return found

    def long_service(self, name: str, value: Any, folder: str) -> Any:
        """Un servicio."""
        if isinstance(value, source.Tagged):
            return source.Tagged(value.kind, self.long_service(name, value.value, folder))
        place = f"services.{name}"
        found = forms(value or {}, short.SERVICE, place)
        for key, table in (("build", short.BUILD), ("deploy", short.DEPLOY), ("healthcheck", short.HEALTH)):
            if isinstance(found.get(key), Mapping):
                found[key] = forms(found[key], table, f"{place}.{key}" if key != "healthcheck" else key)
        self.resolve(found, folder)
        return {key: merge.unique(item, (key,)) if isinstance(item, list) and (key,) in merge.IDENTITY else item
                for key, item in found.items()}

    def resolve(self, service: Data, folder: str) -> None:
        """Las rutas de un servicio, enteras."""
        build = service.get("build")
        if isinstance(build, Mapping):
            context = build.get("context", ".")
            service["build"] = {**build, "context": context if is_remote(context) else self.absolute(context, folder)}
        places = (("env_file", "path", lambda item: True), ("volumes", "source", lambda item: item["type"] == "bind"))
        for key, field, applies in places:
            if isinstance(service.get(key), list):
                service[key] = [{**item, field: self.absolute(item[field], folder)} if item.get(field)
                                and applies(item) else item for item in service[key]]
        if isinstance(service.get("label_file"), list):
            service["label_file"] = [self.absolute(path, folder) for path in service["label_file"]]
        if isinstance(service.get("develop"), Mapping):
            watched = service["develop"].get("watch") or ()
            service["develop"] = {**service["develop"], "watch": [
                {**item, "path": self.absolute(item["path"], folder)} for item in watched]}
        if isinstance(service.get("extends"), Mapping) and service["extends"].get("file"):
            service["extends"] = {**service["extends"], "file": self.absolute(service["extends"]["file"], folder)}

    def absolute(self, path: str, folder: str) -> str:
        """Una ruta entera."""
        return short.absolute(path, folder, self.home)


def long_form(value: Any, form: Callable[..., Any], *place: str) -> Any:
    """La forma larga de un valor, tal vez marcado."""
    if isinstance(value, source.Tagged):
        return source.Tagged(value.kind, None if value.value is None else form(value.value, *place))
    return None if value is None else form(value, *place)


def forms(value: Mapping[str, Any], table: Mapping[str, short.Form], place: str) -> Data:
    """Las claves de `table`, en su forma larga."""
    return {key: long_form(item, table[key], f"{place}.{key}") if key in table else item
            for key, item in value.items()}


def is_remote(context: str) -> bool:
    """¿Es un contexto de otro sitio?"""
    return bool(re.match(r"(https?|git|ssh|service|docker-image|oci-layout|target)[:@]", context)) or (
        context.startswith("github.com/"))
