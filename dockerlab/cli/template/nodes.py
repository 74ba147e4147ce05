"""Las piezas de una plantilla ya leída. `str(pieza)` la escribe como la citan los errores."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Literal:
    """Una constante: texto, número, `true`, `false` o `nil`."""

    position: int
    source: str
    value: str | int | float | bool | None

    def __str__(self) -> str:
        return self.source


@dataclass(frozen=True, slots=True)
class Dot:
    """El punto: el valor presente."""

    position: int

    def __str__(self) -> str:
        return "."


@dataclass(frozen=True, slots=True)
class Field:
    """`.State.Status`, desde el punto."""

    position: int
    names: tuple[str, ...]

    def __str__(self) -> str:
        return "".join(f".{name}" for name in self.names)


@dataclass(frozen=True, slots=True)
class Variable:
    """`$x` o `$x.Name`."""

    position: int
    name: str
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name + "".join(f".{name}" for name in self.names)


@dataclass(frozen=True, slots=True)
class Function:
    """El nombre de una función."""

    position: int
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Chain:
    """`(índice…).Name`: campos de lo que dé un paréntesis."""

    position: int
    base: Expression
    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"({self.base})" + "".join(f".{name}" for name in self.names)


@dataclass(frozen=True, slots=True)
class Command:
    """Una función con sus argumentos, o un valor solo."""

    position: int
    arguments: tuple[Expression, ...]

    def __str__(self) -> str:
        return " ".join(f"({item})" if isinstance(item, Pipe) else str(item) for item in self.arguments)


@dataclass(frozen=True, slots=True)
class Pipe:
    """`a | b | c`, tal vez con `$x :=` delante."""

    position: int
    commands: tuple[Command, ...]
    variables: tuple[str, ...] = ()
    assigns: bool = False

    def __str__(self) -> str:
        names = f"{', '.join(self.variables)} {'=' if self.assigns else ':='} " if self.variables else ""
        return names + " | ".join(map(str, self.commands))


Expression = Literal | Dot | Field | Variable | Function | Chain | Pipe


@dataclass(frozen=True, slots=True)
class Text:
    """Lo que se copia tal cual."""

    text: str


@dataclass(frozen=True, slots=True)
class Action:
    """`{{…}}`: escribe lo que valga."""

    pipe: Pipe


@dataclass(frozen=True, slots=True)
class Branch:
    """`if`, `with` o `range`, con su cuerpo y su `else`."""

    kind: str
    pipe: Pipe
    body: tuple[Node, ...]
    otherwise: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Jump:
    """`break` o `continue`, dentro de un `range`."""

    kind: str


Node = Text | Action | Branch | Jump
