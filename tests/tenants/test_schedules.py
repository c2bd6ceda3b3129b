"""The installation's repeated jobs are kept as the settings say."""

import pytest
from django.conf import settings as product
from django_q.models import Schedule
from pytest_django import Settings

from tenants import context
from tenants.jobs.schedules import keep_schedules

pytestmark = pytest.mark.django_db


def kept() -> dict[str, tuple[str, str, int | None]]:
    with context.public():
        return {
            each.name: (each.func, each.schedule_type, each.minutes)
            for each in Schedule.objects.order_by("id")
        }


def test_each_runs_as_often_as_the_settings_say(settings: Settings) -> None:
    for _ in range(2):
        keep_schedules()
        assert kept() == product.JOB_SCHEDULES
    settings.JOB_SCHEDULES = {"review": ("config.jobs.review_all", "I", 7)}
    keep_schedules()
    assert kept()["review"] == ("config.jobs.review_all", "I", 7)
