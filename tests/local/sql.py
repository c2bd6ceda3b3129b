"""Asks a server with its own psql."""

import subprocess

from local.postgres import Server


def ask(server: Server, statement: str) -> str:
    """What the statement answers."""
    command = [server.programs.program("psql"), "-XAtq", server.url, "-c", statement]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
