"""Why this browser is not signed in any more, or no device any more."""

from loyalty.people import ended
from loyalty.wording import ended_on_page


def what_ended(token: str | None) -> str:
    """A sentence about this cookie's token; nothing for a good one, and for a stranger's."""
    return ended_on_page(ended(token) if token else None)
