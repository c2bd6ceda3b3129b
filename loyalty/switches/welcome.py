"""A bonus for a person's first collect."""

from loyalty.switches.reward import Reward, is_right, is_same_reward, read_reward
from loyalty.switches.switch import Switch

WELCOME_REWARD = Switch[Reward | None](
    off=None,
    is_right=is_right,
    # A welcome that comes in is a gain.
    is_as_good=lambda new, old: old is None or is_same_reward(new, old),
    read=read_reward,
    with_rewards=lambda reward, name: name(reward) if reward else None,
)
