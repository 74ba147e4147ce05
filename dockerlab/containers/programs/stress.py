"""stress: gastar procesador o memoria a propósito, para ver actuar a los límites."""

from __future__ import annotations

from typing import Any

from dockerlab.clock import SECOND

from ..requests import Cpu, Sleep
from .options import Options, applet


@applet("stress", None, "[OPTIONS]", "", also=("stress-ng",))
def stress(sys: Any, opt: Options) -> Any:
    """Gasta procesador (--cpu) o memoria (--vm, --vm-bytes): para ver actuar a los límites."""
    words = dict(zip(sys.argv[1::2], sys.argv[2::2], strict=False))
    units = {"K": 2**10, "M": 2**20, "G": 2**30}
    amount = words.get("--vm-bytes", "256M").upper().rstrip("B")
    size = int(amount.rstrip("KMG")) * units.get(amount[-1], 1) * int(words.get("--vm", words.get("-m", 0)))
    workers = int(words.get("--cpu", words.get("-c", 0)))
    sys.out(f"stress: info: [{sys.pid}] dispatching hogs: {workers} cpu, 0 io, "
            f"{words.get('--vm', words.get('-m', 0))} vm, 0 hdd\n")
    end = sys.now() + round(float(words.get("--timeout", words.get("-t", "1e9")).rstrip("s")) * SECOND)
    step = max(size // 16, 1)
    for used in range(step, size + 1, step):
        sys.memory(used)
        yield Sleep(0.05)
    while sys.now() < end:
        yield Cpu(0.1) if workers else Sleep(1)
    sys.out(f"stress: info: [{sys.pid}] successful run completed in "
            f"{words.get('--timeout', words.get('-t', '0s'))}\n")
    return 0
