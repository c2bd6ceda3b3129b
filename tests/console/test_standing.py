"""The level on a card's page, also while a rise to the next one is looked at."""

import pytest
from django.test import Client

from loyalty.base.values import Role
from loyalty.findings.find_anomalies import find_anomalies
from loyalty.models import Anomaly, Card, Level, Settings
from loyalty.reviewing.review_anomaly import FindingReview, ReviewVerdict, review_anomaly
from tests.factories.people import as_staff, place
from tests.factories.sales import sold

pytestmark = pytest.mark.django_db


def page(browser: Client) -> str:
    return browser.get(f"/card/{Card.objects.get().pk}").text


def test_a_held_rise_is_said_in_words_and_without_points(ann: Client) -> None:
    Level.objects.create(name="Bronze", threshold=1)
    Level.objects.create(name="Silver", threshold=2)
    Settings.objects.update(level_most_rises=1)
    sold(preset_id=place().preset_id)
    assert "1 more point to Silver" in page(ann)
    for _ in range(2):
        sold(preset_id=place().preset_id)
        found = page(ann)
        assert "<strong>Bronze</strong>" in found
        assert found.count("Your rise to Silver is being checked.") == 1
        assert "more point" not in found
    find_anomalies()
    row = Anomaly.objects.get()
    review_anomaly(FindingReview(row.pk, ReviewVerdict.VOID, "no"), actor=as_staff(Role.MANAGER))
    # Refused, and nothing is missing either: what the next visit brings is not foretold.
    found = page(ann)
    assert "<strong>Bronze</strong>" in found
    assert "Silver" not in found
