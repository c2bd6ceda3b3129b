"""The installation's repeated jobs are kept as the settings say."""

import pytest
from django.conf import settings as product
from django_q.models import Schedule
from pytest_django import Settings

from tenants import context
from tenants.jobs.schedules import are_kept, keep_schedules
from tests.harness.acting import as_owner

pytestmark = pytest.mark.django_db


def kept() -> dict[str, tuple[str, str, int | None]]:
    with context.public():
        return {
            each.name: (each.func, each.schedule_type, each.minutes)
            for each in Schedule.objects.order_by("id")
        }


def test_an_installation_has_them_from_its_migration() -> None:
    assert kept() == product.JOB_SCHEDULES
    assert are_kept()


def test_each_runs_as_often_as_the_settings_say(settings: Settings) -> None:
    with as_owner():
        keep_schedules()
        assert kept() == product.JOB_SCHEDULES
        settings.JOB_SCHEDULES = {"review": ("config.jobs.review_all", "I", 7)}
        assert not are_kept()
        keep_schedules()
    assert kept() == {"review": ("config.jobs.review_all", "I", 7)}
    assert are_kept()


def test_what_else_a_schedule_says_is_removed() -> None:
    with as_owner(), context.public():
        before = Schedule.objects.get(name="review").next_run
        Schedule.objects.filter(name="review").update(
            hook="os.system", args="1", kwargs="{'q_options': {'sync': True}}", cluster="other"
        )
        Schedule.objects.create(name="review", func="os.getcwd", schedule_type="I", minutes=1)
        Schedule.objects.create(name="added", func="os.getcwd", schedule_type="I", minutes=1)
        keep_schedules()
        review = Schedule.objects.get(name="review")
    assert (review.hook, review.args, review.kwargs, review.cluster) == (None,) * 4
    assert review.next_run == before
    assert kept() == product.JOB_SCHEDULES
