"""Facts about the dose: given against billed, given against ordered, units against limits."""

from decimal import Decimal

from agent.diagnosis import sources
from agent.diagnosis.authorized_amount import billed_that_day
from agent.diagnosis.body import body_on
from agent.diagnosis.given import GivenDose, drug_of, given_dose, order_in_force, orders_by
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day, number
from knowledge.codes import Setting
from knowledge.types.chart import Order
from knowledge.types.evidence import Fact
from tools.chart.quantity import doses_in
from tools.dosing.ordered import ordered_dose
from tools.dosing.units import in_mg


def dose_evidence(q: Inquiry, given: GivenDose) -> tuple[str, ...]:
    """Keep each charted administration as evidence."""
    kept = []
    for dose in given.doses:
        amount = f"{number(dose.dose.value)} {dose.dose.unit}" if dose.dose else "an unstated dose"
        waste = f", {number(dose.discarded.value)} {dose.discarded.unit} discarded" if dose.discarded else ""
        says = f"{dose.drug or dose.hcpcs}: {amount} given on {day(dose.day)}{waste}"
        kept.append(sources.chart(q, dose.resource, says))
    return tuple(kept)


def _billed_given(q: Inquiry) -> Decimal | None:
    """Sum the units billed as given that day: every line of the code without JW."""
    lines = [line for line in q.lines_of_code() if "JW" not in line.modifiers]
    if not lines:
        return None if q.case.claim is not None else q.billed_units
    if any(line.units is None for line in lines):
        return None
    return sum((line.units for line in lines if line.units is not None), Decimal(0))


@check
def dose_given_equals_billed(q: Inquiry) -> Fact:
    """Whether the dose charted at the chairside comes to the units billed as given (domain facts 4.2, 7.2)."""
    if drug_of(q) is None:
        return yes(f"{q.hcpcs or 'The service'} is no drug with a dose")
    given, billed = given_dose(q), _billed_given(q)
    if given.units is None or given.amount is None:
        return unknown("The dose given is not charted", *dose_evidence(q, given), missing=given.missing)
    if billed is None:
        return unknown("The units billed as given are not known", missing=("the claim as submitted (837)",))
    drug = drug_of(q)
    unit = f"{number(drug.unit_qty)} {drug.unit_uom}" if drug and drug.unit_qty is not None else ""
    shown = f"{number(given.amount)} {given.measure}"
    arithmetic = sources.calculation(
        q, "units-given", f"{shown} at {unit} a unit is {number(given.units)} units; {number(billed)} billed"
    )
    values = {
        "hcpcs": q.hcpcs,
        "service_date": day(q.service_date),
        "billed_units": number(billed),
        "given_units": number(given.units),
        "dose_given": shown,
        "unit_size": unit,
        "drug": drug.generic if drug else "",
        **_order_change(q),
    }
    evidence = (sources.claim_line(q), *dose_evidence(q, given), *_order_evidence(q), arithmetic)
    if billed == given.units:
        return yes(f"{number(billed)} units billed and {shown} given agree", *evidence, **values)
    return no(f"{number(billed)} units billed, {number(given.units)} given ({shown})", *evidence, **values)


@check
def dose_from_a_note_alone(q: Inquiry) -> Fact:
    """Whether the dose rests on a note's words, with no administration charted and no order of the same dose."""
    given = given_dose(q)
    noted = [dose for dose in given.doses if dose.resource.startswith("DocumentReference")]
    if not noted:
        return no("The administration is charted, or nothing is")
    follows = q.fact("dose-given-follows-order")
    if follows.truth == "confirmed":
        return no(f"The note's dose is the one ordered: {follows.says}", *follows.evidence)
    return yes("Only a note tells the dose given, and no order bears it out", *dose_evidence(q, given))


def _described(order: Order) -> str:
    dose = f"{number(order.dose.value)} {order.dose.unit}" if order.dose else order.text
    return f"{dose} every {_interval(order.interval_days)}" if order.interval_days else dose


def _interval(days: int) -> str:
    return f"{days // 7} weeks" if days % 7 == 0 and days > 7 else ("week" if days == 7 else f"{days} days")


def _change(q: Inquiry) -> tuple[Order, Order] | None:
    """Find the order in force and the one before it, when dose or interval changed between them."""
    newer = order_in_force(q)
    if newer is None:
        return None
    older = next((order for order in orders_by(q) if str(order.ordered_on) < str(newer.ordered_on)), None)
    if older is None or (newer.dose, newer.interval_days) == (older.dose, older.interval_days):
        return None
    return newer, older


def _order_change(q: Inquiry) -> dict[str, str]:
    changed = _change(q)
    if changed is None or changed[0].dose is None or not changed[0].interval_days:
        return {}
    newer, older = changed
    assert newer.dose is not None
    assert newer.interval_days is not None
    return {
        "order_dose": f"{number(newer.dose.value)} {newer.dose.unit}",
        "order_interval": _interval(newer.interval_days),
        "ordered_on": day(newer.ordered_on),
        "order_before": _described(older),
    }


def _order_evidence(q: Inquiry) -> tuple[str, ...]:
    changed, current = _change(q), order_in_force(q)
    orders = changed or ((current,) if current else ())
    return tuple(
        sources.chart(q, order.resource, f"Order of {day(order.ordered_on)}: {_described(order)}") for order in orders
    )


@check
def dose_given_follows_order(q: Inquiry) -> Fact:
    """Whether the dose given lies within rounding of the dose ordered for this body (domain facts 4.1)."""
    given, order = given_dose(q), order_in_force(q)
    if given.amount is None or given.measure != "mg":
        return unknown("The dose given is not charted in mg", missing=given.missing)
    if order is None:
        return unknown("No order is charted", missing=(f"the order for {q.hcpcs}",))
    drug = drug_of(q)
    name, body = drug.generic if drug else "", body_on(q)
    ordered = ordered_dose(order.dose, body, name)
    covers = ordered.covers(given.amount)
    if covers is False:
        # A loading dose before the usual one, or the order's own dose per kg with the weight of the day.
        covers = any(ordered_dose(other, body, name).covers(given.amount) for other in doses_in(order.text))
    evidence = (*dose_evidence(q, given), *_order_evidence(q))
    if covers is None:
        return unknown("The ordered dose cannot be computed", *evidence, missing=ordered.missing)
    says = f"{number(given.amount)} mg given, ordered {_described(order)} ({'; '.join(ordered.how)})"
    values = {"dose_given": f"{number(given.amount)} mg", "order_words": _described(order)}
    return yes(says, *evidence, **values) if covers else no(says, *evidence, **values)


def _limit(q: Inquiry) -> tuple[Decimal, str, str, bool] | None:
    """Find the day's limit of the code: the payer's own, else the code table's; and whether it is absolute."""
    payer, served = q.case.payer, q.service_date
    if payer is not None and q.hcpcs in payer.max_units:
        says = f"{payer.name} allows {number(payer.max_units[q.hcpcs])} units of {q.hcpcs} a day (max_units)"
        setting = sources.payer_setting(q, "max_units", says)
        return payer.max_units[q.hcpcs], f"{payer.name}'s own limit", setting, False
    if served is None:
        return None
    claim = q.case.claim
    place = (q.subject.place_of_service if q.subject else "") or (claim.place_of_service if claim else "")
    site: Setting = "outpatient" if place in ("19", "22") else "practitioner"
    mue = q.codes.mue_limit(q.hcpcs, served, site)
    if mue is None:
        return None
    says = f"MUE of {q.hcpcs} is {number(Decimal(mue.value))} units a day (MAI {mue.mai}), table of {mue.table_date}"
    return (
        Decimal(mue.value),
        f"MUE table of {mue.table_date}",
        sources.code_table(q, "mue", q.hcpcs, says, part=site),
        mue.mai == 2,
    )


@check
def units_over_limit(q: Inquiry) -> Fact:
    """Whether the day's units of the code, discarded drug included, exceed payer limit or MUE (facts 4.4)."""
    total, limit = billed_that_day(q), _limit(q)
    if total is None:
        return unknown("The units billed are not known", missing=("the units billed",))
    if limit is None:
        return unknown(f"No daily limit of {q.hcpcs} is known", missing=(f"the payer's limit for {q.hcpcs}",))
    value, source, evidence, _ = limit
    values = {
        "day_units": number(total),
        "unit_limit": number(value),
        "limit_source": source,
        "hcpcs": q.hcpcs,
        "service_date": day(q.service_date),
    }
    says = f"{number(total)} units that day against a limit of {number(value)} ({source})"
    lines = (sources.claim_line(q), evidence)
    return yes(says, *lines, **values) if total > value else no(says, *lines, **values)


@check
def limit_is_absolute(q: Inquiry) -> Fact:
    """Whether the limit cannot be overturned with records (MUE adjudication indicator 2)."""
    limit = _limit(q)
    if limit is None:
        return unknown("No daily limit is known")
    return yes("The limit is absolute (MAI 2)", limit[2]) if limit[3] else no("The limit can be appealed", limit[2])


def mg_given(given: GivenDose) -> Decimal | None:
    """Return the milligrams given in all; None when one dose is no mass."""
    amounts = [in_mg(dose.dose) for dose in given.doses]
    if not amounts or any(amount is None for amount in amounts):
        return None
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


@check
def dose_is_supported(q: Inquiry) -> Fact:
    """Whether the dose given follows its order, or, without one, its label's dose, or an authorization allows it.

    A dose above its label or the body of the day is not supported, whatever the order says.
    """
    ordered, over = q.fact("dose-given-follows-order"), q.fact("dose-over-label-or-body")
    if over.truth == "confirmed":
        return no(over.says, *over.evidence, **over.values)
    if ordered.truth != "unknown":
        return ordered
    approved, enough = q.fact("authorization-approved"), q.fact("authorization-units-enough")
    if (
        approved.truth == "confirmed"
        and enough.truth == "confirmed"
        and q.fact("authorization-lists-code").truth == "confirmed"
    ):
        given = given_dose(q)
        shown = f"{number(given.amount)} {given.measure}" if given.amount is not None else ""
        return yes(f"{approved.says}; {enough.says}", *approved.evidence, *enough.evidence, dose_given=shown)
    if over.truth == "refuted" and order_in_force(q) is None:
        return yes(over.says, *over.evidence, **over.values)
    return ordered
