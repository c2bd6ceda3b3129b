"""Every limit on how often something may be tried or asked for (docs/limits.md says why).

Each begins full, and gets one use back every `every / number`: anybody who has used it up waits for
one step and not for the end of a window.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `number` at once, and `number` more in each `every`."""

    name: str
    number: int
    every: timedelta

    @property
    def step(self) -> timedelta:
        """How long it takes until one more is free."""
        return self.every / self.number

    @property
    def most_used(self) -> timedelta:
        """How far away the moment when all is free may lie, for one more use to be left."""
        return self.step * (self.number - 1)

    def free_at(self, full_at: datetime) -> datetime:
        """From when on one more use is left."""
        return full_at - self.most_used

    def most_in(self, time: timedelta) -> int:
        """The most uses in any such stretch of time."""
        return self.number + int(time / self.step)


# Wrong passwords. Who proves to belong here is counted by that, and by nothing that strangers move.
PASSWORDS_KNOWN = Limit("password known browser", 10, 15 * MINUTE)
PASSWORDS_DEVICE = Limit("password device", 10, 15 * MINUTE)
PASSWORDS_ADDRESS = Limit("password address", 100, 15 * MINUTE)
PASSWORDS_PERSON_HERE = Limit("password person at address", 10, 15 * MINUTE)
PASSWORDS_PERSON = Limit("password person", 30, HOUR)
# Wrong passcodes of a person on all devices; each device has its five besides.
PASSCODES_PERSON = Limit("passcode person", 30, DAY)
# Wrong pairing codes that begin like a live one: they count for that code, no matter who types
# them.
PAIRING_CODE = Limit("pairing code", 10, 10 * MINUTE)
# Codes and links that nobody knows. Beyond it their answer changes; what is right is not asked.
LOOK_UPS = Limit("look-up", 100, 10 * MINUTE)
# Mails with a link, asked for without a live session.
LINKS_KNOWN = Limit("link known browser", 5, HOUR)
LINKS_SESSION = Limit("link session", 3, HOUR)
LINKS_ADDRESS = Limit("link address", 120, HOUR)
LINKS_MAILBOX = Limit("link mailbox", 3, HOUR)
# Mails behind a live session; with a link on its way fewer are enough.
SESSION_MAILS = Limit("session mail", 10, HOUR)
SESSION_MAILS_MORE = Limit("session mail more", 2, HOUR)
# Wrong six-digit codes; each mail has its five besides.
CODES_KNOWN = Limit("code known browser", 30, DAY)
CODES_SESSION = Limit("code session", 15, DAY)
CODES_MAILBOX = Limit("code mailbox", 30, DAY)
# Wrong addresses typed at a mail's link.
LINK_ADDRESSES = Limit("address of link", 5, DAY)

LIMITS = tuple(value for value in dict(globals()).values() if isinstance(value, Limit))
