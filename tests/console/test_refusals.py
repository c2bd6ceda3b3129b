"""What a page says of a limit of one: one of a thing is in the singular."""

from collections.abc import Callable

import pytest
from django.test import Client

from loyalty.models import QueuedSession, Settings
from loyalty.switches import Switches
from tests.factories.perks import shop

pytestmark = pytest.mark.django_db
Scanned = Callable[[], str]


def test_one_visit_a_day(ann: Client) -> None:
    here = shop(Switches(daily_cap=1))
    assert ann.post(f"/c/{here.token()}").status_code == 303
    answer = ann.post(f"/c/{here.token()}")
    assert answer.status_code == 409
    assert "That is all for today" in answer.text
    assert "Nothing was added: 1 visit a day counts on this card." in answer.text


def test_one_visit_that_waits(anybody: Client, scanned: Scanned) -> None:
    Settings.objects.update(queue_limit=1)
    paths = [scanned(), scanned()]
    assert anybody.post(paths[0], {"email": "eve@example.org"}).status_code == 303
    answer = anybody.post(paths[1], {"email": "eve@example.org"})
    assert answer.status_code == 409
    assert "This one was not added: 1 waits already." in answer.text
    assert QueuedSession.objects.count() == 1
