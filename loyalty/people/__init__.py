"""Customers and how anybody is known: addresses, profiles, bearer tokens, browsers."""

from loyalty.people.choose_language import choose_language
from loyalty.people.colleague import staff_member
from loyalty.people.ended_token import TokenEnd, ended
from loyalty.people.enrol_customer import enrol_customer
from loyalty.people.leaderboard import Period, leaderboard
from loyalty.people.open_access import CUSTOMER_LASTS, ON_DEVICE_LASTS, STAFF_LASTS, open_access
from loyalty.people.profile import Profile, profile
from loyalty.people.set_birthday import DayOfYear, set_birthday
from loyalty.people.set_nickname import set_nickname
from loyalty.people.sign_out import sign_out
from loyalty.people.viewer import viewer

__all__ = [
    "CUSTOMER_LASTS",
    "ON_DEVICE_LASTS",
    "STAFF_LASTS",
    "DayOfYear",
    "Period",
    "Profile",
    "TokenEnd",
    "choose_language",
    "ended",
    "enrol_customer",
    "leaderboard",
    "open_access",
    "profile",
    "set_birthday",
    "set_nickname",
    "sign_out",
    "staff_member",
    "viewer",
]
