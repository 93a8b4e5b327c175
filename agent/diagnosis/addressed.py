"""Texts of a case that speak to a program instead of to people: nothing that rests on them goes without a person."""

from functools import lru_cache

from agent.diagnosis.inquiry import Inquiry
from agent.shield.orders import orders_a_program
from knowledge.types.diagnosis import ReviewReason


def addressed_to_programs(q: Inquiry) -> tuple[ReviewReason, ...]:
    """Return a reason for review where a document of the chart or the policy orders a program; empty where none does.

    Whoever plants such words may plant results beside them, and the checks believe what stands plainly.
    """
    chart, policy = q.case.chart, q.case.policy
    found = [document.kind or "A document" for document in (chart.documents if chart else ()) if _orders(document.text)]
    found += [f"{policy.policy_id} {s.heading}" for s in policy.sections if _orders(s.text)] if policy else []
    if not found:
        return ()
    says = f"{found[0]} speaks to a program that reads it: a person must look at the text and at what rests on it"
    return (ReviewReason(code="text-addresses-a-program", says=says),)


@lru_cache(maxsize=4096)
def _orders(text: str) -> bool:
    return orders_a_program(text)
