"""`manage.py serve`: answers HTTP until it is told to stop."""

import copy
import resource
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

# Connections of one process, sockets and streams included; each takes an open file.
_CONNECTIONS = 4096
# A header that does not come, and a connection that is kept without a request.
_IDLE_MILLISECONDS = 75_000


class Command(BaseCommand):
    """Starts Granian with all that config/server.py relies on."""

    help = "Answers HTTP until it is told to stop."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="the port to listen on")
        parser.add_argument("--workers", type=int, default=1, help="how many processes serve")
        parser.add_argument("--live", action="store_true", help="only sockets and streams")
        parser.add_argument(
            "--grace", type=int, default=10, help="seconds that open requests have at the end"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        _allow_files(_CONNECTIONS + 256)
        Granian(
            "config.asgi:application" if options["live"] else "config.server:application",
            address=options["host"],
            port=options["port"],
            interface=Interfaces.ASGI,
            workers=options["workers"],
            # A stream of HTTP/2 that nobody reads cannot be told from one that is read.
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(header_read_timeout=_IDLE_MILLISECONDS),
            backlog=_CONNECTIONS,
            backpressure=_CONNECTIONS,
            log_dictconfig=copy.deepcopy(settings.LOGGING),
            log_access=False,
            respawn_failed_workers=True,
            workers_kill_timeout=options["grace"],
        ).serve()


def _allow_files(wanted: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))
