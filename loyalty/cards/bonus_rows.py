"""What the row of a bonus says of what it gives, however the bonus came to be."""

from typing import Any

from loyalty.counting.occasions import EarnedReward


def present_values(earned_reward: EarnedReward, *, person: int | None) -> dict[str, Any]:
    """What the row of any bonus says of what it gives, and for what."""
    gift = earned_reward.gift
    return {
        "source": earned_reward.source.value,
        "title": gift.title,
        "product_id": gift.product_id,
        "tier_id": earned_reward.tier_id,
        "is_voucher": gift.is_voucher,
        "percent": gift.percent,
        "amount": gift.amount,
        "text": gift.text,
        "worth": gift.worth,
        "level_id": earned_reward.level_id,
        "person": person if earned_reward.occasion else None,
        "occasion": earned_reward.occasion,
    }
