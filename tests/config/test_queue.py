"""The queue of jobs while the database is away."""

import logging

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.brokers.orm import ORM

from config.queue import Queue
from tests.harness import databases

_NOWHERE = "there_is_no_such_database"


@pytest.mark.usefixtures("own_database")
def test_a_finished_job_waits_when_the_database_goes(caplog: pytest.LogCaptureFixture) -> None:
    broker = get_broker()
    assert isinstance(broker, Queue)
    number = broker.enqueue("a job")
    with databases.connected_to(_NOWHERE), caplog.at_level(logging.WARNING, "django-q"):
        broker.acknowledge(number)
    assert "will run once more" in caplog.text
    assert broker.get_connection().filter(pk=number).exists()
    broker.acknowledge(number)
    assert not broker.get_connection().filter(pk=number).exists()


@pytest.mark.usefixtures("own_database")
def test_a_process_that_starts_meanwhile_lives() -> None:
    with databases.connected_to(_NOWHERE):
        with pytest.raises(OperationalError):
            ORM()
        connection.close()
        broker = get_broker()
        with pytest.raises(OperationalError):
            broker.queue_size()
    assert broker.queue_size() == 0


@pytest.mark.usefixtures("own_database")
def test_django_q_itself_would_die_of_it() -> None:
    with databases.connected_to(_NOWHERE), pytest.raises(OperationalError):
        ORM().acknowledge(1)


@pytest.mark.usefixtures("own_database")
def test_the_job_that_has_waited_longest_comes_first() -> None:
    broker = get_broker()
    numbers = [broker.enqueue(f"job {n}") for n in range(3)]
    # It was taken by a worker that died, and is older than all others still.
    broker.get_connection().filter(pk=numbers[0]).update(lock=timezone.now())
    found = [broker.dequeue() for _ in range(3)]
    assert found == [[(number, f"job {n}")] for n, number in enumerate(numbers)]
    assert broker.dequeue() is None


@pytest.mark.usefixtures("own_database")
def test_mails_come_before_warnings_and_each_queue_keeps_to_itself() -> None:
    for key in ("warnings", "plusone", "mails", "warnings", "mails"):
        get_broker(key).enqueue(key)
    mails, sweeps = get_broker("mails"), get_broker()
    order = [taken[0][1] for taken in iter(mails.dequeue, None)]
    assert order == ["mails", "mails", "warnings", "warnings"]
    assert [taken[0][1] for taken in iter(sweeps.dequeue, None)] == ["plusone"]
