"""Cards as they stand: for a decision, for an outcome, for a page."""

from loyalty.cards.debts import debts
from loyalty.cards.gifts import ProductChoice, ShownBonus, choices_by_tier, earned_at, is_choice
from loyalty.cards.just_added import JustAdded, just_added
from loyalty.cards.one_bonus import one_bonus
from loyalty.cards.reads import began_at, card_view, cards_of_customer
from loyalty.cards.shown_card import (
    ShownCard,
    ShownCounter,
    has_other_cards,
    shown_card,
    shown_cards,
)
from loyalty.cards.view import (
    BonusView,
    CardView,
    CollectOutcome,
    ProgressView,
    TierView,
)

__all__ = [
    "BonusView",
    "CardView",
    "CollectOutcome",
    "JustAdded",
    "ProductChoice",
    "ProgressView",
    "ShownBonus",
    "ShownCard",
    "ShownCounter",
    "TierView",
    "began_at",
    "card_view",
    "cards_of_customer",
    "choices_by_tier",
    "debts",
    "earned_at",
    "has_other_cards",
    "is_choice",
    "just_added",
    "one_bonus",
    "shown_card",
    "shown_cards",
]
