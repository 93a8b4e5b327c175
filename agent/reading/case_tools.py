"""Tools that answer from the records of a case: adjudication, authorizations, dose, codes, time, coverage."""

from collections.abc import Iterable, Mapping
from typing import Any

from agent.diagnosis.inquiry import CHECKS, Inquiry
from agent.diagnosis.printed import day, money, number
from agent.reading.library import Library

_AUTHORIZATION = (
    "authorization-approved", "authorization-number-on-claim", "authorization-lists-code",
    "service-inside-authorization-dates", "authorization-for-this-provider-and-site", "authorization-lists-diagnosis",
    "authorization-units-enough",
)  # fmt: skip
_DOSE = (
    "dose-given-equals-billed", "dose-given-follows-order", "units-over-limit", "dose-interval-too-short",
    "waste-billed-is-supported",
)  # fmt: skip
_TIME = ("accepted-within-filing-limit",)


def remit_line(q: Inquiry, _library: Library, _asked: Mapping[str, Any]) -> object:
    """Return the denied line as adjudicated; meanings in the code tables' own words."""
    denial = q.case.denial
    return {
        "hcpcs": q.hcpcs,
        "service_date": day(q.service_date),
        "amount_at_stake": money(denial.amount_at_stake),
        "reasons": [
            {
                "group": item.group,
                "carc": item.carc,
                "amount": money(item.amount),
                "means": [row.meaning for row in q.codes.carc.classify_as(item.carc)],
            }
            for item in denial.adjustments
        ],
        "remarks": [
            {"rarc": code, "means": row.meaning if (row := q.codes.rarc.lookup(code)) else "not in the table"}
            for code in denial.remarks
        ],
    }


def authorizations(q: Inquiry, _library: Library, _asked: Mapping[str, Any]) -> object:
    """Return the member's authorizations, and what the checks say of the one joined to the line."""
    rows = [
        {
            "auth_number": row.auth_number,
            "status": row.status,
            "hcpcs": list(row.hcpcs),
            "diagnoses": list(row.diagnosis_codes),
            "quantity": number(row.quantity) if row.quantity is not None else None,
            "basis": row.quantity_basis,
            "per": row.per,
            "doses": number(row.doses) if row.doses is not None else None,
            "from": day(row.start_date),
            "to": day(row.end_date),
            "decided_on": day(row.decided_on),
        }
        for row in q.case.authorizations
    ]
    return {"authorizations": rows, "compared_with_the_line": _answers(q, _AUTHORIZATION)}


def dose_and_units(q: Inquiry, _library: Library, _asked: Mapping[str, Any]) -> object:
    """Return what the checks of dose and units say; the arithmetic is code's."""
    return {"computed": _answers(q, _DOSE)}


def code_validity(q: Inquiry, _library: Library, asked: Mapping[str, Any]) -> object:
    """Return the state of a code on the date of service."""
    served, code = q.service_date, asked["hcpcs"]
    if served is None:
        return {"error": "the date of service is not stated"}
    state = q.codes.hcpcs.state(code, served)
    later = [item.code for item in q.codes.hcpcs.successors(code, served)]
    return {"hcpcs": code, "state": state.state, "says": state.says, "replaced_by": later}


def timeliness(q: Inquiry, _library: Library, _asked: Mapping[str, Any]) -> object:
    """Return the dates of claim and remit, and what the filing check says."""
    claim = q.case.claim
    return {
        "service_date": day(q.service_date),
        "claim_sent_on": day(claim.submitted_on) if claim else "",
        "remit_paid_on": day(q.case.denial.remit.paid_on),
        "filing": _answers(q, _TIME),
    }


def coverage(q: Inquiry, _library: Library, _asked: Mapping[str, Any]) -> object:
    """Return the member's verified coverage rows."""
    return {
        "spans": [
            {
                "payer_id": row.payer_id,
                "plan_type": row.plan_type,
                "order": row.order,
                "from": day(row.start_date),
                "to": day(row.end_date),
                "verified_on": day(row.verified_on),
            }
            for row in q.case.coverage
        ]
    }


def _answers(q: Inquiry, names: Iterable[str]) -> list[dict[str, str]]:
    facts = [q.fact(name) for name in names if name in CHECKS]
    return [{"fact": fact.name, "truth": fact.truth, "says": fact.says} for fact in facts]
