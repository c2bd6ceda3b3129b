"""What a manager should look at."""

from loyalty.findings.facts import is_there_news
from loyalty.findings.review_list import review_list

__all__ = [
    "is_there_news",
    "review_list",
]
