"""Las palabras que se esperan en un terminal al lado de `docker`: `ls`, `cat`, `echo`, `mkdir`…

Cada una recibe sus argumentos y la carpeta, y devuelve lo que escribe; si no
puede, lanza una falta de `faults/workshop.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from difflib import get_close_matches

from ..errors import DockerlabError, fault
from .desk import Desk

HELP = """\
docker …         todo lo que conoces: docker ps, docker run, docker build…
ls [carpeta]     qué archivos hay en la carpeta del taller
cat ARCHIVO      el texto de un archivo
echo TEXTO > ARCHIVO    escribe un archivo (con >> añade al final)
nano ARCHIVO     lo abre en el panel «Archivos», para escribir con calma
mkdir, touch, rm, cp, mv, cd, pwd   crear, borrar, copiar, mover, entrar, dónde estás
clear            limpia la pantalla (también Ctrl+L)

Tecla            Qué hace
↑ y ↓            las órdenes anteriores
Tab              completa nombres y opciones (con la línea vacía, pasa al botón siguiente)
Ctrl+C           borra la línea; en una conversación, interrumpe
Ctrl+D           en una conversación, acaba
Escape           devuelve el teclado al notebook

Con `docker run -it alpine sh` hablas con el contenedor línea a línea. Para salir: `exit` o Ctrl+D.
"""

EDITORS = ("nano", "vi", "vim", "code", "editar", "notepad")
NO_VARIABLES = ("Aquí no hay variables propias. Las de un contenedor se ponen en su orden: "
                "`docker run -e CLAVE=valor …`.")
NO_LOOPS = ("Aquí no hay bucles ni condiciones, y no se ha ejecutado nada: escribe las órdenes una a una. "
            "Se pueden pegar varias a la vez.")
READ = "Aquí se lee con `cat ARCHIVO`, que lo enseña entero; o en el panel «Archivos»."
LOOPS = ("for", "while", "until", "if", "case")
# palabras: lo que se dice a quien las escribe
ELSEWHERE = {word: said for words, said in {
    "sudo": "Aquí no hace falta `sudo`: escribe `docker …` directamente.",
    "docker-compose": "Compose es ya una orden de Docker: escribe `docker compose …`, con un espacio.",
    "exit logout": "Ya estás en el terminal del taller: no hay de dónde salir.",
    "curl wget": "Para llamar a una dirección desde tu equipo: `docker run --rm --network host alpine wget -qO- "
                 "http://localhost:8080`.",
    "sleep": "Aquí no se espera. Para que pase el tiempo: `docker run --rm alpine sleep 5`.",
    "man": "Aquí no hay manuales: prueba `ayuda`, o `docker run --help`.",
    "history": "Las órdenes anteriores vuelven con la tecla ↑; todas juntas están en el panel «Compartir».",
    "less more head tail": READ,
    "grep awk sed": READ + " Para elegir entre lo que enseña Docker: `--filter` y `--format`.",
    "tree find": "`ls CARPETA` dice qué hay en una carpeta; el panel «Archivos» las enseña todas.",
    "export set unset": NO_VARIABLES,
    "git": "Aquí no hay red ni `git`: los archivos se escriben con `nano`, o en el panel «Archivos».",
    "python python3 pip node npm npx java go":
        "No hace falta instalarlo en tu equipo: para eso están las imágenes. Prueba `docker run -it --rm python`.",
}.items() for word in words.split()}
NOTHING = "La línea se queda en nada: esa variable no tiene valor. No se ha ejecutado nada."
UNKNOWN = ("`{word}` no está en este taller. Aquí se usa `docker`, y además {words}. "
           "Si lo buscas dentro de un contenedor: `docker run alpine {word}`.")


def plain(args: Sequence[str]) -> list[str]:
    """Los argumentos que no son opciones."""
    return [arg for arg in args if not arg.startswith("-") or arg == "-"]


def some(name: str, args: Sequence[str], least: int = 1) -> list[str]:
    """Los argumentos, si hay bastantes; si no, una falta que dice cuántos."""
    found = plain(args)
    if len(found) < least:
        what = "el nombre de un archivo" if least == 1 else "qué copiar y adónde"
        raise DockerlabError(f"{name}: falta decir {what}", key="desk-missing-name")
    return found


def ls(desk: Desk, args: Sequence[str]) -> str:
    """`ls [-a] [-l] [carpeta]`: los nombres, con «/» las carpetas."""
    options = {letter for arg in args if arg.startswith("-") for letter in arg[1:]}
    lines = []
    for name in plain(args) or [""]:
        path = desk.locate(name or ".")
        if not path.exists():
            raise fault("desk-no-file", path=name)
        found = sorted(path.iterdir()) if path.is_dir() else [path]
        shown = [each for each in found if "a" in options or not each.name.startswith(".") or each is path]
        for each in shown:
            label = each.name + "/" * each.is_dir()
            lines.append(f"{each.stat().st_size:>8}  {label}" if "l" in options else label)
    return "".join(f"{line}\n" for line in lines) if "l" in options or "1" in options else spread(lines)


def spread(names: Sequence[str], width: int = 64) -> str:
    """Los nombres en columnas, como hace `ls`."""
    if not names:
        return ""
    cell = max(map(len, names)) + 2
    many = max(1, width // cell)
    rows = [names[i:i + many] for i in range(0, len(names), many)]
    return "".join("".join(name.ljust(cell) for name in row).rstrip() + "\n" for row in rows)


def cat(desk: Desk, args: Sequence[str]) -> str:
    """`cat ARCHIVO…`."""
    return "".join(desk.text(name) for name in some("cat", args))


def echo(desk: Desk | None, args: Sequence[str]) -> str:
    """`echo [-n] [-e] TEXTO…`."""
    words, options = list(args), ""
    while words and words[0] in ("-n", "-e", "-ne", "-en"):
        options += words.pop(0)
    text = " ".join(words)
    if "e" in options:
        text = text.replace("\\n", "\n").replace("\\t", "\t")
    return text + "\n" * ("n" not in options)


def mkdir(desk: Desk, args: Sequence[str]) -> str:
    """`mkdir [-p] CARPETA…`."""
    for name in some("mkdir", args):
        path = desk.locate(name)
        if path.exists() and "-p" not in args:
            raise DockerlabError(f"mkdir: {name}: ya existe", key="desk-exists")
        path.mkdir(parents=True, exist_ok=True)
    return ""


def rm(desk: Desk, args: Sequence[str]) -> str:
    """`rm [-r] [-f] ARCHIVO…`; una carpeta, solo con `-r`."""
    options = {letter for arg in args if arg.startswith("-") for letter in arg[1:]}
    for name in some("rm", args):
        path = desk.locate(name)
        if path.is_dir() and not options & {"r", "R"}:
            raise DockerlabError(f"rm: {name}: es una carpeta (bórrala con rm -r)", key="desk-is-folder")
        if path.exists() or "f" not in options:
            desk.remove(name)
    return ""


def cp(desk: Desk, args: Sequence[str]) -> str:
    """`cp ORIGEN DESTINO`, de un archivo a otro o a una carpeta."""
    source, target = some("cp", args, 2)[:2]
    content = desk.read(source)
    desk.write(f"{target}/{desk.locate(source).name}" if desk.locate(target).is_dir() else target, content)
    return ""


def mv(desk: Desk, args: Sequence[str]) -> str:
    """`mv ORIGEN DESTINO`, de un archivo a otro o a una carpeta."""
    cp(desk, args)
    source, target = plain(args)[:2]
    if desk.locate(source) not in (desk.locate(target), desk.locate(target) / desk.locate(source).name):
        desk.remove(source)
    return ""


def touch(desk: Desk, args: Sequence[str]) -> str:
    """`touch ARCHIVO…`: los que no estén quedan vacíos."""
    for name in some("touch", args):
        desk.write(name, b"", append=True)
    return ""


def cd(desk: Desk, args: Sequence[str]) -> str:
    """`cd [CARPETA]`; a secas, vuelve a la raíz del taller."""
    desk.enter(args[0] if args and args[0] not in ("~", "/") else "")
    return ""


def pwd(desk: Desk, args: Sequence[str]) -> str:
    """`pwd`: la carpeta presente, desde la del taller."""
    return f"/{desk.here}\n"


WORDS: dict[str, Callable[[Desk, Sequence[str]], str]] = {
    "ls": ls, "cat": cat, "echo": echo, "mkdir": mkdir, "rm": rm, "cp": cp, "mv": mv, "cd": cd, "pwd": pwd,
    "touch": touch,
    "ayuda": lambda desk, args: HELP, "help": lambda desk, args: HELP}


def unknown(word: str) -> str:
    """Qué se le dice a quien escribe otra cosa."""
    if not word:
        return NOTHING
    if re.fullmatch(r"\w+=.*", word, re.DOTALL):
        return NO_VARIABLES
    if said := ELSEWHERE.get(word):
        return said
    if word.lower().startswith("docker-"):
        return f"Con un espacio: `docker {word[7:]}`."
    if near := get_close_matches(word.lower(), ["docker", *WORDS], 1, 0.75):
        return f"`{word}` no está en este taller. ¿Querías decir `{near[0]}`?"
    return UNKNOWN.format(word=word, words="`ls`, `cat`, `echo`, `mkdir`, `rm`, `cp`, `mv`, `cd`, `nano`, `clear` y "
                                           "`ayuda`")
