"""Devices at the counter, and who switches them on."""

from loyalty.devices.create_pairing_code import create_pairing_code
from loyalty.devices.live_pairing import LivePairing, live_pairing
from loyalty.devices.pair_device import pair_device
from loyalty.devices.reads import devices, is_revoked, paired_device, who_is_on, who_switches_on
from loyalty.devices.rename_device import rename_device
from loyalty.devices.revoke_device import revoke_device
from loyalty.devices.set_passcode import set_passcode
from loyalty.devices.sign_in_on_device import sign_in_on_device
from loyalty.devices.sign_in_staff import ShownTokens, SignedInStaff, sign_in_staff
from loyalty.devices.unlock_device import unlock_device

__all__ = [
    "LivePairing",
    "ShownTokens",
    "SignedInStaff",
    "create_pairing_code",
    "devices",
    "is_revoked",
    "live_pairing",
    "pair_device",
    "paired_device",
    "rename_device",
    "revoke_device",
    "set_passcode",
    "sign_in_on_device",
    "sign_in_staff",
    "unlock_device",
    "who_is_on",
    "who_switches_on",
]
