"""What a full card gives instead of the program's product."""

from loyalty.switches.reward import Reward, is_right, is_same_reward, read_reward
from loyalty.switches.switch import Switch

CARD_REWARD = Switch[Reward | None](
    off=None,
    is_right=is_right,
    is_as_good=is_same_reward,
    read=read_reward,
    with_rewards=lambda reward, name: name(reward) if reward else None,
)
