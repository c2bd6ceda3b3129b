"""Staff do not collect what they made themselves (SPEC section 6)."""

from loyalty.errors import OwnSession


def check_own_session(*, maker: str | None, collector: str) -> None:
    """Raise OwnSession when both are one mailbox."""
    if maker is not None and maker == collector:
        raise OwnSession
