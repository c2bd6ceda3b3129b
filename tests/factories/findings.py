"""Findings of the review list, and decisions about them."""

from typing import Any

from loyalty.base.values import Role
from loyalty.findings.find_anomalies import find_anomalies
from loyalty.models import (
    Anomaly,
    Bonus,
    Card,
    Counter,
    Customer,
    EarnSession,
    Event,
    LedgerEntry,
    Level,
    Settings,
)
from loyalty.reviewing.review_anomaly import FindingReview, ReviewVerdict, review_anomaly
from tests.factories.people import as_staff, place
from tests.factories.sales import sold


def often() -> tuple[Anomaly, list[int]]:
    """Ann collected six times within a day."""
    sessions = [sold() for _ in range(6)]
    find_anomalies()
    return Anomaly.objects.get(), sessions


def held() -> Anomaly:
    """Ann rose to Bronze; her rise to Silver is held."""
    Level.objects.create(name="Bronze", threshold=1)
    gift = {"text": "A cake", "title": "A cake", "valid_days": 10}
    Level.objects.create(name="Silver", threshold=2, gift=gift)
    Settings.objects.update(level_most_rises=1)
    for _ in range(2):
        sold(preset_id=place().preset_id)
    find_anomalies()
    return Anomaly.objects.get()


def decide(
    row: Anomaly, verdict: ReviewVerdict, reason: str = "", role: Role = Role.MANAGER, **more: Any
) -> Anomaly:
    """The finding as it was decided."""
    return review_anomaly(FindingReview(row.pk, verdict, reason, **more), actor=as_staff(role))


def everything() -> list[object]:
    """All rows that a decision could touch."""
    models = (Anomaly, EarnSession, Card, Counter, LedgerEntry, Bonus, Customer, Event)
    return [list(model.objects.order_by("pk").values()) for model in models]
