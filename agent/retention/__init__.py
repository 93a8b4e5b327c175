"""How long a practice keeps a patient's records, what is held back, and what has reached its end."""

from agent.retention.due import Ended, Kept, Standing, standing_on
from agent.retention.holds import lift_hold, place_hold
from agent.retention.policy import BadPolicy, KeepingRule, policy_of

__all__ = [
    "BadPolicy",
    "Ended",
    "KeepingRule",
    "Kept",
    "Standing",
    "lift_hold",
    "place_hold",
    "policy_of",
    "standing_on",
]
