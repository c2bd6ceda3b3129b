"""What ends a command early."""


class LocalError(Exception):
    """One sentence for the person at the terminal: what is wrong and what to do about it."""


class StopRequest(BaseException):
    """Somebody asked for the end: Ctrl-C, SIGTERM, or the terminal was closed."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
