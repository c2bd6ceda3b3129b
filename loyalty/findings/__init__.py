"""What a manager should look at."""

from loyalty.base.states import FindingKind
from loyalty.findings.facts import is_there_news
from loyalty.findings.review_list import review_list

__all__ = [
    "FindingKind",
    "is_there_news",
    "review_list",
]
