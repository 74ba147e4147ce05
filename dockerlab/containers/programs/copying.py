"""cp, mv e install: copiar y cambiar de sitio, con sus tamaños declarados, dueños y fechas."""

from __future__ import annotations

from typing import Any

from dockerlab.errors import FileError
from dockerlab.filesystem.nodes import Directory, File, Node, Symlink

from .kit import account_number, basename, dirname, join
from .making import make_folder, remove_tree
from .modes import parse_mode
from .options import BadUsage, Options, Stop, applet

CP_LONG = "recursive=r archive=a preserve=p force=f no-dereference=P dereference=L no-target-directory=T " \
          "target-directory=t update=u link=l symbolic-link=s verbose=v interactive=i no-clobber=n parents=+"


@applet("cp", "adfilsLHRrpPTnuvt:+", "[-arPLHpfinlsTu] SOURCE DEST or SOURCE... DIRECTORY",
        "Copy SOURCEs to DEST",
        long=CP_LONG)
def cp(sys: Any, opt: Options) -> int:
    sources, goal = operands(opt)
    goal_stat = look(sys, goal)
    folder = goal_stat is not None and isinstance(goal_stat.node, Directory) and "T" not in opt
    if len(sources) > 1 and not folder and not opt.busybox:
        raise Stop(f"target '{goal}': No such file or directory" if goal_stat is None
                   else f"target '{goal}' is not a directory")
    deep = any(flag in opt for flag in "rRa")
    status = 0
    for source in sources:
        target = join(goal, basename(source)) if folder or len(sources) > 1 else goal
        if "+" in opt:
            target = join(goal, source.lstrip("/"))
            make_folder(sys, dirname(target), 0o755, parents=True)
        status = copy(sys, opt, source, target, deep, follow=not deep or "L" in opt or "H" in opt) or status
    return status


def operands(opt: Options) -> tuple[list[str], str]:
    """Los orígenes y el destino, que es el último operando (o el valor de -t)."""
    if "t" in opt and opt.args:
        return opt.args, opt["t"]
    if len(opt.args) < 2:
        raise BadUsage("" if opt.busybox else f"missing destination file operand after '{opt.args[0]}'"
                       if opt.args
                       else "missing file operand")
    return opt.args[:-1], opt.args[-1]


def look(sys: Any, path: str, follow: bool = True) -> Any:
    """`stat`, o `None` si no se llega."""
    try:
        return sys.fs.stat(path, follow=follow)
    except FileError:
        return None


def copy(sys: Any, opt: Options, source: str, target: str, deep: bool, follow: bool) -> int:
    """Copia `source` en `target`: archivo, enlace o carpeta entera si `deep`."""
    try:
        found = sys.fs.stat(source, follow=follow and "P" not in opt and "d" not in opt)
    except FileError as error:
        return opt.complain(sys, "can't stat '{}'", "cannot stat '{}'", source, error)
    there = look(sys, target, follow=False)
    if isinstance(found.node, Directory):
        if not deep:
            return opt.complain(sys, "omitting directory '{}'", "-r not specified; omitting directory '{}'",
                                source)
        return copy_folder(sys, opt, source, target, found, there)
    real = look(sys, target)
    if real is not None and real.path == found.path and not isinstance(found.node, Symlink):
        sys.err(f"{opt.name}: '{source}' and '{target}' are the same file\n")
        return 1
    if real is not None and isinstance(real.node, Directory):
        return opt.complain(sys, "'{}': Is a directory", "cannot overwrite directory '{}' with non-directory",
                            target)
    if there is not None and ("n" in opt or "u" in opt and there.mtime >= found.mtime):
        return 0
    if not sys.fs.access(source, 4) and not isinstance(found.node, Symlink):
        return opt.complain(sys, "can't open '{}': Permission denied",
                            "cannot open '{}' for reading: Permission denied", source)
    try:
        if "s" in opt or "l" in opt:
            (sys.fs.symlink if "s" in opt else sys.fs.link)(source, target)
            return 0
        put_copy(sys, opt, found.node, target, there)
    except FileError as error:
        kind = "symbolic link" if isinstance(found.node, Symlink) else "regular file"
        return opt.complain(sys, "can't create '{}'", f"cannot create {kind} '{{}}'", target, error)
    if "v" in opt:
        sys.out(f"'{source}' -> '{target}'\n")
    return 0


def put_copy(sys: Any, opt: Options, node: Node, target: str, there: Any) -> None:
    """Escribe el contenido de `node` en `target` (con su tamaño declarado) y, con -p o -a, sus atributos."""
    keep = "p" in opt or "a" in opt
    if not isinstance(node, File):
        if there is not None:
            sys.fs.remove(target)
        sys.fs.put(target, node if keep else node.replace(uid=sys.user.uid, gid=sys.user.gid, mtime=sys.now()))
        return
    if there is not None and "f" in opt and not sys.fs.access(target, 2):
        sys.fs.remove(target)
    sys.fs.write(target, node.content, mode=node.mode & 0o777 & ~sys.umask, declared_size=node.declared_size)
    if keep:
        preserve(sys, node, target)


def preserve(sys: Any, node: Node, target: str) -> None:
    """Pone en `target` el dueño, los permisos y la fecha de `node`."""
    if sys.user.uid == 0:
        sys.fs.chown(target, node.uid, node.gid)
    sys.fs.chmod(target, node.mode)
    sys.fs.utime(target, node.mtime)


def copy_folder(sys: Any, opt: Options, source: str, target: str, found: Any, there: Any) -> int:
    full = there.path if there else join(sys.cwd, target) if not target.startswith("/") else target
    itself = f"{full.rstrip('/')}/".startswith(f"{found.path.rstrip('/')}/")
    if itself and not opt.busybox:
        sys.err(f"cp: cannot copy a directory, '{source}', into itself, '{target}'\n")
        return 1
    if there is not None and not sys.fs.isdir(target):
        return opt.complain(sys, f"can't stat '{{}}/{basename(source)}': Not a directory",
                            f"cannot overwrite non-directory '{{}}' with directory '{source}'", target)
    if ("made", found.path) in opt.given:     # BusyBox no entra en la carpeta que acaba de crear
        sys.err(f"cp: recursion detected, omitting directory '{source}'\n")
        return 1
    status = 0
    try:
        if itself:
            opt.given.append(("made", full))
        if there is None:
            sys.fs.mkdir(target.rstrip("/"), (found.mode & ~sys.umask) | 0o700)
            if "v" in opt:
                sys.out(f"'{source}' -> '{target}'\n")
        for name in sys.fs.listdir(source):
            status = copy(sys, opt, join(source, name), join(target, name), True, "L" in opt) or status
        if "p" in opt or "a" in opt:
            preserve(sys, found.node, target)
    except FileError as error:
        return opt.complain(sys, "can't create directory '{}'", "cannot create directory '{}'", target, error)
    return status


@applet("mv", "finvTt:u", "[-finT] SOURCE DEST or SOURCE... DIRECTORY",
        "Rename SOURCE to DEST, or move SOURCEs to DIRECTORY",
        long="force=f interactive=i no-clobber=n verbose=v no-target-directory=T target-directory=t update=u")
def mv(sys: Any, opt: Options) -> int:
    sources, goal = operands(opt)
    folder = sys.fs.isdir(goal) and "T" not in opt
    if len(sources) > 1 and not folder and not opt.busybox:
        raise Stop(f"target '{goal}': No such file or directory" if look(sys, goal) is None
                   else f"target '{goal}' is not a directory")
    status = 0
    for source in sources:
        target = join(goal, basename(source)) if folder or len(sources) > 1 else goal
        status = move(sys, opt, source, target) or status
    return status


def move(sys: Any, opt: Options, source: str, target: str) -> int:
    """Cambia el nombre o, entre montajes distintos, copia y borra."""
    there = look(sys, target, follow=False)
    if there is not None and "n" in opt:
        return 0
    try:
        found = sys.fs.stat(source, follow=False)
        if not opt.busybox and there is not None and there.path == found.path:
            sys.err(f"mv: '{source}' and '{target}' are the same file\n")
            return 1
        try:
            sys.fs.rename(source.rstrip("/") or source, target)
        except FileError as error:
            if error.key != "EXDEV":
                raise
            return move_across(sys, opt, source, target, found, there)
        if "v" in opt:
            sys.out(f"'{source}' -> '{target}'\n" if opt.busybox else f"renamed '{source}' -> '{target}'\n")
    except FileError as error:
        if look(sys, source, follow=False) is None:
            return opt.complain(sys, "can't rename '{}'", "cannot stat '{}'", source, error)
        if error.key == "EINVAL" and not opt.busybox:
            sys.err(f"mv: cannot move '{source}' to a subdirectory of itself, '{target}'\n")
            return 1
        return opt.complain(sys, "can't rename '{}'", f"cannot move '{{}}' to '{target}'", source, error)
    return 0


def move_across(sys: Any, opt: Options, source: str, target: str, found: Any, there: Any) -> int:
    if there is not None and not isinstance(there.node, Directory):
        sys.fs.remove(target)
    inner = Options(opt.name, opt.busybox, given=[("a", True)])
    status = copy(sys, inner, source, target, deep=True, follow=False)
    if not status:
        remove_tree(sys, opt, source) if isinstance(found.node, Directory) else sys.fs.remove(source)
    return status


@applet("install", "cdDpsm:o:g:t:v", "[-cdDsp] [-o USER] [-g GRP] [-m MODE] [-t DIR] [SOURCE]... DEST",
        "Copy files and set attributes", long="mode=m owner=o group=g directory=d target-directory=t",
        least=1)
def install(sys: Any, opt: Options) -> int:
    made, status = [], 0
    try:
        if "d" in opt:
            made = opt.args
            for path in made:
                make_folder(sys, path, 0o755, parents=True)
        else:
            sources, goal = operands(opt)
            if "D" in opt:
                make_folder(sys, dirname(goal), 0o755, parents=True)
            for source in sources:
                target = join(goal, basename(source)) if sys.fs.isdir(goal) else goal
                status = copy(sys, Options("install", opt.busybox), source, target, False, True) or status
                made.append(target)
        for path in made if not status else ():
            sys.fs.chmod(path, parse_mode(opt["m"] or "755", 0, False))
            owner = account_number(sys, opt["o"]) if "o" in opt else -1
            group = account_number(sys, opt["g"], "/etc/group") if "g" in opt else -1
            if owner is None or group is None:
                raise Stop(f"invalid user '{opt['o']}'" if owner is None else f"invalid group '{opt['g']}'")
            sys.fs.chown(path, owner, group)
    except FileError as error:
        return opt.complain(sys, "can't create '{}'", "cannot create '{}'", made[-1] if made
                            else opt.args[-1], error)
    return status
