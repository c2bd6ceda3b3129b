"""django-q's clusters, one for each queue of `settings.JOB_QUEUES`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connections
from django_q.cluster import Cluster
from django_q.conf import Conf


@dataclass(slots=True)
class Clusters:
    """Running clusters; none works for another's queue."""

    running: list[Cluster]

    @classmethod
    def start(cls) -> "Clusters":
        """Start one for each queue."""
        found = cls([])
        queues: dict[str, int] = settings.JOB_QUEUES
        for queue, workers in queues.items():
            with _configured_for(queue, workers):
                cluster = Cluster()
                cluster.start()
            found.running.append(cluster)
        return found

    @property
    def are_alive(self) -> bool:
        """Whether every one of them is guarded still."""
        return all(each.sentinel.is_alive() for each in self.running)

    def stop(self) -> None:
        """Gone, with their processes, when it returns; the jobs at work are finished."""
        living = [each for each in self.running if each.sentinel.is_alive()]
        # Told at once and waited for afterwards: one that has work to finish delays none.
        for each in living:
            each.stop_event.set()
        for each in living:
            each.stop()


@contextmanager
def _configured_for(queue: str, workers: int) -> Iterator[None]:
    # django-q reads one configuration a program. Its processes are forked, and keep what they find
    # then; so one program serves several queues, and what they have loaded lies in memory once.
    ours: dict[str, Any] = {"CLUSTER_NAME": queue, "WORKERS": workers, "QUEUE_LIMIT": workers**2}
    before = {name: getattr(Conf, name) for name in ours}
    # Forked children close the connections that they inherit, and would close ours with them.
    connections.close_all()
    for name, value in ours.items():
        setattr(Conf, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(Conf, name, value)
