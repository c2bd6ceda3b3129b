"""Lines of the event log; nothing of it is for transports."""

__all__: list[str] = []
