"""Las políticas de reinicio: ¿hay que levantarlo otra vez? (Docker: *Restart policies*)."""

from __future__ import annotations


def should_restart(policy: str, maximum: int, exit_code: int, stopped_by_hand: bool, count: int) -> bool:
    """¿Se reinicia un contenedor que acabó con `exit_code`?

    `policy`: no, always, unless-stopped u on-failure; `maximum`: intentos de
    on-failure (0: sin límite); `count`: reinicios ya hechos. Quien acaba de
    recibir un `docker stop` o `kill` no llega a preguntar.
    """
    if policy == "on-failure":
        return exit_code != 0 and (maximum == 0 or count < maximum)
    return policy == "always" or (policy == "unless-stopped" and not stopped_by_hand)
