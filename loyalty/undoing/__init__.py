"""Sales are taken back."""

from loyalty.undoing.void_session import void_session

__all__ = [
    "void_session",
]
