"""Gather a physician's brief for a call with the payer's reviewer: from the case, its criteria and its evidence."""

import re
from collections.abc import Iterator

from agent.diagnosis.case import Case
from agent.diagnosis.clinical import Clinical, clinical
from agent.diagnosis.given import drug_of
from agent.diagnosis.inquiry import Inquiry
from agent.diagnosis.printed import day, listed, money, number
from agent.diagnosis.sources import policy_place
from agent.drafting.letters import administrative_facts
from knowledge.types.chart import (
    ChartFact,
    Condition,
    Document,
    DoseGiven,
    Observation,
    Order,
    PriorTreatment,
    Report,
)
from knowledge.types.criteria import CriterionRow, Outcome
from knowledge.types.deadlines import Deadline
from knowledge.types.diagnosis import Diagnosis
from knowledge.types.evidence import Evidence
from knowledge.types.letters import CriteriaStanding, CriterionStanding
from tools.packet.chart_exhibits import find_fact
from tools.packet.normalising import collapsed
from tools.packet.standings import criteria_standing
from tools.peer_to_peer.brief import CAUTIONS, FACTS, POLICIES, Brief, Passage, Question, cut_to, questions

_SLOT = re.compile(r"\{(\w+)\}")
_NO_NUMBER = (
    "No peer-to-peer number is on file: see the payer's notice of the denial, or ask provider services for the "
    "peer-to-peer desk"
)
_CLAIM_OFFICE = "CX"
_NOT_FOUND, _REFUTED = "it was not found there", "the chart says otherwise"


def brief_evidence(q: Inquiry, diagnosis: Diagnosis) -> tuple[Evidence, ...]:
    """Return what a brief rests on: the diagnosis's evidence, and the policy's criteria with the chart's answers.

    A diagnosis that did not turn on criteria has kept none of them; on the phone they are what counts. Each is
    added in its own words, and in the chart's where code found it met.
    """
    read, policy, chart = clinical(q), q.case.policy, q.case.chart
    if read.table is None or policy is None or chart is None:
        return diagnosis.evidence
    added: list[Evidence] = []
    for row in _clinical_rows(read):
        criterion = row.criterion
        section = next((item for item in policy.sections if item.heading == criterion.heading), None)
        added.append(
            Evidence(
                id=f"B{len(added) + 1}",
                kind="policy",
                source=policy_place(policy, section) if section else f"{policy.policy_id} section {criterion.heading}",
                quote=criterion.text,
                says=f"{policy.policy_id}: {criterion.heading}",
                exhibit=f"policy:{policy.policy_id}",
            )
        )
        if row.outcome == "met" and row.source and find_fact(chart, row.source):
            added.append(
                Evidence(
                    id=f"B{len(added) + 1}",
                    kind="chart",
                    source=f"{chart.file} {row.source}",
                    quote=row.quote,
                    says=row.chart_fact,
                    exhibit=f"chart:{row.source}",
                )
            )
    return (*diagnosis.evidence, *added)


def brief_of(q: Inquiry, diagnosis: Diagnosis, clock: Deadline) -> Brief | None:
    """Return the brief for a denial whose peer-to-peer clock is open; None where the chart has no fact to bring.

    Facts that answer the policy's criteria the question is about come first, then what else of the chart confirms the
    cause. What the chart does not show is said as such, so that nobody claims it.
    """
    question = questions()[diagnosis.root_cause]
    read = clinical(q)
    evidence = brief_evidence(q, diagnosis)
    standing = criteria_standing(read.table, evidence) if read.table is not None else None
    rows = _ordered(standing, read, question)
    points = tuple(_facts(q.case, diagnosis, evidence, rows))[:FACTS]
    asks = _asked(q, diagnosis, question)
    if not points or not asks:
        return None
    case = q.case
    return Brief(
        denial_id=case.denial.denial_id,
        on=q.as_of,
        practice=case.practice.name,
        physician=_physician(q),
        payer=case.payer.name if case.payer else case.denial.remit.payer_name or "",
        call_by=clock.date,
        days_left=clock.days_left,
        rule=clock.rule,
        call=_ways(case),
        facts=administrative_facts(case),
        at_issue=_at_issue(q),
        stated=_stated(q, diagnosis),
        question=asks,
        points=points,
        policy=tuple(_policy(evidence, rows))[:POLICIES],
        cautions=tuple(dict.fromkeys(_cautions(diagnosis, read)))[:CAUTIONS],
    )


def _asked(q: Inquiry, diagnosis: Diagnosis, question: Question) -> str:
    """Fill the first question whose slots are known; "" when none is."""
    known = {**diagnosis.values, "hcpcs": q.hcpcs, "policy_id": q.case.policy.policy_id if q.case.policy else ""}
    if q.billed_units is not None:
        known["billed_units"] = number(q.billed_units)
    for text in question.asks:
        if all(known.get(slot) for slot in _SLOT.findall(text)):
            return _SLOT.sub(lambda match: known[match.group(1)], text)
    return ""


def _ordered(
    standing: CriteriaStanding | None, read: Clinical, question: Question
) -> tuple[tuple[CriterionStanding, bool], ...]:
    """Return the criteria with whether the question is about them: those first, else in the policy's order."""
    if standing is None:
        return ()
    kinds = {collapsed(row.criterion.text): row.criterion.kind for row in read.rows(*_all_kinds(read))}
    told = [(row, not question.about or kinds.get(collapsed(row.text)) in question.about) for row in standing.rows]
    return tuple(sorted(told, key=lambda pair: not pair[1]))


def _all_kinds(read: Clinical) -> tuple[str, ...]:
    return tuple({row.criterion.kind for row in (read.table.rows if read.table else ())})


def _facts(
    case: Case,
    diagnosis: Diagnosis,
    evidence: tuple[Evidence, ...],
    rows: tuple[tuple[CriterionStanding, bool], ...],
) -> Iterator[Passage]:
    by_id = {item.id: item for item in evidence}
    leading = next((h for h in diagnosis.hypotheses if h.root_cause == diagnosis.root_cause), None)
    confirmed = [
        id_ for fact in (leading.facts if leading else ()) if fact.truth == "confirmed" for id_ in fact.evidence
    ]
    ids = [id_ for row, about in rows if about and row.outcome == "met" for id_ in row.chart_evidence]
    ids += [id_ for id_ in confirmed if id_ in by_id and by_id[id_].quote]
    ids += [id_ for row, _ in rows if row.outcome == "met" for id_ in row.chart_evidence]
    ids += confirmed
    answered = {id_: by_id.get(row.policy_evidence) for row, _ in reversed(rows) for id_ in row.chart_evidence}
    seen: set[str] = set()
    for id_ in dict.fromkeys(ids):
        item = by_id.get(id_)
        if item is None or item.kind != "chart":
            continue
        words = collapsed(item.quote or item.says).casefold()
        if any(words in other or other in words for other in seen):
            continue
        seen.add(words)
        yield _passage(case, item, answered.get(id_))


def _passage(case: Case, item: Evidence, answers: Evidence | None) -> Passage:
    fact = find_fact(case.chart, item.exhibit.removeprefix("chart:")) if case.chart else None
    says = item.says
    if isinstance(fact, Observation) and fact.text and item.quote:
        says = f"{fact.text}: {collapsed(item.quote)}"
    return Passage(
        quote=collapsed(item.quote) if item.quote else "",
        says=f"{says[:1].upper()}{says[1:]}",
        where=_source(fact),
        source=item.source,
        evidence=item.id,
        answers=collapsed(answers.quote or "") if answers else "",
        answers_evidence=answers.id if answers else "",
    )


def _source(fact: ChartFact | None) -> str:
    """Name what a person opens in the chart: the document or the kind of entry, and its day."""
    match fact:
        case Document() | Report():
            named, on = fact.kind or "Document", fact.day
        case Condition():
            named, on = "Problem list", fact.recorded or fact.onset
        case Observation():
            named, on = f"Result: {fact.text}" if fact.text else "Result", fact.day
        case DoseGiven():
            named, on = "Administration record", fact.day
        case Order():
            named, on = "Order", fact.ordered_on
        case PriorTreatment():
            named, on = "Earlier treatment", fact.start
        case _:
            named, on = "Chart entry", None
    return f"{named}, {day(on)}" if on else named


def _policy(evidence: tuple[Evidence, ...], rows: tuple[tuple[CriterionStanding, bool], ...]) -> Iterator[Passage]:
    by_id = {item.id: item for item in evidence}
    wanted = [row.policy_evidence for row, about in rows if about and row.outcome == "met"]
    wanted += [row.policy_evidence for row, _ in rows if row.outcome == "met"]
    wanted += [item.id for item in evidence if item.kind == "policy" and item.quote and not wanted]
    for id_ in dict.fromkeys(wanted):
        item = by_id[id_]
        if item.quote:
            yield Passage(
                quote=collapsed(item.quote), says=item.says, where=_section(item), source=item.source, evidence=item.id
            )


def _section(item: Evidence) -> str:
    """Name a passage of the policy as a person looks it up: the policy's id and the section."""
    policy = item.exhibit.removeprefix("policy:").partition(":")[0]
    heading = item.source.partition(" section ")[2]
    return ", ".join(part for part in (policy, heading) if part) or item.source


def _cautions(diagnosis: Diagnosis, read: Clinical) -> Iterator[str]:
    """Say what the chart does not show: criteria refuted or not found, records still to be got, other causes open."""
    table = read.table
    for row in _clinical_rows(read) if table else ():
        if row.outcome != "met":
            yield f"That the chart shows {_short(row.criterion.text)}: {_why(row.outcome)}"
    for wanted in diagnosis.missing:
        yield f"Anything that rests on {wanted}: it is not in the records"
    if diagnosis.root_cause == "auth-denied-before-service":
        yield "That the service was authorized: it was denied before it was given"


def _clinical_rows(read: Clinical) -> Iterator[CriterionRow]:
    table = read.table
    if table is None:
        return
    groups = {one.group.id: one for one in table.groups}
    for row in table.rows:
        group = groups.get(row.criterion.group)
        settled = group is not None and group.group.logic == "any" and group.outcome == "met"
        if (
            row.criterion.kind == "authorization"
            or group is None
            or not group.group.clinical
            or group.group.logic == "exclusion"
            or settled
        ):
            continue
        yield row


def _why(outcome: Outcome) -> str:
    return _REFUTED if outcome == "not_met" else _NOT_FOUND


def _short(text: str) -> str:
    quote, cut = cut_to(text, 150)
    return f"“{quote}”{' …' if cut else ''}"


def _physician(q: Inquiry) -> str:
    claim, line = q.case.claim, q.subject
    named = {**dict(claim.providers), **dict(line.providers if line else ())} if claim else {}
    npi = named.get("82", "")
    found = next((item for item in q.case.practice.providers if npi and item.npi == npi), None)
    return f"{found.name}, NPI {found.npi}" if found else ""


def _ways(case: Case) -> tuple[str, ...]:
    """Return how the payer is reached: its contact on the remittance, named as what it is, else that none is known."""
    ways = []
    for contact in (item for item in case.header.contacts if item and item[0] == _CLAIM_OFFICE):
        pairs = list(zip(contact[2::2], contact[3::2], strict=False))
        phones = [value for kind, value in pairs if kind == "TE" and value]
        name = contact[1] if len(contact) > 1 else ""
        ways += [f"{_phone(value)}{f' ({name})' if name else ''}, the remittance's contact" for value in phones]
    return (*dict.fromkeys(ways[:2]), _NO_NUMBER)


def _phone(digits: str) -> str:
    plain = re.sub(r"\D", "", digits)
    return f"{plain[:3]}-{plain[3:6]}-{plain[6:]}" if len(plain) == 10 else digits


def _at_issue(q: Inquiry) -> str:
    denial, drug = q.case.denial, drug_of(q)
    claim = q.case.claim
    patient = f"{claim.patient_first} {claim.patient_last}".strip() if claim else ""
    named = f"{drug.generic} ({q.hcpcs})" if drug is not None and drug.generic else q.hcpcs
    units = f", {number(q.billed_units)} units" if q.billed_units is not None else ""
    member = f", member {claim.member_id}" if claim and claim.member_id else ""
    reference = denial.remit.payer_claim_number or denial.remit.claim_id
    return (
        f"{patient or 'The patient'}{member}: {named}{units}, given {day(q.service_date)}; "
        f"claim {reference}; {money(denial.amount_at_stake)} unpaid"
    )


def _stated(q: Inquiry, diagnosis: Diagnosis) -> str:
    denial = q.case.denial
    codes = listed([*(f"{a.group}-{a.carc}" for a in denial.adjustments), *denial.remarks])
    reason = diagnosis.values.get("auth_denial_reason", "")
    return f"{codes}, remittance of {day(denial.remit.paid_on)}" + (f"; stated reason: {reason}" if reason else "")
