"""Which class says what the lines of which kind say."""

from collections.abc import Mapping
from typing import Any

from loyalty.base.events import EventKind
from loyalty.events.details import EventDetails
from loyalty.events.devices import (
    DeviceLockedDetails,
    DevicePairedDetails,
    DeviceRevokedDetails,
    DeviceUnlockedDetails,
    PasscodeSetDetails,
    PasscodeWrongDetails,
)
from loyalty.events.people import AbsentDetails, LevelsSetDetails, ReviewedDetails
from loyalty.events.redemptions import (
    CancelledDetails,
    ConfirmedDetails,
    PinClosedDetails,
    PinReopenedDetails,
    RefundedDetails,
    RequestedDetails,
)
from loyalty.events.refusals import RefusedDetails
from loyalty.events.sales import (
    CollectedDetails,
    ExpiredDetails,
    MintedDetails,
    QueuedDetails,
    RecountedDetails,
    VoidedDetails,
)

DETAILS: Mapping[EventKind, type[EventDetails]] = {
    each.event_kind: each
    for each in (
        MintedDetails,
        QueuedDetails,
        CollectedDetails,
        VoidedDetails,
        RecountedDetails,
        RequestedDetails,
        ConfirmedDetails,
        CancelledDetails,
        RefundedDetails,
        PinClosedDetails,
        RefusedDetails,
        ExpiredDetails,
        AbsentDetails,
        PinReopenedDetails,
        LevelsSetDetails,
        ReviewedDetails,
        DevicePairedDetails,
        DeviceLockedDetails,
        DeviceUnlockedDetails,
        DeviceRevokedDetails,
        PasscodeSetDetails,
        PasscodeWrongDetails,
    )
}


def details_of(kind: str, kept: Mapping[str, Any] | None) -> EventDetails:
    """What a line of this kind says."""
    return DETAILS[EventKind(kind)].from_stored(kept)
