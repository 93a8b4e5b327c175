"""Facts about authorization numbers: which the claim carries, and which it should."""

from agent.diagnosis import sources
from agent.diagnosis.authorization_row import (
    GET_AUTH,
    claim_numbers,
    in_dates,
    line_values,
    linked_row,
    lists_code,
    none_on_file,
    row_values,
    same_number,
)
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day, listed
from knowledge.types.evidence import Fact
from knowledge.types.practice import Authorization


@check
def authorization_number_on_claim(q: Inquiry) -> Fact:
    """Whether the claim as submitted carries the authorization's number (REF*G1)."""
    row = linked_row(q)
    if row is None:
        return none_on_file()
    if q.case.claim is None:
        return unknown("The claim as submitted is not in the records", missing=("the claim as submitted (837)",))
    sent = claim_numbers(q)
    if any(same_number(row.auth_number, number_sent) for number_sent in sent):
        return yes(
            f"The claim carries {row.auth_number}",
            sources.claim_header(q, f"The claim carries authorization {row.auth_number}", "REF*G1"),
        )
    return no(f"The claim carries {listed(sent) or 'no authorization number'}", sources.claim_line(q))


@check
def claim_carries_no_authorization_number(q: Inquiry) -> Fact:
    """Whether REF*G1 is absent from line and claim."""
    if q.case.claim is None:
        return unknown("The claim as submitted is not in the records", missing=("the claim as submitted (837)",))
    sent = claim_numbers(q)
    if not sent:
        return yes(
            "The claim carries no authorization number",
            sources.claim_line(q),
            claim_auth_words="no authorization number",
        )
    return no(
        f"The claim carries {listed(sent)}",
        sources.claim_header(q, f"The claim carries authorization {listed(sent)}", "REF*G1"),
        claim_auth_words=f"authorization number {listed(sent)}",
    )


@check
def claim_carries_no_number_for_code(q: Inquiry) -> Fact:
    """Whether no number on the claim can be an approval of this code: none is there, or those there list other codes.

    A number no record holds may approve it.
    """
    none = q.fact("claim-carries-no-authorization-number")
    if none.truth != "refuted":
        return none
    sent = claim_numbers(q)
    rows = {number: [r for r in q.case.authorizations if same_number(r.auth_number, number)] for number in sent}
    strange = [number for number, held in rows.items() if not held]
    listing = [number for number, held in rows.items() if any(lists_code(q, row) for row in held)]
    if strange or listing:
        return none
    codes = sorted({code for held in rows.values() for row in held for code in row.hcpcs})
    says = f"The claim carries {listed(sent)}, which lists {listed(codes)}"
    evidence = tuple(sources.authorization(q, row) for held in rows.values() for row in held)
    words = f"authorization number {listed(sent)}, which lists {listed(codes)}"
    return yes(says, *none.evidence, *evidence, claim_auth_words=words)


def _covering(q: Inquiry) -> list[Authorization]:
    return [
        row
        for row in q.case.authorizations
        if row.status == "approved" and row.hcpcs and lists_code(q, row) and in_dates(q, row)
    ]


@check
def covering_authorization_on_file(q: Inquiry) -> Fact:
    """Whether any approved authorization of this member and payer lists the code and covers the day."""
    rows = _covering(q)
    if rows:
        row = rows[0]
        says = f"Authorization {row.auth_number} covers {q.hcpcs} on {day(q.service_date)}"
        return yes(says, *(sources.authorization(q, item) for item in rows), **row_values(row))
    return no(f"No approved authorization covers {q.hcpcs} on {day(q.service_date)}")


@check
def covering_authorization_not_on_claim(q: Inquiry) -> Fact:
    """Whether an approved authorization covered the day before it came, and its number is not on the claim."""
    if q.case.claim is None:
        return unknown("The claim as submitted is not in the records", missing=("the claim as submitted (837)",))
    if "auths" not in q.case.parts:
        return unknown("The practice's authorizations are not in the records", missing=GET_AUTH)
    sent, rows = claim_numbers(q), _covering(q)
    if any(same_number(row.auth_number, number_sent) for row in rows for number_sent in sent):
        return no("The covering authorization's number is on the claim", sources.claim_line(q))
    numbers = {row.auth_number for row in rows}
    if len(numbers) > 1:
        return unknown(
            f"Several authorizations cover the day: {listed(sorted(numbers))}",
            *(sources.authorization(q, row) for row in rows),
            missing=("which authorization covers the service",),
        )
    if not rows:
        return no(f"No approved authorization covers {q.hcpcs} on {day(q.service_date)}")
    row = rows[0]
    served = q.service_date
    if row.decided_on is not None and served is not None and row.decided_on > served:
        return no(
            f"Authorization {row.auth_number} was decided {day(row.decided_on)}, after the service",
            sources.authorization(q, row),
        )
    carried = q.fact("claim-carries-no-authorization-number")
    return yes(
        f"Authorization {row.auth_number} covers the day; {carried.says[0].lower()}{carried.says[1:]}",
        sources.authorization(q, row),
        sources.claim_line(q),
        *carried.evidence,
        claim_auth_words=carried.values.get("claim_auth_words", ""),
        **row_values(row),
        **line_values(q),
    )


@check
def numbers_on_claim_are_known(q: Inquiry) -> Fact:
    """Whether every authorization number the claim carries is one of the practice's records.

    A number that no record holds may be an approval: what the records say of another one then settles nothing.
    """
    if q.case.claim is None:
        return unknown("The claim as submitted is not in the records", missing=("the claim as submitted (837)",))
    known = [row.auth_number for row in q.case.authorizations]
    strange = [sent for sent in claim_numbers(q) if not any(same_number(number, sent) for number in known)]
    if not strange:
        return yes("Every authorization number on the claim is on file")
    return unknown(
        f"The claim carries {listed(strange)}, which no authorization on file has",
        sources.claim_header(q, f"The claim carries authorization {listed(strange)}", "REF*G1"),
        missing=(f"what {listed(strange)} approves",),
    )
