"""The dose after the next: whether the authorization that covers the next one still covers it, by days and units."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from agent.watching.authorizations import Need, Taken, judge
from agent.watching.next_dose import NextDose, next_dose
from agent.watching.treatment import Treatment
from knowledge.codes import HcpcsTable
from knowledge.types.practice import Authorization

AHEAD = timedelta(days=45)
"""How far ahead it looks: payers take up to two weeks to decide a renewal, and it must be asked for before that."""
_RENEWED = ("auth-ends-before", "auth-units-short", "auth-doses-used-up", "auth-not-yet-in-force")
"""What a renewal cures; a wrong diagnosis or site would have been wrong for the next dose already."""


def after_next(
    treatment: Treatment,
    coming: NextDose,
    need: Need,
    rows: Sequence[Authorization],
    taken: Sequence[Taken],
    table: HcpcsTable,
    as_of: date,
) -> str:
    """Say what will be wrong with the dose after the next; "" when nothing is, or when it is not known to come.

    The next dose counts as given on its day, in its amount: an order for so many doses ends with them, and then there
    is no dose after it.
    """
    last = treatment.last
    if coming.standing != "planned" or coming.expected is None or last is None:
        return ""
    given = last.model_copy(update={"day": coming.expected, "resource": f"{last.resource}#next"})
    later = replace(treatment, doses=(*treatment.doses, given))
    following = next_dose(later, coming.expected, table.lookup(need.code, as_of), need.diagnoses)
    if following.standing != "planned" or following.expected is None or following.expected > as_of + AHEAD:
        return ""
    used = (*taken, Taken(day=coming.expected, code=need.code, units=need.amount.units))
    judged = judge(rows, replace(need, day=following.expected), used, table)
    faults = [fault for fault in judged.faults if fault.kind in _RENEWED]
    return f"The dose after it, {following.expected}: {faults[0].says}. {faults[0].to_do}" if faults else ""
