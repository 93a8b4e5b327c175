"""Facts about authorizations: which one stands beside the claim, and field by field whether it covers it."""

from decimal import Decimal

from agent.diagnosis import sources
from agent.diagnosis.authorized_amount import AuthorizedAmount, authorized_amount
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day, listed, number
from knowledge.types.evidence import Fact
from knowledge.types.practice import Authorization

GET_AUTH = ("the payer's record of authorizations for this member and drug",)


def _row(q: Inquiry) -> Authorization | None:
    return q.case.authorization


def _none_on_file() -> Fact:
    return unknown("No authorization is joined to this line", missing=GET_AUTH)


def claim_numbers(q: Inquiry) -> tuple[str, ...]:
    """Return the authorization numbers the claim carries (REF*G1 of the line, then of the claim)."""
    claim = q.case.claim
    if claim is None:
        return ()
    return (*(q.subject.authorizations if q.subject else ()), *claim.authorizations)


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _lists_code(q: Inquiry, row: Authorization) -> bool:
    return not row.hcpcs or q.hcpcs in row.hcpcs


def _in_dates(q: Inquiry, row: Authorization) -> bool:
    served = q.service_date
    if served is None:
        return False
    return (row.start_date is None or row.start_date <= served) and (row.end_date is None or served <= row.end_date)


def _values(row: Authorization) -> dict[str, str]:
    return {
        "auth_number": row.auth_number,
        "auth_codes": listed(row.hcpcs),
        "auth_start": day(row.start_date),
        "auth_end": day(row.end_date),
    }


def _line_values(q: Inquiry) -> dict[str, str]:
    payer, claim = q.case.payer, q.case.claim
    return {
        "hcpcs": q.hcpcs,
        "service_date": day(q.service_date),
        "payer_name": payer.name if payer else "",
        "member_id": claim.member_id if claim else "",
        "billed_units": number(q.billed_units) if q.billed_units is not None else "",
    }


@check
def authorization_on_file(q: Inquiry) -> Fact:
    """Whether the practice's records hold an authorization for this member, payer and drug."""
    row = _row(q)
    if row is not None:
        return yes(f"Authorization {row.auth_number} is on file", sources.authorization(q, row), **_values(row))
    if "auths" not in q.case.parts:
        return unknown("The practice's authorizations are not in the records", missing=GET_AUTH)
    doubtful = [says for code, says in q.case.links.ambiguous if "auth" in code]
    if doubtful:
        return unknown(doubtful[0], missing=("which authorization covers the service",))
    return no("No authorization for this member, payer and drug is on file", **_line_values(q))


@check
def authorization_approved(q: Inquiry) -> Fact:
    """Whether the authorization is approved."""
    row = _row(q)
    if row is None:
        return _none_on_file()
    evidence = sources.authorization(q, row)
    says = f"Authorization {row.auth_number} is {row.status}"
    return yes(says, evidence, **_values(row)) if row.status == "approved" else no(says, evidence, **_values(row))


@check
def authorization_denied_before_service(q: Inquiry) -> Fact:
    """Whether the payer had denied the authorization by the date of service."""
    row = _row(q)
    if row is None:
        return _none_on_file()
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
        **_values(row),
        **_line_values(q),
    )


@check
def authorization_lists_code(q: Inquiry) -> Fact:
    """Whether the billed code is among the authorization's."""
    row = _row(q)
    if row is None:
        return _none_on_file()
    evidence = (sources.authorization(q, row), sources.claim_line(q))
    if not row.hcpcs:
        return unknown("The authorization lists no code", *evidence, missing=("the codes it was approved for",))
    values = {**_values(row), **_line_values(q), "given_code": _given_code(q)}
    if _lists_code(q, row):
        return yes(f"It lists {q.hcpcs}", *evidence, **values)
    return no(f"It lists {listed(row.hcpcs)}, not {q.hcpcs}", *evidence, **values)


def _given_code(q: Inquiry) -> str:
    if q.case.chart is None:
        return ""
    codes = {dose.hcpcs for dose in q.case.chart.doses if dose.day == q.service_date and dose.hcpcs}
    row = _row(q)
    near = codes & {q.hcpcs, *(row.hcpcs if row else ())}
    return near.pop() if len(near) == 1 else ""


@check
def authorized_code_was_given(q: Inquiry) -> Fact:
    """Whether the chart shows the authorized product given instead of the billed one: a coding error."""
    row, given = _row(q), _given_code(q)
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
    row = _row(q)
    if row is None:
        return _none_on_file()
    if any(_same(row.auth_number, sent) for sent in claim_numbers(q)):
        return yes(f"The claim names authorization {row.auth_number}", sources.claim_line(q))
    if _in_dates(q, row):
        return yes(f"Authorization {row.auth_number} was in force that day", sources.authorization(q, row))
    return no(f"Authorization {row.auth_number} was not in force and is not named on the claim")


@check
def service_inside_authorization_dates(q: Inquiry) -> Fact:
    """Whether the date of service lies inside the authorization's dates, both ends included."""
    row = _row(q)
    if row is None or q.service_date is None:
        return _none_on_file()
    evidence = sources.authorization(q, row)
    says = f"{day(q.service_date)} against {day(row.start_date) or 'no start'} to {day(row.end_date) or 'no end'}"
    values = {**_values(row), **_line_values(q)}
    return yes(says, evidence, **values) if _in_dates(q, row) else no(says, evidence, **values)


@check
def service_after_authorization_end(q: Inquiry) -> Fact:
    """Whether the service came after the authorization's last day."""
    row = _row(q)
    if row is None or q.service_date is None:
        return _none_on_file()
    evidence = (sources.authorization(q, row), sources.claim_line(q))
    values = {**_values(row), **_line_values(q)}
    if row.end_date is None or q.service_date <= row.end_date:
        return no("The service is not after the authorization's last day", *evidence, **values)
    late = str((q.service_date - row.end_date).days)
    return yes(f"The authorization ended {late} days before", *evidence, days_after_end=late, **values)


@check
def authorization_not_in_force(q: Inquiry) -> Fact:
    """Whether the authorization was voided, still pended, or began only after the service."""
    row = _row(q)
    if row is None or q.service_date is None:
        return _none_on_file()
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
        **_values(row),
        **_line_values(q),
    )


@check
def authorization_for_this_provider_and_site(q: Inquiry) -> Fact:
    """Whether servicing NPI and place of service on the authorization fit the claim's; blank means any."""
    row, claim = _row(q), q.case.claim
    if row is None:
        return _none_on_file()
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
        **_values(row),
        **_line_values(q),
    )


@check
def authorized_provider_treated(q: Inquiry) -> Fact:
    """Whether the chart names the authorized provider, and not the billed one, as author of that day's documents."""
    row, chart, claim = _row(q), q.case.chart, q.case.claim
    if row is None or chart is None or claim is None or not row.servicing_npi:
        return unknown("Who treated the patient that day is not charted", missing=("the note of the day of service",))
    names = {provider.npi: provider.name for provider in q.case.practice.providers}
    billed = names.get(dict(claim.providers).get("82", ""), "")
    authorized = names.get(row.servicing_npi, "")
    written = [document for document in chart.documents if document.day == q.service_date]
    by_authorized = [d for d in written if authorized and any(_person(authorized, a) for a in d.authors)]
    if by_authorized and not any(billed and _person(billed, a) for d in written for a in d.authors):
        says = f"{by_authorized[0].kind} of {day(q.service_date)} is by {authorized}"
        return yes(says, *(sources.chart(q, d.resource, says) for d in by_authorized))
    return (
        no("The chart does not show that the authorized provider treated")
        if written
        else unknown("No document of the day names who treated", missing=("the note of the day of service",))
    )


def _person(one: str, other: str) -> bool:
    """Tell whether two printed names are one person: the same words, titles aside."""
    titles = {"md", "do", "np", "pa", "pa-c", "rn", "phd", "dr", "dr."}
    first, second = ({w.strip(",.").casefold() for w in name.split()} - titles for name in (one, other))
    return bool(first) and first == second


def _dotless(code: str) -> str:
    return code.replace(".", "").upper()


def _pointed(q: Inquiry) -> tuple[str, ...]:
    """Return the diagnoses the line points to; all of the claim's when it points to none."""
    claim = q.case.claim
    if claim is None:
        return ()
    pointers = q.subject.diagnosis_pointers if q.subject else ()
    chosen = [claim.diagnoses[p - 1] for p in pointers if 0 < p <= len(claim.diagnoses)]
    return tuple(_dotless(code) for code in (chosen or claim.diagnoses))


def _covers_diagnosis(authorized: str, billed: str) -> bool:
    """Tell whether a diagnosis on the authorization covers a billed one: the same, or its category."""
    wanted = _dotless(authorized)
    return billed == wanted or (len(wanted) <= 4 and billed.startswith(wanted))


@check
def authorization_lists_diagnosis(q: Inquiry) -> Fact:
    """Whether a diagnosis the line points to is one the authorization was given for; none listed means any."""
    row, pointed = _row(q), _pointed(q)
    if row is None:
        return _none_on_file()
    evidence = (sources.authorization(q, row), sources.claim_line(q))
    if not row.diagnosis_codes:
        return yes("The authorization names no diagnosis: any will do", *evidence)
    if not pointed:
        return unknown("The claim's diagnoses are not known", missing=("the claim as submitted (837)",))
    values = {
        "auth_diagnoses": listed(row.diagnosis_codes),
        "claim_diagnoses": listed(pointed),
        "chart_diagnoses": listed(_charted(q)),
        **_values(row),
    }
    if any(_covers_diagnosis(wanted, billed) for wanted in row.diagnosis_codes for billed in pointed):
        return yes(f"{listed(pointed)} is authorized", *evidence, **values)
    header = sources.claim_header(q, f"Claim diagnoses {listed(pointed)}", "HI")
    return no(f"Authorized {listed(row.diagnosis_codes)}, billed {listed(pointed)}", *evidence, header, **values)


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
    row, charted = _row(q), _charted(q)
    if row is None or not charted:
        return unknown("The charted diagnosis is not known", missing=("pathology and the oncologist's note",))
    fits = [code for code in charted if any(_covers_diagnosis(w, _dotless(code)) for w in row.diagnosis_codes)]
    conditions = q.case.chart.conditions if q.case.chart else ()
    evidence = [
        sources.chart(q, condition.resource, f"Condition {condition.icd10} {condition.text}".strip())
        for condition in conditions
        if condition.icd10 in charted
    ]
    if fits:
        return yes(f"The chart carries {listed(fits)}", *evidence)
    return no(f"The chart carries {listed(charted)}", *evidence)


@check
def authorization_number_on_claim(q: Inquiry) -> Fact:
    """Whether the claim as submitted carries the authorization's number (REF*G1)."""
    row = _row(q)
    if row is None:
        return _none_on_file()
    if q.case.claim is None:
        return unknown("The claim as submitted is not in the records", missing=("the claim as submitted (837)",))
    sent = claim_numbers(q)
    if any(_same(row.auth_number, number_sent) for number_sent in sent):
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


def _covering(q: Inquiry) -> list[Authorization]:
    return [
        row
        for row in q.case.authorizations
        if row.status == "approved" and row.hcpcs and _lists_code(q, row) and _in_dates(q, row)
    ]


@check
def covering_authorization_on_file(q: Inquiry) -> Fact:
    """Whether any approved authorization of this member and payer lists the code and covers the day."""
    rows = _covering(q)
    if rows:
        row = rows[0]
        says = f"Authorization {row.auth_number} covers {q.hcpcs} on {day(q.service_date)}"
        return yes(says, *(sources.authorization(q, item) for item in rows), **_values(row))
    return no(f"No approved authorization covers {q.hcpcs} on {day(q.service_date)}")


@check
def covering_authorization_not_on_claim(q: Inquiry) -> Fact:
    """Whether an approved authorization covered the day before it came, and its number is not on the claim."""
    if q.case.claim is None:
        return unknown("The claim as submitted is not in the records", missing=("the claim as submitted (837)",))
    if "auths" not in q.case.parts:
        return unknown("The practice's authorizations are not in the records", missing=GET_AUTH)
    sent, rows = claim_numbers(q), _covering(q)
    if any(_same(row.auth_number, number_sent) for row in rows for number_sent in sent):
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
        **_values(row),
        **_line_values(q),
    )


@check
def authorization_units_enough(q: Inquiry) -> Fact:
    """Whether the units of the day fit the authorization: a dose, the number of doses, what is left of the total."""
    row = _row(q)
    if row is None:
        return _none_on_file()
    evidence = (sources.authorization(q, row), sources.claim_line(q))
    amount = authorized_amount(q, row)
    billed, granted = amount.billed, amount.allowed
    if billed is None:
        return unknown("The units billed are not known", *evidence, missing=("the units billed",))
    values = {**_values(row), **_line_values(q), **_quantity(row)}
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
    if limit is None and granted.total is None and granted.doses is None:
        return unknown(granted.says or "The authorization states no quantity", *evidence, missing=granted.missing)
    says = f"{number(billed)} units fit {granted.says}"
    return yes(says, *evidence, sources.calculation(q, "authorized-units", says), **values)


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
