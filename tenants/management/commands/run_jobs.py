"""`manage.py run_jobs`: works off jobs until it is told to stop."""

import os
import signal
import socket
import time
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError
from django.db import Error, OperationalError, connection

from tenants import roles
from tenants.jobs import pulse, rounds, schedules
from tenants.jobs.clusters import Clusters

BEAT_SECONDS = 5.0
WAIT_SECONDS = 0.5


class _Stopped(BaseException):
    """Told to stop; not an error, and nothing may swallow it."""


class Command(BaseCommand):
    """Starts django-q's clusters and the rounds, and writes a sign of life for /readyz."""

    help = "Works off jobs until it is told to stop."

    def handle(self, *_args: Any, **_options: Any) -> None:
        roles.become_job_worker()
        self._look_at_schedules()
        clusters = Clusters.start()
        # An exception, not a flag: setting an Event in a handler can meet its own lock.
        signal.signal(signal.SIGTERM, _stop)
        signal.signal(signal.SIGINT, _stop)
        try:
            # Only now: a thread would not live on in the cluster's forked processes.
            with rounds.going_round():
                self._watch(clusters)
        except _Stopped:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            clusters.stop()
            return
        # What lives on would keep this process from its end.
        clusters.stop()
        raise SystemExit("The job worker died; start it again.")

    def _look_at_schedules(self) -> None:
        while True:
            try:
                are_kept = schedules.are_kept()
            except OperationalError:
                # Started before the database, or while it recovers: dying of that would only make
                # anybody who starts us wait longer and longer before the next try.
                self.stderr.write("The database is away; the jobs begin when it is there.")
                connection.close()
                time.sleep(WAIT_SECONDS)
            except Error as error:
                raise CommandError(
                    f"The jobs' role cannot be used ({error}): run manage.py migrate_businesses"
                    " first, or grant the role of DATABASE_JOBS_ROLE to this login."
                ) from None
            else:
                if not are_kept:
                    self.stderr.write(
                        "The schedules are not this release's: run manage.py migrate_businesses."
                    )
                return

    def _watch(self, clusters: Clusters) -> None:
        worker = f"{socket.gethostname()}:{os.getpid()}"
        while clusters.are_alive:
            try:
                pulse.beat(worker)
            except Error as error:
                # The database is away: keep trying, the cluster does so too.
                self.stderr.write(f"No sign of life could be written: {type(error).__name__}")
                connection.close()
            time.sleep(BEAT_SECONDS)


def _stop(*_signal: object) -> NoReturn:
    raise _Stopped
