"""Un SQL pequeño: lo que se escribe en una lección con MySQL o PostgreSQL.

Las tablas viven en archivos del contenedor, así que sobreviven o se pierden con
su volumen, como las de verdad.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from .sql_expressions import AGGREGATES, TOKEN, Reader
from .sql_store import SqlError


@dataclass(slots=True)
class Result:
    """Lo que contesta una orden: filas con sus columnas, o cuántas cambió."""

    command: str
    columns: list[str] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    count: int = 0

    def data(self) -> dict[str, Any]:
        return {"command": self.command, "columns": self.columns, "rows": self.rows, "count": self.count}


def statements(text: str) -> list[str]:
    """Las órdenes de un texto, separadas por punto y coma (los de los textos no cuentan)."""
    out, start = [], 0
    for found in TOKEN.finditer(text):
        if found["mark"] == ";":
            out.append(text[start:found.start()].strip())
            start = found.end()
    return [each for each in [*out, text[start:].strip()] if each]


class Statement(Reader):
    """Una orden, de la palabra con la que empieza a su resultado."""

    def run(self) -> Result:
        """Hace la orden. `SqlError` si no puede."""
        word = self.take().upper()
        method = getattr(self, f"run_{word.lower()}", None)
        if method is None:
            self.at = 0
            raise self.wrong()
        result = method()
        if self.at < len(self.tokens) and word in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            raise self.wrong()
        return result

    def run_create(self) -> Result:
        kind = self.take().upper()
        calm = self.maybe("IF", "NOT", "EXISTS")
        if kind in ("DATABASE", "SCHEMA"):
            name = self.name()
            if not (calm and name in self.store.databases()):
                self.store.create(name)
            return Result("CREATE DATABASE", count=1)
        if kind != "TABLE":
            return Result(f"CREATE {kind}")
        table = self.table()
        if table in self.store.tables(self.database):
            if calm:
                return Result("CREATE TABLE")
            raise SqlError("table-exists", name=table)
        self.take("(")
        self.store.save(self.database, table, {"columns": self.columns(), "rows": [], "next": 1})
        return Result("CREATE TABLE")

    def columns(self) -> list[dict[str, Any]]:
        """Las columnas de un CREATE TABLE, hasta su paréntesis."""
        out = []
        while True:
            if self.peek() in ("PRIMARY", "UNIQUE", "KEY", "CONSTRAINT", "FOREIGN", "INDEX", "CHECK"):
                self.skip_definition()
            else:
                name, start = self.name(), self.at
                self.skip_definition()
                words = [text for _, text in self.tokens[start:self.at]]
                upper = " ".join(words).upper()
                kind = re.match(r"\w+( \( [\d ,]+ \))?", " ".join(words))
                default = re.search(r"DEFAULT ('(?:[^']*)'|\S+)", " ".join(words), re.IGNORECASE)
                out.append({"name": name, "type": re.sub(r" ", "", kind[0]).lower() if kind else "text",
                            "auto": "AUTO_INCREMENT" in upper or "SERIAL" in upper or "IDENTITY" in upper,
                            "key": "PRI" if "PRIMARY KEY" in upper else "UNI" if "UNIQUE" in upper else "",
                            "null": "NOT NULL" not in upper and "PRIMARY KEY" not in upper,
                            "default": default[1].strip("'") if default else None})
            if self.take(",", ")") == ")":
                return out

    def skip_definition(self) -> None:
        depth = 0
        while self.at < len(self.tokens):
            text = self.tokens[self.at][1]
            if not depth and text in (",", ")"):
                return
            depth += (text == "(") - (text == ")")
            self.at += 1
        raise self.wrong()

    def run_drop(self) -> Result:
        kind = self.take().upper()
        calm = self.maybe("IF", "EXISTS")
        if kind in ("DATABASE", "SCHEMA"):
            name = self.name()
            if not (calm and name not in self.store.databases()):
                self.store.drop(name)
            return Result("DROP DATABASE")
        table = self.table()
        if not (calm and table not in self.store.tables(self.database)):
            self.store.remove(self.database, table)
        return Result("DROP TABLE")

    def run_truncate(self) -> Result:
        self.maybe("TABLE")
        table = self.table()
        content = self.store.load(self.database, table)
        self.store.save(self.database, table, {**content, "rows": [], "next": 1})
        return Result("TRUNCATE TABLE")

    def run_insert(self) -> Result:
        self.maybe("IGNORE")
        self.take("INTO")
        table = self.table()
        content = self.store.load(self.database, table)
        every = [column["name"] for column in content["columns"]]
        names = self.names() if self.peek() == "(" else every
        for name in names:
            if name not in every:
                raise SqlError("unknown-column", name=name, table=table)
        self.take("VALUES", "VALUE")
        count = 0
        while True:
            self.take("(")
            values = [self.expression({})]
            while self.maybe(","):
                values.append(self.expression({}))
            self.take(")")
            if len(values) != len(names):
                raise SqlError("column-count")
            self.add(content, table, dict(zip(names, values, strict=True)))
            count += 1
            if not self.maybe(","):
                break
        self.store.save(self.database, table, content)
        return Result("INSERT", count=count)

    def names(self) -> list[str]:
        self.take("(")
        out = [self.name()]
        while self.maybe(","):
            out.append(self.name())
        self.take(")")
        return out

    def add(self, content: dict[str, Any], table: str, values: dict[str, Any]) -> None:
        row = []
        for number, column in enumerate(content["columns"]):
            value = values.get(column["name"])
            if value is None and column["auto"]:
                value, content["next"] = content["next"], content["next"] + 1
            elif value is None and column["default"] is not None:
                moving = re.search("CURRENT|NOW", column["default"], re.IGNORECASE)
                value = self.facts["now"] if moving else column["default"]
            elif value is None and not column["null"]:
                raise SqlError("not-null", name=column["name"], table=table)
            if column["key"] and any(old[number] == value for old in content["rows"]):
                raise SqlError("duplicate", value=value, table=table, name=column["name"])
            row.append(value)
        content["rows"].append(row)

    def run_select(self) -> Result:
        items: list[tuple[Any, str]] = []
        while True:
            start = self.at
            if self.maybe("*"):
                items.append(("*", "*"))
            else:
                self.expression(None)
                end = self.at
                label = self.label(start, end)
                kind = self.tokens[end][0] if end < len(self.tokens) else ""
                bare = kind in ("name", "quoted") and self.peek() not in ("FROM", "WHERE", "ORDER", "LIMIT", "GROUP")
                if self.maybe("AS") or bare:
                    label = self.name()
                items.append(((start, end), label))
            if not self.maybe(","):
                break
        rows: list[dict[str, Any]] = [{}]
        columns: list[str] = []
        if self.maybe("FROM"):
            table = self.table()
            content = self.store.load(self.database, table)
            columns = [column["name"] for column in content["columns"]]
            rows = [dict(zip(columns, row, strict=True)) for row in content["rows"]]
            rows = self.where(rows)
        rows = self.ordered(rows)
        return self.project(items, rows, columns)

    def label(self, start: int, end: int) -> str:
        """El título de una columna calculada: en MySQL, su texto; en PostgreSQL, el nombre de la función."""
        if self.facts.get("titles") != "postgres":
            text = self.text[self.spans[start][0]:self.spans[end - 1][1]]
            alone = end == start + 1 and self.tokens[start][0] != "number"
            return text.rpartition(".")[2].strip("`") if alone else text
        kind, text = self.tokens[start]
        if end == start + 1 and kind in ("name", "quoted"):
            return text.rpartition(".")[2].strip('"')
        return text.lower() if kind == "name" and self.tokens[start + 1][1] == "(" else "?column?"

    def project(self, items: list[tuple[Any, str]], rows: list[dict[str, Any]], columns: list[str]) -> Result:
        """Las columnas pedidas de cada fila; con count, sum... una sola fila."""
        mark = self.at
        labels = [name for place, label in items for name in (columns if place == "*" else [label])]
        grouped = any(place != "*" and self.tokens[place[0]][1].upper() in AGGREGATES and
                      self.tokens[min(place[0] + 1, len(self.tokens) - 1)][1] == "(" for place, _ in items)
        out = []
        if grouped:
            out = [[self.aggregate(place, rows) for place, _ in items]]
        else:
            for row in rows:
                values: list[Any] = []
                for place, _ in items:
                    if place == "*":
                        values += row.values()
                    else:
                        self.at = place[0]
                        values.append(self.expression(row))
                out.append(values)
        self.at = mark
        return Result("SELECT", labels, out, len(out))

    def aggregate(self, place: tuple[int, int], rows: list[dict[str, Any]]) -> Any:
        name = self.tokens[place[0]][1].upper()
        if self.tokens[place[0] + 2][1] == "*":
            return len(rows)
        values = []
        for row in rows:
            self.at = place[0] + 2
            value = self.expression(row)
            if value is not None:
                values.append(value)
        return AGGREGATES[name](values) if values or name == "COUNT" else None

    def where(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if not self.maybe("WHERE"):
            return rows
        start, kept = self.at, []
        self.expression(None)
        end = self.at
        for row in rows:
            self.at = start
            if self.expression(row):
                kept.append(row)
        self.at = end
        return kept

    def ordered(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if self.maybe("ORDER", "BY"):
            keys = []
            while True:
                name = self.name()
                keys.append((name, self.maybe("DESC") or not (self.maybe("ASC") or True)))
                if not self.maybe(","):
                    break
            for name, backwards in reversed(keys):
                rows = sorted(rows, key=lambda row: (row.get(name) is None, row.get(name)), reverse=backwards)
        if self.maybe("LIMIT"):
            rows = rows[:int(self.take())]
        return rows

    def run_update(self) -> Result:
        table = self.table()
        content = self.store.load(self.database, table)
        columns = [column["name"] for column in content["columns"]]
        self.take("SET")
        changes = []
        while True:
            name = self.name()
            self.take("=")
            changes.append((name, self.at))
            self.expression(None)
            if not self.maybe(","):
                break
        rows = [dict(zip(columns, row, strict=True)) for row in content["rows"]]
        chosen, end = self.where(rows), self.at
        for row in chosen:
            for name, place in changes:
                self.at = place
                row[name] = self.expression(row)
        self.at = end
        self.store.save(self.database, table, {**content, "rows": [list(row.values()) for row in rows]})
        return Result("UPDATE", count=len(chosen))

    def run_delete(self) -> Result:
        self.take("FROM")
        table = self.table()
        content = self.store.load(self.database, table)
        columns = [column["name"] for column in content["columns"]]
        rows = [dict(zip(columns, row, strict=True)) for row in content["rows"]]
        gone = self.where(rows)
        kept = [list(row.values()) for row in rows if not any(row is each for each in gone)]
        self.store.save(self.database, table, {**content, "rows": kept})
        return Result("DELETE", count=len(gone))
