"""Facts about quantity: the units billed against a dose, the doses, and what earlier ones left."""

import re
from decimal import Decimal

from agent.diagnosis import sources
from agent.diagnosis.authorization_row import (
    line_values,
    linked_row,
    none_on_file,
    row_values,
)
from agent.diagnosis.authorized_amount import (
    AuthorizedAmount,
    authorized_amount,
    billed_that_day,
    mg_per_unit,
    vial_milligrams,
)
from agent.diagnosis.given import names_drug
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import number
from knowledge.types.chart import Document
from knowledge.types.evidence import Fact
from knowledge.types.practice import Authorization
from tools.chart.sentences import is_negated, sentences
from tools.dosing.vials import opening_of, smallest_opening


@check
def authorization_units_enough(q: Inquiry) -> Fact:
    """Whether the units of the day fit the authorization: a dose, the number of doses, what is left of the total."""
    row = linked_row(q)
    if row is None:
        return none_on_file()
    evidence = (sources.authorization(q, row), sources.claim_line(q))
    amount = authorized_amount(q, row)
    billed, granted = amount.billed, amount.allowed
    if billed is None:
        return unknown("The units billed are not known", *evidence, missing=("the units billed",))
    values = {**row_values(row), **line_values(q), **_quantity(row)}
    limit = granted.per_dose
    if limit is not None and billed > limit:
        says = f"{number(billed)} units billed, {number(limit)} units authorized a dose"
        shown = sources.calculation(q, "authorized-units", f"{says}; {granted.says}")
        stated = {"auth_units": number(limit), "auth_per": "a dose", "auth_limit": f"{number(limit)} units a dose"}
        return no(says, *evidence, shown, **{**values, **stated})
    if amount.left is not None and billed > amount.left:
        return _overdrawn(q, amount, evidence, values)
    if granted.doses is not None and amount.used.doses >= granted.doses:
        says = f"{amount.used.doses} earlier doses used the {number(granted.doses)} doses authorized"
        shown = sources.calculation(q, "authorized-doses", says)
        spent = {"auth_limit": f"{number(granted.doses)} doses in all", "auth_per": ""}
        return no(says, *evidence, shown, **{**values, **spent})
    if (granted.doses is not None or granted.total is not None) and (told := _given_elsewhere(q, row)) is not None:
        document, words = told
        shown = sources.chart(q, document.resource, f"{document.kind}: {words}", quote=words)
        says = f"Doses were given elsewhere, how many is not known: {words}"
        return unknown(says, *evidence, shown, missing=(f"how much of {row.auth_number} was used elsewhere",))
    if row.quantity_basis == "vials" and limit is None and granted.total is None:
        return _in_vials(q, row, evidence, values)
    if limit is None and granted.total is None and granted.doses is None:
        return unknown(granted.says or "The authorization states no quantity", *evidence, missing=granted.missing)
    says = f"{number(billed)} units fit {granted.says}"
    return yes(says, *evidence, sources.calculation(q, "authorized-units", says), **values)


@check
def authorized_doses_used_up(q: Inquiry) -> Fact:
    """Whether earlier doses had used all that was authorized: more is asked for than the payer ever approved."""
    row = linked_row(q)
    if row is None:
        return none_on_file()
    amount = authorized_amount(q, row)
    evidence = (sources.authorization(q, row),)
    if amount.allowed.doses is not None and amount.used.doses >= amount.allowed.doses:
        return yes(f"{amount.used.doses} earlier doses used the {number(amount.allowed.doses)} authorized", *evidence)
    if amount.left is not None and amount.left <= 0:
        return yes("Nothing was left of the units authorized", *evidence)
    return no("Some of what was authorized was left", *evidence)


ELSEWHERE = re.compile(
    r"\b(?:transferred (?:care|from|here|in)|transfer of care|moved (?:up |here |down )?from|begun there|started there"
    r"|given (?:there|elsewhere)"
    r"|(?:begun|started|received|given) (?:at|by) (?:another|an outside|the previous|his former|her former)"
    r"|outside (?:facility|hospital|clinic|oncologist|infusion))\b",
    re.IGNORECASE,
)
"""Words by which a note tells that a course began in other hands: what it used there stands in no record here."""


def _given_elsewhere(q: Inquiry, row: Authorization) -> tuple[Document, str] | None:
    """Find a note of the authorization's time that tells of a course begun elsewhere, and the drug in it."""
    for document in q.case.chart.documents if q.case.chart else ():
        served = q.service_date
        in_time = document.day is not None and served is not None and document.day <= served
        if not in_time or (row.start_date is not None and document.day is not None and document.day < row.start_date):
            continue
        if not names_drug(q, document.text):
            continue
        for sentence in sentences(document.text):
            if ELSEWHERE.search(sentence.text) and not is_negated(sentence.text):
                return document, sentence.text
    return None


def _quantity(row: Authorization) -> dict[str, str]:
    if row.quantity is None:
        return {}
    basis = (row.quantity_basis or "units").replace("billing_units", "units").replace("_", " ")
    return {
        "auth_quantity": f"{number(row.quantity)} {basis}",
        "auth_per": "a dose" if row.per == "dose" else "in all",
    }


def _overdrawn(q: Inquiry, amount: AuthorizedAmount, evidence: tuple[str, ...], values: dict[str, str]) -> Fact:
    billed, left = amount.billed or Decimal(0), amount.left or Decimal(0)
    total = amount.allowed.total or Decimal(0)
    says = (
        f"{number(billed)} units billed, {number(max(left, Decimal(0)))} left of {number(total)} authorized after "
        f"{number(amount.used.units)} used by {amount.used.doses} earlier doses"
    )
    shown = sources.calculation(q, "authorized-units-left", says)
    return no(
        says,
        *evidence,
        shown,
        **{
            **values,
            "auth_units": number(total),
            "auth_per": "in all",
            "auth_limit": f"{number(total)} units in all",
            "units_used": number(amount.used.units),
            "units_left": number(max(left, Decimal(0))),
        },
    )


def _in_vials(q: Inquiry, row: Authorization, evidence: tuple[str, ...], values: dict[str, str]) -> Fact:
    """Compare in vials where several sizes are sold: the fewest that make up what is billed, given and discarded."""
    per_unit, billed, sizes = mg_per_unit(q), billed_that_day(q), vial_milligrams(q)
    asked = (f"authorization {row.auth_number}: which vials it counts",)
    if per_unit is None or billed is None or row.quantity is None or row.per != "dose":
        return unknown("The vials authorized cannot be compared with the units billed", *evidence, missing=asked)
    opening = opening_of(billed * per_unit, sizes) or smallest_opening(billed * per_unit, sizes)
    if opening is None:
        return unknown("The vials opened are not known", *evidence, missing=asked)
    opened = sum(count for _, count in opening.vials)
    says = f"{number(billed)} units are {opening.says()}: {opened} vials, {number(row.quantity)} authorized a dose"
    shown = sources.calculation(q, "authorized-vials", says)
    if opened <= row.quantity:
        return yes(says, *evidence, shown, **values)
    return no(says, *evidence, shown, **{**values, "auth_limit": f"{number(row.quantity)} vials a dose"})
