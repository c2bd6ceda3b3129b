"""Processor time of processes, as the kernel counts it."""

import os
from pathlib import Path

from local.errors import LocalError

_TICK = os.sysconf("SC_CLK_TCK")
# Of what follows the program's name in /proc/PID/stat.
_PARENT = 1
_TIMES = slice(11, 15)  # user and system time, and that of children which ended


def tree(root: int) -> float:
    """Seconds used so far by a process, its children, theirs, and all of them that ended."""
    parents: dict[int, int] = {}
    used: dict[int, float] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        if fields := _fields(int(folder.name)):
            parents[int(folder.name)] = int(fields[_PARENT])
            used[int(folder.name)] = sum(map(int, fields[_TIMES])) / _TICK
    family = {root}
    # Children may have lower numbers than their parents: until nobody is added.
    while new := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= new
    return sum(used.get(pid, 0.0) for pid in family)


def machine() -> float:
    """Seconds that all cores together were busy so far, with whatever work."""
    first = Path("/proc/stat").read_text(encoding="utf-8").split("\n", 1)[0]
    user, nice, system, _idle, _waiting, hard, soft = map(int, first.split()[1:8])
    return (user + nice + system + hard + soft) / _TICK


def parent(pid: int) -> int:
    """The process that started this one; raises LocalError when it is not on this machine."""
    fields = _fields(pid)
    if not fields:
        raise LocalError("The benchmark reads /proc: run it on Linux, beside its Postgres.")
    return int(fields[_PARENT])


def _fields(pid: int) -> list[str]:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    # The name is in parentheses and may hold anything, blanks too.
    return text.rpartition(")")[2].split()
