"""El texto de la columna STATUS de `docker ps`: «Up 3 minutes (Paused)», «Exited (137) 2 hours ago»."""

from __future__ import annotations

from dockerlab.clock import SECOND
from dockerlab.units import human_duration

from .container import NEVER, State

FOREVER = 2**63 - 1  # lo más que cabe en una duración de Go: 292 años


def status_text(state: State, now: int) -> str:
    """El estado, como lo cuenta Docker en el instante `now`."""
    up = human_duration(max(now - state.started_at, 0) / SECOND)
    ago = human_duration((max(now - state.finished_at, 0) if state.finished_at else FOREVER) / SECOND)
    if state.status == "paused":
        return f"Up {up} (Paused)"
    if state.status == "restarting":
        return f"Restarting ({state.exit_code}) {ago} ago"
    if state.status == "running":
        if state.health is None:
            return f"Up {up}"
        shown = "health: starting" if state.health.status == "starting" else state.health.status
        return f"Up {up} ({shown})"
    if state.status == "removing":
        return "Removal In Progress"
    if state.status == "dead":
        return "Dead"
    if state.started_at == NEVER:
        return "Created"
    return "" if state.finished_at == NEVER else f"Exited ({state.exit_code}) {ago} ago"
