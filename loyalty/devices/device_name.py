"""What a device is called, so that a manager knows which one it is."""

from loyalty.base.one_line import one_line

LONGEST = 60


def cleaned(typed: str) -> str:
    """The name in one line; raises InvalidInput when it is empty, over 60 characters or unseen."""
    return one_line(typed, field="name", longest=LONGEST)
