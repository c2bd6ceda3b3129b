"""`manage.py run_jobs`: works off jobs until it is told to stop."""

import os
import signal
import socket
import threading
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error, connection
from django_q.cluster import Cluster

from tenants.jobs import pulse, schedules

BEAT_SECONDS = 5.0


class Command(BaseCommand):
    """Starts django-q's cluster and writes a sign of life for /readyz."""

    help = "Works off jobs until it is told to stop."

    def handle(self, *_args: Any, **_options: Any) -> None:
        schedules.keep_schedules()
        stop = threading.Event()
        cluster = Cluster()
        cluster.start()

        def finish(*_signal: object) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, finish)
        signal.signal(signal.SIGINT, finish)
        worker = f"{socket.gethostname()}:{os.getpid()}"
        while not stop.is_set() and cluster.sentinel.is_alive():
            self._beat(worker)
            stop.wait(BEAT_SECONDS)
        cluster.stop()
        if not stop.is_set():
            raise SystemExit("The job worker died; start it again.")

    def _beat(self, worker: str) -> None:
        try:
            pulse.beat(worker)
        except Error as error:
            # The database is away: keep trying, the cluster does so too.
            self.stderr.write(f"No sign of life could be written: {type(error).__name__}")
            connection.close()
