"""Facts that compare an authorization with the claim: provider and site, diagnosis."""

from agent.diagnosis import sources
from agent.diagnosis.authorization_row import (
    line_values,
    linked_row,
    none_on_file,
    row_values,
)
from agent.diagnosis.checks.diagnoses import dotless, pointed
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import listed
from knowledge.types.evidence import Fact


@check
def authorization_for_this_provider_and_site(q: Inquiry) -> Fact:
    """Whether servicing NPI and place of service on the authorization fit the claim's; blank means any."""
    row, claim = linked_row(q), q.case.claim
    if row is None:
        return none_on_file()
    evidence = (sources.authorization(q, row), sources.claim_line(q))
    if not row.servicing_npi and not row.place_of_service:
        return yes("The authorization names no provider and no site: any will do", *evidence)
    if claim is None:
        return unknown("The claim as submitted is not in the records", missing=("the claim as submitted (837)",))
    named = {**dict(claim.providers), **dict(q.subject.providers if q.subject else ())}
    ours = {npi for npi in (named.get("82"), named.get("77"), claim.billing_npi) if npi}
    place = (q.subject.place_of_service if q.subject else "") or claim.place_of_service
    shown = (*evidence, sources.claim_parties(q))
    faults: list[tuple[str, str]] = []
    if row.servicing_npi and row.servicing_npi not in ours:
        faults.append(("NPI " + row.servicing_npi, "NPI " + (named.get("82") or claim.billing_npi)))
    if row.place_of_service and row.place_of_service != place:
        faults.append(("place of service " + row.place_of_service, "place of service " + place))
    if not faults:
        return yes("Provider and site are those authorized", *shown)
    return no(
        "; ".join(f"authorized {wanted}, billed {billed}" for wanted, billed in faults),
        *shown,
        auth_place=listed([wanted for wanted, _ in faults]),
        claim_place=listed([billed for _, billed in faults]),
        **row_values(row),
        **line_values(q),
    )


def _covers_diagnosis(authorized: str, billed: str) -> bool:
    """Tell whether a diagnosis on the authorization covers a billed one: the same, or its category."""
    wanted = dotless(authorized)
    return billed == wanted or (len(wanted) <= 4 and billed.startswith(wanted))


@check
def authorization_lists_diagnosis(q: Inquiry) -> Fact:
    """Whether a diagnosis the line points to is one the authorization was given for; none listed means any."""
    row, pointers = linked_row(q), pointed(q)
    if row is None:
        return none_on_file()
    evidence = (sources.authorization(q, row), sources.claim_line(q))
    if not row.diagnosis_codes:
        return yes("The authorization names no diagnosis: any will do", *evidence)
    if not pointers:
        return unknown("The claim's diagnoses are not known", missing=("the claim as submitted (837)",))
    values = {
        "auth_diagnoses": listed(row.diagnosis_codes),
        "claim_diagnoses": listed(pointers),
        "chart_diagnoses": listed(_charted(q)),
        **row_values(row),
    }
    if any(_covers_diagnosis(wanted, billed) for wanted in row.diagnosis_codes for billed in pointers):
        return yes(f"{listed(pointers)} is authorized", *evidence, **values)
    header = sources.claim_header(q, f"Claim diagnoses {listed(pointers)}", "HI")
    return no(f"Authorized {listed(row.diagnosis_codes)}, billed {listed(pointers)}", *evidence, header, **values)


def _charted(q: Inquiry) -> tuple[str, ...]:
    if q.case.chart is None:
        return ()
    return tuple(
        condition.icd10
        for condition in q.case.chart.conditions
        if condition.icd10.startswith(("C", "D")) and condition.status not in ("entered-in-error", "refuted")
    )


@check
def charted_diagnosis_is_authorized(q: Inquiry) -> Fact:
    """Whether the chart carries the authorized diagnosis: then the claim's was a coding error."""
    row, charted = linked_row(q), _charted(q)
    if row is None or not charted:
        return unknown("The charted diagnosis is not known", missing=("pathology and the oncologist's note",))
    fits = [code for code in charted if any(_covers_diagnosis(w, dotless(code)) for w in row.diagnosis_codes)]
    conditions = q.case.chart.conditions if q.case.chart else ()
    evidence = [
        sources.chart(q, condition.resource, f"Condition {condition.icd10} {condition.text}".strip())
        for condition in conditions
        if condition.icd10 in charted
    ]
    if fits:
        return yes(f"The chart carries {listed(fits)}", *evidence)
    return no(f"The chart carries {listed(charted)}", *evidence)
