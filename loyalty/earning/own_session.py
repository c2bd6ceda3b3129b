"""Staff do not collect what they or their device made (docs/rules.md#a-collect-step-by-step)."""

from dataclasses import dataclass

from loyalty.base.errors import OwnSession


@dataclass(frozen=True, slots=True)
class SessionParty:
    """Who made or collects a session: a mailbox, and a paired device; None where not known."""

    mailbox: str | None = None
    device_id: int | None = None


def check_own_session(*, maker: SessionParty, collector: SessionParty) -> None:
    """Raise OwnSession when both are one mailbox, or one device."""
    is_one_person = maker.mailbox is not None and maker.mailbox == collector.mailbox
    is_one_device = maker.device_id is not None and maker.device_id == collector.device_id
    if is_one_person or is_one_device:
        raise OwnSession
