"""The authorization joined to the case, and its plain comparisons with the claim."""

from agent.diagnosis.inquiry import Inquiry, unknown
from agent.diagnosis.printed import day, listed, number
from knowledge.types.evidence import Fact
from knowledge.types.practice import Authorization

GET_AUTH = ("the payer's record of authorizations for this member and drug",)


def linked_row(q: Inquiry) -> Authorization | None:
    """Return the authorization joined to the case; None when none is."""
    return q.case.authorization


def none_on_file() -> Fact:
    """Answer a question about an authorization that is not there."""
    return unknown("No authorization is joined to this line", missing=GET_AUTH)


def claim_numbers(q: Inquiry) -> tuple[str, ...]:
    """Return the authorization numbers the claim carries (REF*G1 of the line, then of the claim)."""
    claim = q.case.claim
    if claim is None:
        return ()
    return (*(q.subject.authorizations if q.subject else ()), *claim.authorizations)


def same_number(one: str, other: str) -> bool:
    """Tell whether two authorization numbers are one, blanks and case aside."""
    return one.strip().casefold() == other.strip().casefold()


def lists_code(q: Inquiry, row: Authorization) -> bool:
    """Tell whether a row lists the code in question; a row without codes lists all."""
    return not row.hcpcs or q.hcpcs in row.hcpcs


def in_dates(q: Inquiry, row: Authorization) -> bool:
    """Tell whether the day of service lies inside a row's dates, both ends included."""
    served = q.service_date
    if served is None:
        return False
    return (row.start_date is None or row.start_date <= served) and (row.end_date is None or served <= row.end_date)


def row_values(row: Authorization) -> dict[str, str]:
    """Return a row's slots for sentences and letters."""
    return {
        "auth_number": row.auth_number,
        "auth_codes": listed(row.hcpcs),
        "auth_start": day(row.start_date),
        "auth_end": day(row.end_date),
    }


def line_values(q: Inquiry) -> dict[str, str]:
    """Return the claim line's slots for sentences and letters."""
    payer, claim = q.case.payer, q.case.claim
    return {
        "hcpcs": q.hcpcs,
        "service_date": day(q.service_date),
        "payer_name": payer.name if payer else "",
        "member_id": claim.member_id if claim else "",
        "billed_units": number(q.billed_units) if q.billed_units is not None else "",
    }
