"""What each kind of event says besides its columns; what transports may use of it."""

from loyalty.events.people import AbsentDetails

__all__ = ["AbsentDetails"]
