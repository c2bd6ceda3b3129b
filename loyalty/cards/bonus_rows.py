"""What the row of a bonus says of what it gives, however the bonus came to be."""

from typing import Any

from loyalty.counting.occasions import Present


def present_values(present: Present, *, person: int | None) -> dict[str, Any]:
    """What the row of any bonus says of what it gives, and for what."""
    gift = present.gift
    return {
        "source": present.source,
        "title": gift.title,
        "product_id": gift.product_id,
        "tier_id": present.tier_id,
        "is_voucher": gift.is_voucher,
        "percent": gift.percent,
        "amount": gift.amount,
        "text": gift.text,
        "worth": gift.worth,
        "level_id": present.level_id,
        "person": person if present.occasion else None,
        "occasion": present.occasion,
    }
