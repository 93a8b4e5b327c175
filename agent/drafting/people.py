"""Put the right people on a claim: the patient as verified, who ordered, who treated."""

from datetime import date

from agent.diagnosis.authorization_row import linked_row
from agent.diagnosis.given import orders_by
from agent.drafting.correction_case import CorrectionCase, NotCorrectable
from agent.drafting.person_names import same_person, split_name
from knowledge.types.claim import ClaimLine
from knowledge.types.corrections import ClaimChange, SetPatient, SetProvider
from knowledge.types.practice import CoverageSpan, Payer, Provider

ORDERING_REMARKS, REFERRING_REMARKS = frozenset({"N264", "N265"}), frozenset({"N285", "N286"})


def verified_patient(c: CorrectionCase) -> tuple[ClaimChange, ...]:
    """Write member id, name and birth date as the payer verified them for the day, where the chart agrees.

    The chart's own person has the last word on who was treated: two people of one name are two people.
    """
    claim, chart = c.claim, c.q.case.chart
    if chart is None:
        raise NotCorrectable("whose visit it was must be seen from the chart, which is not at hand")
    person = chart.person
    served = c.q.service_date or min((line.start_date for line in claim.lines if line.start_date), default=None)
    rows = [row for row in c.q.case.coverage if row.payer_id == _payer_id(c) and _in_force(row, served)]
    own = [
        row
        for row in rows
        if _named(row) == (person.last.casefold(), person.first.casefold(), person.birth_date)
        and row.birth_date is not None
    ]
    if len({row.member_id.casefold() for row in own}) != 1:
        raise NotCorrectable(f"no one coverage of {person.first} {person.last} is verified with the payer that day")
    row = own[0]
    billed = (claim.patient_last.casefold(), claim.patient_first.casefold(), claim.birth_date)
    sent, number = claim.member_id.casefold(), row.member_id.casefold()
    if billed != _named(row) and sent != number:
        raise NotCorrectable(
            "neither the person nor the member id of the claim is the chart's: settle whose visit it was"
        )
    known = {identifier.casefold() for identifier in person.identifiers}
    if sent != number and sent in known and number not in known:
        raise NotCorrectable(f"the chart itself carries member id {claim.member_id}: verify the coverage again")
    change = SetPatient(
        member_id=row.member_id if sent != number else None,
        last=row.patient_last if billed[0] != row.patient_last.casefold() else None,
        first=row.patient_first if billed[1] != row.patient_first.casefold() else None,
        birth_date=row.birth_date if claim.birth_date != row.birth_date else None,
        why=f"The payer has verified {row.patient_first} {row.patient_last} as member {row.member_id}",
        evidence=c.evidence,
    )
    return (change,)


def _named(row: CoverageSpan) -> tuple[str, str, date | None]:
    return (row.patient_last.casefold(), row.patient_first.casefold(), row.birth_date)


def _in_force(row: CoverageSpan, served: date | None) -> bool:
    if served is None:
        return False
    return (row.start_date is None or row.start_date <= served) and (row.end_date is None or served <= row.end_date)


def _payer_id(c: CorrectionCase) -> str:
    return c.q.case.payer.id if c.q.case.payer is not None else c.claim.payer_id


def ordering_provider(c: CorrectionCase) -> tuple[ClaimChange, ...]:
    """Name who ordered the service, by the order in the chart, where that person is enrolled with the payer.

    One named already who is not the one takes the new name in the same place. Where nobody is named, remarks about a
    referring provider want NM1*DN of the claim, all others NM1*DK of each drug and its administration.
    """
    provider = _orderer(c)
    last, first, middle = split_name(provider.name)
    why = f"{provider.name} ordered the treatment"

    def named(role: str, line: str | None) -> ClaimChange:
        body = {"role": role, "npi": provider.npi, "last": last, "first": first, "middle": middle, "line": line}
        return SetProvider.model_validate({**body, "why": why, "evidence": c.evidence})

    claim, lines = c.claim, _served_lines(c)
    changes: list[ClaimChange] = [named("DN", None)] if "DN" in dict(claim.providers) else []
    for line in lines:
        changes += [named(role, line.number) for role in ("DK", "DN") if role in dict(line.providers)]
    if changes:
        return tuple(changes)
    if REFERRING_REMARKS & c.q.remarks or (not ORDERING_REMARKS & c.q.remarks and "183" in c.q.carcs):
        return (named("DN", None),)
    return tuple(named("DK", line.number) for line in lines)


def _served_lines(c: CorrectionCase) -> list[ClaimLine]:
    """Return the lines that were ordered: drugs, their administration, and what was denied."""
    q = c.q
    return [
        line
        for line in c.claim.lines
        if line.hcpcs in q.codes.hcpcs.codes or q.codes.administration.lookup(line.hcpcs) or line is q.case.line
    ]


def _orderer(c: CorrectionCase) -> Provider:
    requester = _requester(c)
    payer = c.q.case.payer
    found = [p for p in c.q.case.practice.providers if same_person(p.name, requester)]
    if len(found) != 1:
        raise NotCorrectable(f"{requester} ordered the treatment and is not in practice.yaml: get the NPI")
    if payer is None or not enrolled(found[0], payer):
        raise NotCorrectable(f"{requester}, who ordered the treatment, is not enrolled with the payer by the roster")
    return found[0]


def enrolled(provider: Provider, payer: Payer) -> bool:
    """Tell whether the practice's roster has the provider enrolled with a payer."""
    return provider.payers_enrolled is None or payer.id in provider.payers_enrolled


def _requester(c: CorrectionCase) -> str:
    """Return who ordered: by the drug's newest order, or, for a visit, by all orders in force that day."""
    q = c.q
    orders = [order for order in orders_by(q) if order.requester]
    if orders:
        return orders[0].requester
    chart, served = q.case.chart, q.service_date
    if chart is None or served is None:
        raise NotCorrectable("who ordered the service must be seen from the chart, which is not at hand")
    names = {
        order.requester
        for order in chart.orders
        if order.requester
        and order.ordered_on is not None
        and order.ordered_on <= served
        and order.status in ("active", "completed", "")
    }
    treated = dict(c.claim.providers).get("82", "")
    rendering = next((p for p in q.case.practice.providers if p.npi == treated), None)
    if len(names) != 1 or rendering is None or not same_person(rendering.name, next(iter(names))):
        raise NotCorrectable("the chart holds no one order for the service: find who ordered or referred")
    return next(iter(names))


def treating_provider(c: CorrectionCase) -> tuple[ClaimChange, ...]:
    """Name who treated as rendering (NM1*82), where the chart's own documents of the day say so."""
    row, payer = linked_row(c.q), c.q.case.payer
    if row is None or c.q.truth("authorized-provider-treated") != "confirmed":
        raise NotCorrectable("who treated the patient that day must be settled from the chart")
    provider = next((p for p in c.q.case.practice.providers if p.npi == row.servicing_npi), None)
    if provider is None or payer is None or not enrolled(provider, payer):
        raise NotCorrectable(f"NPI {row.servicing_npi}, who treated, is not enrolled with the payer by the roster")
    last, first, middle = split_name(provider.name)
    change = SetProvider(
        role="82",
        npi=provider.npi,
        last=last,
        first=first,
        middle=middle,
        why=f"{provider.name} treated the patient that day",
        evidence=c.evidence,
    )
    own = [line for line in c.claim.lines if dict(line.providers).get("82", provider.npi) != provider.npi]
    return (change, *(change.model_copy(update={"line": line.number}) for line in own))
