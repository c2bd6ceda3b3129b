"""One file per thing; constraints and triggers live here and in the migrations."""

from loyalty.models.access_token import AccessToken
from loyalty.models.allowance import Allowance
from loyalty.models.anomaly import Anomaly
from loyalty.models.bonus import Bonus
from loyalty.models.card import Card
from loyalty.models.counter import Counter
from loyalty.models.customer import Customer
from loyalty.models.device import Device
from loyalty.models.earn_session import EarnSession
from loyalty.models.event import Event
from loyalty.models.idempotency_key import IdempotencyKey
from loyalty.models.known_browser import KnownBrowser
from loyalty.models.ledger_entry import LedgerEntry
from loyalty.models.level import Level
from loyalty.models.location import Location
from loyalty.models.pairing_code import PairingCode
from loyalty.models.pin_guard import PinGuard
from loyalty.models.preset import Preset
from loyalty.models.product import Product
from loyalty.models.product_photo import ProductPhoto
from loyalty.models.program import Program
from loyalty.models.program_budget import ProgramBudget
from loyalty.models.program_version import ProgramVersion
from loyalty.models.queued_session import QueuedSession
from loyalty.models.redemption import Redemption
from loyalty.models.review_mark import ReviewMark
from loyalty.models.seal import Seal
from loyalty.models.settings import Settings
from loyalty.models.sign_in_link import SignInLink
from loyalty.models.staff_member import StaffMember
from loyalty.models.tally import Tally
from loyalty.models.tier import Tier

__all__ = [
    "AccessToken",
    "Allowance",
    "Anomaly",
    "Bonus",
    "Card",
    "Counter",
    "Customer",
    "Device",
    "EarnSession",
    "Event",
    "IdempotencyKey",
    "KnownBrowser",
    "LedgerEntry",
    "Level",
    "Location",
    "PairingCode",
    "PinGuard",
    "Preset",
    "Product",
    "ProductPhoto",
    "Program",
    "ProgramBudget",
    "ProgramVersion",
    "QueuedSession",
    "Redemption",
    "ReviewMark",
    "Seal",
    "Settings",
    "SignInLink",
    "StaffMember",
    "Tally",
    "Tier",
]
