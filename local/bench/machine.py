"""What the figures were measured on."""

import os
import platform
from pathlib import Path

import psycopg

_SETTINGS = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers")


def facts(connection: psycopg.Connection[tuple[object, ...]]) -> dict[str, str]:
    """Cores, processor, kernel, Python, and Postgres with the settings that decide its speed."""
    found = {
        "cores": str(os.cpu_count()),
        "processor": _processor(),
        "kernel": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load": f"{os.getloadavg()[0]:.2f} before the run",
    }
    for name in _SETTINGS:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
        label = "postgres" if name == "server_version" else name
        found[label] = str(row[0]) if row else "?"
    return found


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
