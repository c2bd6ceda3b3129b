"""Scans that come to light late, several at once; and what meets on another card of one person."""

from functools import partial

import pytest
from django.db import connection

from loyalty.books.books import wrong_books
from loyalty.books.rebuild import wrong_rebuilds
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from loyalty.models import Bonus, Customer
from loyalty.people.enrol_customer import enrol_customer
from loyalty.switches import Reward, StreakRule, Switches
from loyalty.waiting.queue_session import QueueAsker, queue_session
from tests.factories.campaigns import now, published, visit
from tests.factories.people import as_customer, as_staff, customer, place
from tests.harness.at_once import at_once

pytestmark = pytest.mark.usefixtures("own_database", "unblocked")
IP = "192.0.2.1"
STREAK = Switches(streak=StreakRule(window=2, threshold=3, gift=Reward(text="Cake")))


def move(days: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE public.test_clock SET shift = make_interval(days => %s)", [days])


def test_two_late_scans_at_once_complete_one_streak_once() -> None:
    program = published(STREAK)
    for number in range(4):
        email = f"late-{number}@alpha.example"
        customer(email)
        waiting = []
        for day in range(2):
            move(day)
            wanted = SaleInput(program.pk, place().location_id)
            token = mint(wanted, actor=as_staff(), token_key="k").token or ""
            queue_session(token, typed=email, who=QueueAsker(ip=IP), token_key="k")
            waiting.append(partial(collect, token, actor=as_customer(email), ip=IP))
        move(2)
        visit(program, email.partition("@")[0])
        at_once(waiting)
        streaks = Bonus.objects.filter(source="streak", card__customer__email=email)
        assert streaks.exclude(status="void").count() == 1
    assert list(wrong_books()) == []
    assert list(wrong_rebuilds()) == []


def test_addresses_of_one_mailbox_that_enrol_at_once_are_one_person() -> None:
    at = now()
    addresses = [f"m.al+{number}@gmail.com" for number in range(16)]
    at_once([partial(enrol_customer, email, language="en", now=at) for email in addresses])
    persons = Customer.objects.filter(mailbox="mal@gmail.com").values_list("person", flat=True)
    assert (len(persons), len(set(persons))) == (16, 1)
