"""Have a denial whose run has ended wait for a person again, at the same place as before."""

from typing import Any

from agent.desk import Desk
from agent.graph import Machine


def reopen(machine: Machine, thread: Any, desk: Desk) -> None:
    """Put the thread back to where its draft was verified and a person was asked, and let it ask.

    Its work stands as it was made; only the decision is open again. Cut off anywhere, it is done again.
    """
    machine.update_state(thread, {"route": "review"}, as_node="verify")
    machine.invoke(None, thread, context=desk, durability="sync")
