"""What a card shows and a collect returns, as values: made from facts or rows, kept as JSON.

The JSON is an interface: outcomes lie in `loyalty_earnsession.outcome`, and a process of another
release may have written them. `stored()` is what is kept; `from_stored()` reads it, without the
keys that older releases did not write yet, and past those that newer ones write as well.
"""

from datetime import datetime
from typing import NamedTuple, Self

from loyalty.db.columns import columns
from loyalty.levels.view import LevelView, Stored, StreakView, moment_of, text_of
from loyalty.models import Bonus

# A card with more waiting bonuses shows the oldest.
AT_MOST = 100


class TierView(NamedTuple):
    """A tier of a program's menu."""

    id: int
    name: str
    rank: int

    def stored(self) -> Stored:
        """As outcomes keep it."""
        return {"id": self.id, "name": self.name, "rank": self.rank}

    @classmethod
    def from_stored(cls, kept: Stored | None) -> Self | None:
        """What was kept; None for a counter that has no tier."""
        return cls(kept["id"], kept["name"], kept["rank"]) if kept else None


class BonusView(NamedTuple):
    """A bonus that waits, by the columns of its row.

    `earned_at` is None where an older release kept the answer. A voucher is worth one of `percent`,
    `amount` (minor units) and `text`, and is no product.
    """

    id: int
    title: str
    source: str
    product_id: int | None
    tier_id: int | None
    earned_at: datetime | None
    expires_at: datetime | None
    is_voucher: bool
    percent: int | None
    amount: int | None
    text: str

    @classmethod
    def of(cls, row: Bonus) -> Self:
        """The bonus of a model's row."""
        return cls(*(getattr(row, name) for name in cls._fields))

    def is_over(self, now: datetime) -> bool:
        """True once it can no longer be had."""
        return self.expires_at is not None and self.expires_at <= now

    def stored(self) -> Stored:
        """As outcomes keep it."""
        ends, voucher = self.expires_at, None
        if self.is_voucher:
            voucher = {"percent": self.percent, "amount": self.amount, "text": self.text or None}
        return {
            "id": self.id,
            "title": self.title,
            "source": self.source,
            "product": self.product_id,
            "tier": self.tier_id,
            "earned_at": text_of(self.earned_at),
            "expires_at": ends.isoformat() if ends else None,
            "voucher": voucher,
        }

    @classmethod
    def from_stored(cls, kept: Stored) -> Self:
        """What was kept; before there were vouchers, all were products."""
        voucher = kept.get("voucher") or {}
        return cls(
            id=kept["id"],
            title=kept["title"],
            source=kept["source"],
            product_id=kept["product"],
            tier_id=kept["tier"],
            earned_at=moment_of(kept.get("earned_at")),
            expires_at=moment_of(kept["expires_at"]),
            is_voucher=bool(voucher),
            percent=voucher.get("percent"),
            amount=voucher.get("amount"),
            text=voucher.get("text") or "",
        )


BONUS = columns(BonusView, "b")


class ProgressView(NamedTuple):
    """One counter of a card; `tier` is None for the only one."""

    tier: TierView | None
    open: int
    debt: int
    threshold: int

    @property
    def missing(self) -> int:
        """The units until the next bonus, an older debt included."""
        return max(0, self.threshold + self.debt - self.open)

    def stored(self) -> Stored:
        """As outcomes keep it."""
        return {
            "tier": self.tier.stored() if self.tier else None,
            "open": self.open,
            "debt": self.debt,
            "threshold": self.threshold,
        }

    @classmethod
    def from_stored(cls, kept: Stored) -> Self:
        """What was kept."""
        tier = TierView.from_stored(kept.get("tier"))
        return cls(tier, kept["open"], kept["debt"], kept["threshold"])


class CardView(NamedTuple):
    """A card at one version of its state.

    `created_at` is None where an older release kept the answer; `last_visit_at` also where all
    visits were taken back.
    """

    id: int
    version: int
    program_id: int
    points: int
    created_at: datetime | None
    last_visit_at: datetime | None
    bonuses: tuple[BonusView, ...]
    progress: tuple[ProgressView, ...]
    streak: StreakView | None = None
    level: LevelView | None = None

    def stored(self) -> Stored:
        """As outcomes keep it."""
        kept = self.stored_in_brief()
        kept["created_at"] = text_of(self.created_at)
        kept["last_visit_at"] = text_of(self.last_visit_at)
        kept["streak"] = self.streak.stored() if self.streak else None
        kept["level"] = self.level.stored() if self.level else None
        return kept

    def stored_in_brief(self) -> Stored:
        """What is kept of a card that nobody was shown."""
        return {
            "id": self.id,
            "version": self.version,
            "program": self.program_id,
            "points": self.points,
            "bonuses": [bonus.stored() for bonus in self.bonuses],
            "progress": [each.stored() for each in self.progress],
        }

    @classmethod
    def from_stored(cls, kept: Stored, *, at: datetime) -> Self:
        """What was kept by a collect at this moment."""
        last = kept.get("last_visit_at", at)
        return cls(
            id=kept["id"],
            version=kept["version"],
            program_id=kept["program"],
            points=kept["points"],
            created_at=moment_of(kept.get("created_at")),
            # Before cards told their last visit, answers knew that of the collect alone.
            last_visit_at=at if last is at else moment_of(last),
            bonuses=tuple(map(BonusView.from_stored, kept["bonuses"])),
            progress=tuple(map(ProgressView.from_stored, kept["progress"])),
            streak=StreakView.from_stored(kept.get("streak")),
            level=LevelView.from_stored(kept.get("level")),
        )


class TierCredit(NamedTuple):
    """The units that a tier's counter was given."""

    tier: TierView
    units: int

    def stored(self) -> Stored:
        """As outcomes keep it."""
        return {"tier": self.tier.stored(), "units": self.units}

    @classmethod
    def from_stored(cls, kept: Stored) -> Self:
        """What was kept."""
        tier = kept["tier"]
        return cls(TierView(tier["id"], tier["name"], tier["rank"]), kept["units"])


class CollectOutcome(NamedTuple):
    """What a collect gave, and the card right after it; `per_tier` where tiers count by themselves.

    `bonuses` are those that it raised; `at` is when the code was scanned.
    """

    session_id: int
    units: int
    per_tier: tuple[TierCredit, ...]
    points: int
    bonuses: tuple[BonusView, ...]
    at: datetime
    card: CardView

    def stored(self) -> Stored:
        """What the session keeps, for anybody who asks again."""
        return self._stored(self.card.stored())

    def stored_in_brief(self) -> Stored:
        """The same of a sale that never was on a screen."""
        return self._stored(self.card.stored_in_brief())

    def _stored(self, card: Stored) -> Stored:
        return {
            "session": self.session_id,
            "units": self.units,
            "per_tier": [each.stored() for each in self.per_tier],
            "points": self.points,
            "bonuses": [bonus.stored() for bonus in self.bonuses],
            "at": self.at.isoformat(),
            "card": card,
        }

    @classmethod
    def from_stored(cls, kept: Stored) -> Self:
        """What a session kept, whichever release wrote it."""
        at = datetime.fromisoformat(kept["at"])
        return cls(
            session_id=kept["session"],
            units=kept["units"],
            per_tier=tuple(map(TierCredit.from_stored, kept["per_tier"])),
            points=kept["points"],
            bonuses=tuple(map(BonusView.from_stored, kept["bonuses"])),
            at=at,
            card=CardView.from_stored(kept["card"], at=at),
        )
