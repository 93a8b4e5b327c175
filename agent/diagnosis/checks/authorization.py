"""Facts about the authorization itself: is there one, what is it for, when did it hold."""

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


@check
def authorization_on_file(q: Inquiry) -> Fact:
    """Whether the practice's records hold an authorization for this member, payer and drug."""
    row = linked_row(q)
    if row is not None:
        return yes(f"Authorization {row.auth_number} is on file", sources.authorization(q, row), **row_values(row))
    if "auths" not in q.case.parts:
        return unknown("The practice's authorizations are not in the records", missing=GET_AUTH)
    doubtful = [says for code, says in q.case.links.ambiguous if "auth" in code]
    if doubtful:
        return unknown(doubtful[0], missing=("which authorization covers the service",))
    return no("No authorization for this member, payer and drug is on file", **line_values(q))


@check
def authorization_approved(q: Inquiry) -> Fact:
    """Whether the authorization is approved."""
    row = linked_row(q)
    if row is None:
        return none_on_file()
    evidence = sources.authorization(q, row)
    says = f"Authorization {row.auth_number} is {row.status}"
    return yes(says, evidence, **row_values(row)) if row.status == "approved" else no(says, evidence, **row_values(row))


@check
def authorization_denied_before_service(q: Inquiry) -> Fact:
    """Whether the payer had denied the authorization by the date of service."""
    row = linked_row(q)
    if row is None:
        return none_on_file()
    evidence = sources.authorization(q, row)
    if row.status != "denied":
        return no(f"Authorization {row.auth_number} is {row.status}", evidence)
    if row.decided_on is not None and q.service_date is not None and row.decided_on > q.service_date:
        return no(f"It was denied on {day(row.decided_on)}, after the service", evidence)
    if row.decided_on is None:
        return unknown(
            f"Authorization {row.auth_number} is denied, on an unknown day",
            evidence,
            missing=("the date of the payer's determination",),
        )
    return yes(
        f"Authorization {row.auth_number} was denied on {day(row.decided_on)}",
        evidence,
        decided_on=day(row.decided_on),
        auth_denial_reason=row.denial_reason,
        **row_values(row),
        **line_values(q),
    )


@check
def authorization_lists_code(q: Inquiry) -> Fact:
    """Whether the billed code is among the authorization's."""
    row = linked_row(q)
    if row is None:
        return none_on_file()
    evidence = (sources.authorization(q, row), sources.claim_line(q))
    if not row.hcpcs:
        return unknown("The authorization lists no code", *evidence, missing=("the codes it was approved for",))
    values = {**row_values(row), **line_values(q), "given_code": _given_code(q)}
    if lists_code(q, row):
        return yes(f"It lists {q.hcpcs}", *evidence, **values)
    return no(f"It lists {listed(row.hcpcs)}, not {q.hcpcs}", *evidence, **values)


def _given_code(q: Inquiry) -> str:
    if q.case.chart is None:
        return ""
    codes = {dose.hcpcs for dose in q.case.chart.doses if dose.day == q.service_date and dose.hcpcs}
    row = linked_row(q)
    near = codes & {q.hcpcs, *(row.hcpcs if row else ())}
    return near.pop() if len(near) == 1 else ""


@check
def authorized_code_was_given(q: Inquiry) -> Fact:
    """Whether the chart shows the authorized product given instead of the billed one: a coding error."""
    row, given = linked_row(q), _given_code(q)
    if row is None or not given:
        return unknown("Which product was given is not charted", missing=("the product given, by NDC",))
    says = f"The chart shows {given} given on {day(q.service_date)}"
    evidence = [
        sources.chart(q, dose.resource, says)
        for dose in (q.case.chart.doses if q.case.chart else ())
        if dose.hcpcs == given and dose.day == q.service_date
    ]
    return yes(says, *evidence) if given in row.hcpcs and given != q.hcpcs else no(says, *evidence)


@check
def authorization_same_course(q: Inquiry) -> Fact:
    """Whether the authorization of another code is about this treatment: named on the claim, or in force that day."""
    row = linked_row(q)
    if row is None:
        return none_on_file()
    if any(same_number(row.auth_number, sent) for sent in claim_numbers(q)):
        return yes(f"The claim names authorization {row.auth_number}", sources.claim_line(q))
    if in_dates(q, row):
        return yes(f"Authorization {row.auth_number} was in force that day", sources.authorization(q, row))
    return no(f"Authorization {row.auth_number} was not in force and is not named on the claim")


@check
def service_inside_authorization_dates(q: Inquiry) -> Fact:
    """Whether the date of service lies inside the authorization's dates, both ends included."""
    row = linked_row(q)
    if row is None or q.service_date is None:
        return none_on_file()
    evidence = sources.authorization(q, row)
    says = f"{day(q.service_date)} against {day(row.start_date) or 'no start'} to {day(row.end_date) or 'no end'}"
    values = {**row_values(row), **line_values(q)}
    return yes(says, evidence, **values) if in_dates(q, row) else no(says, evidence, **values)


@check
def service_after_authorization_end(q: Inquiry) -> Fact:
    """Whether the service came after the authorization's last day."""
    row = linked_row(q)
    if row is None or q.service_date is None:
        return none_on_file()
    evidence = (sources.authorization(q, row), sources.claim_line(q))
    values = {**row_values(row), **line_values(q)}
    if row.end_date is None or q.service_date <= row.end_date:
        return no("The service is not after the authorization's last day", *evidence, **values)
    late = str((q.service_date - row.end_date).days)
    return yes(f"The authorization ended {late} days before", *evidence, days_after_end=late, **values)


@check
def authorization_not_in_force(q: Inquiry) -> Fact:
    """Whether the authorization was voided, still pended, or began only after the service."""
    row = linked_row(q)
    if row is None or q.service_date is None:
        return none_on_file()
    evidence = (sources.authorization(q, row), sources.claim_line(q))
    state = ""
    if row.status in ("voided", "pended"):
        state = f"it is {row.status}"
    elif row.status == "approved" and row.start_date is not None and row.start_date > q.service_date:
        state = f"it begins {day(row.start_date)}"
    if not state:
        return no(f"Authorization {row.auth_number} is {row.status} and had begun", *evidence)
    return yes(
        f"Authorization {row.auth_number}: {state}",
        *evidence,
        auth_state=state,
        **row_values(row),
        **line_values(q),
    )
