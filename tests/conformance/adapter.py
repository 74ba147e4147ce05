"""El puente entre los vectores de prueba de Docker y dockerlab.

Cada función tiene el nombre y la forma que piden los vectores, y solo delega;
importa dentro para que cada juego de pruebas cargue lo suyo.
"""

from __future__ import annotations

# --- Dockerfile -------------------------------------------------------------


def parse(text):
    """Instrucciones, líneas, avisos y el volcado en paréntesis de BuildKit."""
    from dockerlab.dockerfile.parser import parse as parse_dockerfile
    result = parse_dockerfile(text)
    return {
        "dump": "\n".join(f"({_dump(one)})" for one in result.instructions),
        "nodes": [[one.keyword, _arguments(one), list(one.flags)] for one in result.instructions],
        "lines": [[one.start, one.end] for one in result.instructions],
        "escape": result.escape,
        "warnings": [warning.text for warning in result.warnings],
        "heredocs": [[{"name": doc.name, "content": doc.content, "expand": doc.expand, "chomp": doc.chomp,
                       "fd": doc.fd} for doc in one.heredocs] for one in result.instructions],
    }


def _arguments(instruction):
    """Los vectores no miran dentro de un ONBUILD que está dentro de otro."""
    chained = instruction.inner and instruction.inner.keyword == "ONBUILD"
    return [instruction.args[0], ""] if chained else list(instruction.args)


def _dump(instruction):
    from dockerlab.dockerfile.golang import quote, quote_list
    head = instruction.word.lower()
    if instruction.flags:
        head += " " + quote_list(instruction.flags)
    if instruction.inner:
        return f"{head} ({_dump(instruction.inner)})"
    return " ".join([head, *map(quote, instruction.args)]).strip()


def expand(word, env, escape):
    from dockerlab.dockerfile.words import expand as expand_word
    return expand_word(word, env, escape)


def words(word, env, escape):
    from dockerlab.dockerfile.words import split
    return list(split(word, env, escape))


def heredoc(src):
    from dockerlab.dockerfile.heredocs import read
    found = read(src)
    return found and _heredoc(found)


def heredocs_from_line(line):
    from dockerlab.dockerfile.heredocs import announced
    return [_heredoc(found) for found in announced(line)]


def _heredoc(found):
    return {"Name": found.name, "Expand": found.expand, "Chomp": found.chomp, "FileDescriptor": found.fd,
            "Content": found.content}


def directive(key, text, any_format):
    from dockerlab.dockerfile.directives import detect
    found = detect(key, text, any_format)
    return found and (found.value.partition(" ")[0], found.value, found.line)


def json_array(s):
    from dockerlab.dockerfile.operands import json_array as read_array
    values = read_array(s)
    if values is None:
        raise ValueError(s)
    return list(values)


def split_words(s):
    from dockerlab.dockerfile.operands import split_words as split_quoted
    return list(split_quoted(s))


def instructions(text):
    """Etapas y argumentos globales, tras todas las comprobaciones."""
    from dockerlab.dockerfile import parse as parse_dockerfile
    from dockerlab.dockerfile import read
    from dockerlab.dockerfile.stages import arguments
    meta_args, stages = read(parse_dockerfile(text))
    return {
        "stages": [[stage.name, stage.base, [[one.word, one.start] for one in stage.instructions]]
                   for stage in stages],
        "metaArgs": [list(pair) for one in meta_args for pair in arguments(one)],
    }
