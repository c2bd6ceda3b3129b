"""What became of sessions, told to managers; all sessions of a page are read at once."""

from collections.abc import Sequence
from functools import cached_property

from graphql_api.context import Context
from loyalty.base.access import Permission
from loyalty.explaining import SessionStory, session_stories
from loyalty.wording import session_text


class Stories:
    """The stories of some sessions, read when the first of them is told."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self._numbers = numbers

    def told(self, context: Context, number: int) -> list[str]:
        """One of them line by line; raises UNAUTHENTICATED or FORBIDDEN."""
        context.staff(Permission.READ_ANY_SESSION)
        story = self._found.get(number)
        return session_text(story) if story else []

    @cached_property
    def _found(self) -> dict[int, SessionStory]:
        return session_stories(self._numbers)
