"""Why a patient may never be billed for a denied amount: rules as data (`bars.csv`), each with its source."""

import csv
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files

from agent.diagnosis.case import Case
from agent.diagnosis.printed import day, listed, money
from knowledge.types.denial import DenialAdjustment
from knowledge.types.practice import CoverageSpan, Frozen

QMB_CARCS = frozenset({"303"})
QMB_REMARKS = frozenset({"N192", "N781", "N782", "N783"})
"""What a remittance says of a qualified Medicare beneficiary (domain facts 1.5)."""
MEDICAID = frozenset({"medicaid", "medicaid_mco"})
NECESSITY = frozenset({"50", "55", "56", "151", "153"})
"""Denials for which Medicare holds the patient harmless without a signed notice (Social Security Act 1879)."""


class PatientBar(Frozen):
    """One reason for which the patient is not billed: a sentence with the values of the case, and the rule's source."""

    code: str
    says: str
    source: str


@cache
def _rules() -> dict[str, dict[str, str]]:
    text = files(__package__).joinpath("bars.csv").read_text(encoding="utf-8")
    return {row["code"]: row for row in csv.DictReader(text.splitlines())}


def patient_bars(case: Case) -> tuple[PatientBar, ...]:
    """Return every reason for which the denied amount may not be asked of the patient; empty = none is known.

    An empty answer does not say that the patient may be billed: a person decides that (contract rule 2).
    """
    return tuple(dict.fromkeys(_found(case)))


def _found(case: Case) -> Iterator[PatientBar]:
    denial = case.denial
    yield from _assigned(denial.adjustments)
    told = sorted({a.carc for a in denial.adjustments} & QMB_CARCS) + sorted(set(denial.remarks) & QMB_REMARKS)
    if told:
        yield _bar("qmb", codes=listed(told))
    served = _served(case)
    yield from _by_plan(case, served)
    yield from _without_notice(case)


def _assigned(adjustments: tuple[DenialAdjustment, ...]) -> Iterator[PatientBar]:
    """Give what the payer put on anybody but the patient; a denial without a reason was put on nobody."""
    for code, groups in (("contractual", ("CO",)), ("not-assigned", ("OA", "PI", "CR"))):
        held = [a for a in adjustments if a.group in groups]
        if held:
            total = sum((a.amount for a in held[1:]), held[0].amount)
            yield _bar(code, amount=money(total), codes=listed([f"{a.group}-{a.carc}" for a in held]))
    if not adjustments:
        yield _bar("not-assigned", amount="the denied amount", codes="no adjustment stands on the remittance")


def _by_plan(case: Case, served: date | None) -> Iterator[PatientBar]:
    payer, names = case.payer, {payer.id: payer for payer in case.payers}
    if payer is not None and payer.line_of_business in MEDICAID:
        member = case.claim.member_id if case.claim is not None else "as on the remittance"
        yield _bar("medicaid", plan=payer.name, day=day(served), member=member, trace="the plan that denied it")
    for row in case.coverage:
        if not _in_force(row, served):
            continue
        plan = names.get(row.payer_id)
        values = {
            "plan": plan.name if plan is not None else row.payer_id,
            "day": day(served),
            "member": row.member_id,
            "trace": row.trace or row.source,
        }
        kinds = {row.plan_type, plan.line_of_business if plan is not None else ""}
        if kinds & MEDICAID and row.payer_id != (payer.id if payer is not None else None):
            yield _bar("medicaid", **values)
        elif row.plan_type == "hospice":
            yield _bar("hospice", **values)
        elif row.plan_type == "snf":
            yield _bar("nursing-stay", **values)


def _without_notice(case: Case) -> Iterator[PatientBar]:
    line, payer = case.denial.line, case.payer
    modifiers = {*(line.modifiers if line is not None else ()), *(case.line.modifiers if case.line is not None else ())}
    if "GZ" in modifiers:
        yield _bar("gz")
    denied = sorted({a.carc for a in case.denial.adjustments} & NECESSITY)
    if payer is not None and payer.line_of_business == "medicare_ffs" and denied and "GA" not in modifiers:
        yield _bar("no-notice", codes=listed(denied))


def _in_force(row: CoverageSpan, served: date | None) -> bool:
    """Tell whether a span covers the day; where the day is not known, any span counts: in doubt nobody is billed."""
    if served is None:
        return True
    return (row.start_date is None or row.start_date <= served) and (row.end_date is None or served <= row.end_date)


def _served(case: Case) -> date | None:
    if case.denial.line is not None and case.denial.line.service_date is not None:
        return case.denial.line.service_date
    return min((line.start_date for line in case.claim.lines if line.start_date), default=None) if case.claim else None


def _bar(code: str, **values: str) -> PatientBar:
    rule = _rules()[code]
    says = rule["says"].format_map(values)
    return PatientBar(code=code, says=says[0].upper() + says[1:], source=rule["source"])
