"""Las condiciones de los ejercicios: expresiones de Python, solo las que no pueden hacer nada.

Un ejercicio es un archivo de datos que puede haber escrito cualquiera, así que
sus condiciones se leen con una gramática corta: comparar, contar, recorrer,
leer atributos y llamar a las funciones que se ofrecen por su nombre.
"""

from __future__ import annotations

import ast
import functools
import string
from collections.abc import Iterator, Mapping
from types import CodeType
from typing import Any

ALLOWED = (
    ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.BinOp, ast.Add, ast.Sub,
    ast.Mult, ast.Div, ast.FloorDiv, ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In,
    ast.NotIn, ast.Is, ast.IsNot, ast.Call, ast.Name, ast.Load, ast.Store, ast.Constant, ast.Attribute, ast.Subscript,
    ast.Slice, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.IfExp, ast.ListComp, ast.SetComp, ast.GeneratorExp,
    ast.comprehension, ast.keyword)
BUILTINS = {"all": all, "any": any, "len": len, "max": max, "min": min, "set": set, "sorted": sorted, "sum": sum,
            "str": str}


class ForbiddenExpression(ValueError):
    """La condición usa algo que la gramática de los ejercicios no permite."""


@functools.cache
def compiled(text: str) -> CodeType:
    """La expresión, comprobada y compilada. `ForbiddenExpression` o `SyntaxError` si no vale."""
    tree = ast.parse(text.strip(), mode="eval")
    for node in ast.walk(tree):
        name = getattr(node, "attr", None) or getattr(node, "id", "")
        if not isinstance(node, ALLOWED) or name.startswith("_") \
                or isinstance(node, ast.Call) and not isinstance(node.func, ast.Name):
            raise ForbiddenExpression(f"no se permite `{ast.unparse(node)}` en «{text}»")
    return compile(tree, "<condición>", "eval")


def evaluate(text: str, names: Mapping[str, Any]) -> Any:
    """El valor de la expresión, con `names` y unas pocas funciones de Python a mano."""
    return eval(compiled(text), {"__builtins__": {}, **BUILTINS, **names})


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """Cada trozo de texto y la expresión que lleva detrás, o «». `ValueError` si falta cerrar una llave."""
    for literal, name, spec, conversion in string.Formatter().parse(text):
        yield literal, (name or "") + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")


def fill(text: str, names: Mapping[str, Any]) -> str:
    """El texto, con cada `{expresión}` sustituida por su valor."""
    return "".join(literal + (str(evaluate(expression, names)) if expression else "")
                   for literal, expression in pieces(text))
