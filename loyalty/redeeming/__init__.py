"""Bonuses are used: asked for, looked at, given, taken back."""

from loyalty.redeeming.cancel_redemption import cancel_redemption
from loyalty.redeeming.decide_redemption import RedemptionVerdict, decide_redemption
from loyalty.redeeming.live_redemption import LiveRedemption, followed_redemption, live_redemption
from loyalty.redeeming.pin_closures import PinClosure, pin_closures
from loyalty.redeeming.preview_redemption import RedemptionSelector, preview_redemption
from loyalty.redeeming.refund_redemption import refund_redemption
from loyalty.redeeming.reopen_pins import reopen_pins
from loyalty.redeeming.request_bonus import BonusRequest, request_bonus
from loyalty.redeeming.validation_facts import RedemptionSight

__all__ = [
    "BonusRequest",
    "LiveRedemption",
    "PinClosure",
    "RedemptionSelector",
    "RedemptionSight",
    "RedemptionVerdict",
    "cancel_redemption",
    "decide_redemption",
    "followed_redemption",
    "live_redemption",
    "pin_closures",
    "preview_redemption",
    "refund_redemption",
    "reopen_pins",
    "request_bonus",
]
