"""Los objetos del Python simulado que no son datos: clases, instancias, funciones, módulos y errores."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Class:
    """Una clase: su nombre, sus bases y sus nombres."""

    def __init__(self, name: str, bases: list[Class], names: dict[str, Any]):
        self.name, self.bases, self.names = name, bases, names
        for value in names.values():
            if isinstance(value, Function):
                value.owner = self

    def lookup(self, name: str) -> Any:
        if name in self.names:
            return self.names[name]
        return next((found for base in self.bases if (found := base.lookup(name)) is not None), None)

    def derives(self, other: Class) -> bool:
        return self is other or any(base.derives(other) for base in self.bases)


class Instance:
    """Un objeto de una clase; `inner` es lo que guardan los que hace Python (archivos, respuestas...)."""

    def __init__(self, kind: Class, names: dict[str, Any] | None = None, inner: Any = None):
        self.kind, self.names, self.inner = kind, {} if names is None else names, inner

    def find(self, name: str) -> Any:
        """El método `name`, ya unido, o `None`."""
        found = self.kind.lookup(name)
        return Bound(self, found) if isinstance(found, Function | Native) else None


class Function:
    """Una función escrita en el programa."""

    def __init__(self, name: str, args: Any, body: Any, scope: Any, defaults: list[Any],
                 keywords: dict[str, Any]):
        self.name, self.args, self.body, self.scope = name, args, body, scope
        self.defaults, self.keywords = defaults, keywords
        self.owner: Class | None = None


class Native:
    """Una función que hace Python: recibe la máquina y los argumentos; puede ser un generador.

    `of_class`: también se une a la clase (staticmethod, classmethod).
    """

    def __init__(self, name: str, body: Callable[..., Any], is_property: bool = False,
                 of_class: bool = False):
        self.name, self.body, self.is_property, self.of_class = name, body, is_property, of_class


class Bound:
    """Un método con su objeto (o `super()`)."""

    def __init__(self, owner: Any, function: Any, is_super: bool = False):
        self.owner, self.function, self.is_super = owner, function, is_super

    @property
    def is_property(self) -> bool:
        return getattr(self.function, "is_property", False)


class Module:
    """Un módulo: sus nombres."""

    def __init__(self, name: str, names: dict[str, Any], path: str = "unknown location"):
        self.name, self.names, self.path = name, names, path


class Raise(Exception):
    """Un error del programa en marcha."""

    def __init__(self, value: Any):
        super().__init__("raise")
        self.value = value


TREE = {
    "Exception": "BaseException", "KeyboardInterrupt": "BaseException", "SystemExit": "BaseException",
    "ArithmeticError": "Exception", "ZeroDivisionError": "ArithmeticError",
    "OverflowError": "ArithmeticError",
    "AssertionError": "Exception", "AttributeError": "Exception", "EOFError": "Exception",
    "ImportError": "Exception",
    "ModuleNotFoundError": "ImportError", "LookupError": "Exception", "IndexError": "LookupError",
    "KeyError": "LookupError",
    "MemoryError": "Exception", "NameError": "Exception", "UnboundLocalError": "NameError",
    "OSError": "Exception",
    "FileNotFoundError": "OSError", "FileExistsError": "OSError", "PermissionError": "OSError",
    "IsADirectoryError": "OSError",
    "NotADirectoryError": "OSError", "ConnectionError": "OSError",
    "ConnectionRefusedError": "ConnectionError", "BrokenPipeError": "ConnectionError",
    "TimeoutError": "OSError", "RuntimeError": "Exception", "RecursionError": "RuntimeError",
    "NotImplementedError": "RuntimeError", "StopIteration": "Exception", "SyntaxError": "Exception",
    "TypeError": "Exception",
    "ValueError": "Exception", "UnicodeDecodeError": "ValueError", "JSONDecodeError": "ValueError",
    "Warning": "Exception",
    "DeprecationWarning": "Warning"}


def start_error(made: Instance, args: list[Any]) -> None:
    made.names["args"] = tuple(args)


ERRORS: dict[str, Class] = {"BaseException": Class("BaseException", [], {"(nueva)": start_error})}
for _name, _base in TREE.items():
    ERRORS[_name] = Class(_name, [ERRORS[_base]], {})
ERRORS["IOError"] = ERRORS["EnvironmentError"] = ERRORS["OSError"]


def make_error(kind: str | Class, *args: Any, **names: Any) -> Instance:
    """Un objeto de error."""
    return Instance(ERRORS[kind] if isinstance(kind, str) else kind, {"args": args, **names})


def raised(kind: str, text: str = "", **names: Any) -> Raise:
    """La excepción de Python que lleva un error del programa."""
    return Raise(make_error(kind, *([text] if text else []), **names))


def instance_of(value: Any, kind: Any) -> bool:
    """isinstance."""
    if isinstance(kind, tuple):
        return any(instance_of(value, each) for each in kind)
    if isinstance(kind, Class):
        return isinstance(value, Instance) and value.kind.derives(kind)
    if isinstance(kind, Native):
        wanted = {"str": str, "int": int, "float": (float,), "list": list, "dict": dict, "tuple": tuple,
                  "bool": bool,
                  "set": set, "bytes": bytes}.get(kind.name)
        return wanted is not None and isinstance(value, wanted)
    return False


def is_error(value: Any) -> bool:
    return isinstance(value, Instance) and value.kind.derives(ERRORS["BaseException"])


def error_text(value: Instance) -> str:
    """Lo que dice un error: sus argumentos."""
    if "errno" in value.names and "filename" in value.names:
        place = value.names["filename"]
        return f"[Errno {value.names['errno']}] {value.names['strerror']}" + (f": {place!r}" if place else "")
    args = value.names.get("args", ())
    if len(args) == 1:
        return repr_of(args[0]) if value.kind.name == "KeyError" and not isinstance(args[0], str) else text_of(args[0])
    return repr_of(args) if args else ""


def text_of(value: Any) -> str:
    """str(valor)."""
    if isinstance(value, str):
        return value
    if is_error(value):
        return error_text(value)
    if isinstance(value, Instance) and callable(value.names.get("(texto)")):
        return value.names["(texto)"]()
    return repr_of(value)


def repr_of(value: Any) -> str:
    """repr(valor)."""
    match value:
        case Instance():
            if is_error(value):
                return f"{value.kind.name}({', '.join(map(repr_of, value.names.get('args', ())))})"
            if callable(value.names.get("(texto)")):
                return value.names["(texto)"]()
            return f"<__main__.{value.kind.name} object at 0x7f3a8c0b5d90>"
        case Class():
            return f"<class '{'' if value.name in ERRORS else '__main__.'}{value.name}'>"
        case Function():
            return f"<function {value.name} at 0x7f3a8c0b5d90>"
        case Native():
            is_type = value.name in ("str", "int", "float", "list", "dict", "tuple", "bool", "set")
            return f"<class '{value.name}'>" if is_type else f"<built-in function {value.name}>"
        case Bound():
            return f"<bound method {getattr(value.function, 'name', '?')}>"
        case Module():
            return f"<module '{value.name}' from '{value.path}'>"
        case list():
            return "[" + ", ".join(map(repr_of, value)) + "]"
        case tuple():
            return "(" + ", ".join(map(repr_of, value)) + ("," if len(value) == 1 else "") + ")"
        case dict():
            return "{" + ", ".join(f"{repr_of(key)}: {repr_of(item)}" for key, item in value.items()) + "}"
        case set():
            return "{" + ", ".join(sorted(map(repr_of, value))) + "}" if value else "set()"
    return repr(value)
