"""Los puertos de EXPOSE: `80`, `53/udp`, `8000-8010`.

Docker acepta (con un aviso) la forma de `-p`, `dirección:puerto:puerto`, pero
solo guarda el puerto del contenedor.
"""

from __future__ import annotations

import ipaddress

from dockerlab.dockerfile.golang import quote
from dockerlab.dockerfile.instruction import Instruction
from dockerlab.dockerfile.lint import Linter
from dockerlab.dockerfile.rules import refuse


def exposed(instruction: Instruction, specification: str, lint: Linter) -> tuple[str, ...]:
    """Los puertos de una palabra de EXPOSE: `8000-8001/UDP` → `8000/udp`, `8001/udp`.

    `DockerfileError` si no es un puerto, un rango o un protocolo (tcp, udp, sctp).
    """
    *before, container = specification.split(":")
    host = before[-1] if before else ""
    address = ":".join(before[:-1])
    port, _, protocol = container.partition("/")
    if not port:
        raise refuse(instruction, "expose-invalid", port=quote(specification), reason="no port specified")
    if protocol.lower() not in ("", "tcp", "udp", "sctp"):
        raise refuse(instruction, "expose-invalid", port=quote(specification),
                     reason=f"invalid proto: {protocol}")
    if protocol != protocol.lower():
        lint.report("ExposeProtoCasing", instruction, specification)
    if address or host:
        lint.report("ExposeInvalidFormat", instruction, specification)
    if address and not _is_address(address.removeprefix("[").removesuffix("]")):
        raise refuse(instruction, "expose-address", address=address)
    numbers = _range(port)
    if numbers is None:
        raise refuse(instruction, "expose-container", port=port)
    if host:
        host_numbers = _range(host)
        if host_numbers is None:
            raise refuse(instruction, "expose-host", port=host)
        if len(host_numbers) != len(numbers) and len(numbers) != 1:
            raise refuse(instruction, "expose-ranges", container=port, host=host)
    return tuple(f"{number}/{protocol.lower() or 'tcp'}" for number in numbers)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _range(text: str) -> range | None:
    """`80` o `80-90`; None si no lo es."""
    first, dash, last = text.partition("-")
    start, end = _number(first), _number(last if dash else first)
    return range(start, end + 1) if start is not None and end is not None and start <= end else None


def _number(text: str) -> int | None:
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > 18:
        return None
    number = int(text)
    return number if 0 <= number <= 65535 else None
