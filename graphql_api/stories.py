"""What became of sessions, told to managers; all sessions of a page are read at once."""

from collections.abc import Sequence

from graphql_api.context import Context
from loyalty.explaining import SessionStory, session_stories
from loyalty.wording import session_text


class Stories:
    """The stories of some sessions, read when the first of them is told."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self._numbers = numbers
        # Of one operation, whose caller is one.
        self._found: dict[int, SessionStory] | None = None

    def told(self, context: Context, number: int) -> list[str]:
        """One of them line by line; raises UNAUTHENTICATED or FORBIDDEN."""
        if self._found is None:
            with context.asking():
                self._found = session_stories(self._numbers, actor=context.actor)
        story = self._found.get(number)
        return session_text(story) if story else []
