"""Answer a records request: exactly what was asked for, by name in the letter, and once more as data for a 275."""

from collections.abc import Iterable, Sequence

from agent.diagnosis.case import Case
from agent.diagnosis.checks.records import (
    asked_of,
    latest_request,
    record_evidence,
    record_named,
    records_held,
    records_wanted,
)
from agent.diagnosis.inquiry import Inquiry
from knowledge.types.chart import ChartFact, Document, DoseGiven, Order
from knowledge.types.diagnosis import Diagnosis
from knowledge.types.evidence import Evidence
from knowledge.types.letters import Field, Table
from knowledge.types.practice import SendTo
from tools.packet.chart_exhibits import chart_exhibit, find_fact
from tools.records_request.response import (
    ClaimReference,
    Enclosed,
    NumberFrom,
    RecordsResponse,
    Requested,
    RequestReference,
    build_response,
    control_number,
)

UNANSWERED = "records-request-unanswered"
"""The cause whose letter answers what the remarks ask for; other causes send what their own evidence is."""

_ASKED = {"biomarker-evidence-missing": "biomarker report", "prior-treatment-evidence-missing": "treatment history"}
_PWK06 = 5
_NO_CHANNEL = "how {payer} takes records: a fax, portal or address (payers.yaml appeals, send_to)"


def records_table(q: Inquiry, diagnosis: Diagnosis) -> tuple[Table, ...]:
    """Return the table of what is enclosed, kind by kind; it cites every record, so each is an exhibit.

    What was asked for and is not in the chart stands in it as not enclosed.
    """
    if diagnosis.root_cause != UNANSWERED:
        return ()
    wanted = records_wanted(q)
    held = records_held(q, wanted)
    rows, cited = [], []
    for kind in wanted:
        rows += [(kind.capitalize(), record_named(item)) for item in held.get(kind, ())]
        rows += [] if kind in held else [(kind.capitalize(), "not enclosed: not in our chart")]
        cited += [_diagnosed(q, diagnosis, item) for item in held.get(kind, ())]
    return (
        Table(
            title="Records asked for and enclosed",
            columns=("Asked for", "Enclosed"),
            rows=tuple(rows),
            evidence=tuple(dict.fromkeys(item for item in cited if item)),
            section="What is enclosed",
        ),
    )


def _diagnosed(q: Inquiry, diagnosis: Diagnosis, item: Document | Order | DoseGiven) -> str:
    """Return the id the diagnosis knows a record by; empty where it does not.

    Matched by what it says: the inquiry of a resumed case numbers its evidence anew.
    """
    wanted = record_evidence(q, item)
    kept = next(evidence for evidence in q.ledger.all() if evidence.id == wanted)
    key = (kept.kind, kept.source, kept.says)
    return next((found.id for found in diagnosis.evidence if (found.kind, found.source, found.says) == key), "")


def attachment_number(case: Case) -> tuple[str, NumberFrom]:
    """Return the attachment control number of the answer, and whose it is.

    An electronic request is answered under its own number; a claim that announced its records names one in PWK06.
    """
    claim, line = case.claim, case.line
    of_line = [tuple(raw.split("*")[1:]) for raw in (line.unknown if line else ()) if raw.startswith("PWK")]
    of_claim = list(claim.attachments) if claim else []
    named = [values[_PWK06] for values in (*of_line, *of_claim) if len(values) > _PWK06 and values[_PWK06].strip()]
    request = latest_request(case)
    on_claim = named[0].strip() if len(set(named)) == 1 else ""
    return control_number(case.denial.denial_id, on_claim, request.trace if request is not None else "")


def attachment_field(case: Case) -> Field:
    """Return the RE block's line with the attachment control number."""
    return Field(label="Attachment number", value=attachment_number(case)[0])


def records_answer(
    q: Inquiry, diagnosis: Diagnosis, cited: Iterable[str], send_to: SendTo | None
) -> tuple[RecordsResponse, tuple[str, ...]]:
    """Return the answer as data, and what is missing to send it; `cited` is what the letter cites.

    Raises:
        AnsweredBeyond: the letter encloses a record of the chart that nobody asked for.
    """
    case = q.case
    shown = _shown(diagnosis.evidence, set(cited))
    requested = _requested(q, diagnosis, shown)
    kinds = {resource: item.kind for item in requested for resource in item.resources}
    enclosed = [_enclosed(case, resource, kinds.get(resource, "")) for resource in shown]
    channel = _channel(send_to)
    response = build_response(
        case.denial.denial_id,
        q.as_of,
        attachment_number(case),
        channel,
        _claim(case),
        requested,
        [item for item in enclosed if item is not None],
        _reference(case),
    )
    payer = case.payer.name if case.payer else case.denial.remit.payer_name or "the payer"
    return response, () if channel else (_NO_CHANNEL.format(payer=payer),)


def _reference(case: Case) -> RequestReference | None:
    """Return the electronic request that is answered, with the codes a 275 gives back; None where there is none."""
    found = latest_request(case)
    if found is None or found.request is None:
        return None
    return RequestReference(
        trace=found.trace,
        claim_number=found.claim_id,
        medical_record=found.request.medical_record,
        asked=tuple(
            f"{one.category}:{one.loinc}::LOI" if one.loinc else f"{one.category}:{one.status}"
            for one in asked_of(case, found)
        ),
        due_on=found.request.due_on,
    )


def _shown(evidence: Sequence[Evidence], cited: set[str]) -> tuple[str, ...]:
    """Return the chart's resources that the letter's packet shows."""
    found = [item.exhibit.removeprefix("chart:") for item in evidence if item.id in cited and item.kind == "chart"]
    return tuple(dict.fromkeys(found))


def _requested(q: Inquiry, diagnosis: Diagnosis, shown: tuple[str, ...]) -> tuple[Requested, ...]:
    if diagnosis.root_cause != UNANSWERED:
        kind = _ASKED.get(diagnosis.root_cause, "record")
        codes = (*sorted(q.carcs), *sorted(q.remarks))
        return (Requested(kind=kind, asked_by=codes, resources=shown),)
    wanted = records_wanted(q)
    held = records_held(q, wanted)
    return tuple(
        Requested(kind=kind, asked_by=codes, resources=tuple(item.resource for item in held.get(kind, ())))
        for kind, codes in wanted.items()
    )


def _enclosed(case: Case, resource: str, kind: str) -> Enclosed | None:
    fact = find_fact(case.chart, resource) if case.chart else None
    if fact is None:
        return None
    if isinstance(fact, Document):
        text = fact.media_type == "text/plain"
        return Enclosed(
            resource=resource,
            kind=kind,
            label=fact.kind or "Document",
            title=fact.title,
            day=fact.day,
            media_type={"text/plain": "text/plain", "application/pdf": "application/pdf"}.get(
                fact.media_type, "application/octet-stream"
            ),
            content=fact.text.encode() if text else fact.content,
        )
    label, text_of = _entry(fact)
    return Enclosed(
        resource=resource,
        kind=kind,
        label=label,
        day=getattr(fact, "day", None) or getattr(fact, "ordered_on", None),
        media_type="text/plain",
        content=text_of.encode(),
    )


def _entry(fact: ChartFact) -> tuple[str, str]:
    """Print an entry of the chart as the packet's page shows it, one field a line."""
    table = chart_exhibit([fact]).table
    row = table.rows[0] if table else ("", "", "", fact.resource)
    pairs = zip(table.columns if table else (), row, strict=False)
    return row[1], "".join(f"{name}: {value}\n" for name, value in pairs if value)


def _claim(case: Case) -> ClaimReference:
    denial, claim, practice = case.denial, case.claim, case.practice
    patient = case.payment.patient
    return ClaimReference(
        claim_number=denial.remit.claim_id,
        payer_claim_number=denial.remit.payer_claim_number or "",
        service_date=denial.line.service_date if denial.line else None,
        hcpcs=(denial.line.hcpcs or "") if denial.line else "",
        payer_name=case.payer.name if case.payer else denial.remit.payer_name or "",
        payer_id=denial.remit.payer_id or "",
        provider_name=practice.name,
        provider_npi=practice.billing_npi,
        provider_tax_id=practice.tax_id,
        patient_last=claim.patient_last if claim else patient.last_or_org if patient else "",
        patient_first=claim.patient_first if claim else patient.first if patient else "",
        birth_date=claim.birth_date if claim else None,
        member_id=claim.member_id if claim else patient.id if patient else "",
        remittance=denial.remit.trace_number or "",
        remittance_date=denial.remit.paid_on,
    )


def _channel(send_to: SendTo | None) -> str:
    if send_to is None:
        return ""
    return "fax" if send_to.fax else "portal" if send_to.portal else "mail" if send_to.address else ""
