"""Live QR sessions as the counter and a scanner see them."""

from loyalty.sessions.live_session import (
    LiveSession,
    SaleOrigin,
    latest_of,
    live_session,
    live_sessions,
)
from loyalty.sessions.qr import qr_svg
from loyalty.sessions.scanned_session import ScanStep, scanned_session
from loyalty.sessions.session_update import SessionState, session_state

__all__ = [
    "LiveSession",
    "SaleOrigin",
    "ScanStep",
    "SessionState",
    "latest_of",
    "live_session",
    "live_sessions",
    "qr_svg",
    "scanned_session",
    "session_state",
]
