"""Managers decide about findings."""

from loyalty.reviewing.review_anomaly import FindingReview, ReviewVerdict, review_anomaly
from loyalty.reviewing.review_outcomes import OwedUnits, ReviewOutcome, review_outcomes

__all__ = [
    "FindingReview",
    "OwedUnits",
    "ReviewOutcome",
    "ReviewVerdict",
    "review_anomaly",
    "review_outcomes",
]
