"""Dónde guarda sus tablas un servidor de SQL: una carpeta por base de datos, un archivo por tabla."""

from __future__ import annotations

import json
from typing import Any


class SqlError(Exception):
    """Una orden que no se puede hacer: `kind` (unknown-table, syntax...) y sus datos."""

    def __init__(self, kind: str, **data: Any):
        super().__init__(kind)
        self.kind, self.data = kind, data


class Store:
    """Las bases de datos de un servidor, en `root`. `suffix` y `weight`: cómo son sus archivos de tabla."""

    def __init__(self, sys: Any, root: str, suffix: str, weight: int, system: tuple[str, ...]):
        self.sys, self.root, self.suffix, self.weight, self.system = sys, root, suffix, weight, system

    def databases(self) -> list[str]:
        names = [name for name in self.sys.fs.listdir(self.root)
                 if self.sys.fs.exists(f"{self.root}/{name}/db.opt")]
        return sorted({*names, *self.system})

    def create(self, name: str) -> None:
        if name in self.databases():
            raise SqlError("database-exists", name=name)
        self.sys.fs.mkdir(f"{self.root}/{name}", 0o750)
        self.sys.fs.write(f"{self.root}/{name}/db.opt", b"utf8\n", mode=0o640)

    def drop(self, name: str) -> None:
        if name not in self.databases() or name in self.system:
            raise SqlError("unknown-database", name=name)
        for file in self.sys.fs.listdir(f"{self.root}/{name}"):
            self.sys.fs.remove(f"{self.root}/{name}/{file}")
        self.sys.fs.rmdir(f"{self.root}/{name}")

    def tables(self, database: str) -> list[str]:
        folder = f"{self.root}/{database}"
        names = self.sys.fs.listdir(folder) if self.sys.fs.isdir(folder) else []
        return [name.removesuffix(self.suffix) for name in names if name.endswith(self.suffix)]

    def load(self, database: str, table: str) -> dict[str, Any]:
        if table not in self.tables(database):
            raise SqlError("unknown-table", database=database, name=table)
        return json.loads(self.sys.fs.read(f"{self.root}/{database}/{table}{self.suffix}"))

    def save(self, database: str, table: str, content: dict[str, Any]) -> None:
        data = json.dumps(content, ensure_ascii=False).encode()
        self.sys.fs.write(f"{self.root}/{database}/{table}{self.suffix}", data, mode=0o640,
                          declared_size=max(self.weight, len(data)))

    def remove(self, database: str, table: str) -> None:
        self.load(database, table)
        self.sys.fs.remove(f"{self.root}/{database}/{table}{self.suffix}")
