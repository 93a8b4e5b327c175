"""The enclosures: every source the evidence rests on, shown whole enough to check, and no more (facts 9.5)."""

from collections.abc import Callable

from agent.diagnosis.case import Case
from agent.diagnosis.printed import day, listed, money, number
from knowledge.types.evidence import Evidence
from knowledge.types.letters import Exhibit, ExhibitPassage, Field

ORDER = ("remit", "paid", "claim", "auth", "chart", "policy", "coverage", "ack", "contract", "code", "setting", "calc")
"""Families of exhibits in the order they are enclosed: what the payer said, what we sent, what proves it."""

INTERNAL = ("setting",)
"""Families that stay with the practice: its own settings are no evidence for a payer."""


def exhibits_for(case: Case, evidence: tuple[Evidence, ...], cited: frozenset[str]) -> tuple[Exhibit, ...]:
    """Return one exhibit a source, for the evidence the letter cites; in a fixed order."""
    grouped: dict[str, list[Evidence]] = {}
    for item in evidence:
        if item.exhibit and item.id in cited and item.exhibit.split(":")[0] not in INTERNAL:
            grouped.setdefault(item.exhibit, []).append(item)
    keys = sorted(grouped, key=lambda key: (ORDER.index(key.split(":")[0]), key))
    return tuple(_exhibit(case, key, grouped[key]) for key in keys)


def _exhibit(case: Case, key: str, items: list[Evidence]) -> Exhibit:
    family = key.split(":")[0]
    make = _MAKERS.get(family, _stated)
    made = make(case, key, items)
    return made.model_copy(update={"evidence": tuple(item.id for item in items)})


def _passages(items: list[Evidence], text: str) -> tuple[ExhibitPassage, ...]:
    return tuple(
        ExhibitPassage(quote=item.quote, evidence=item.id) for item in items if item.quote and item.quote in text
    )


def _proves(items: list[Evidence]) -> str:
    return "; ".join(item.says for item in items[:3])


def _segments(text: str) -> str:
    return "\n".join(segment.strip() + "~" for segment in text.split("~") if segment.strip())


def _remit(case: Case, key: str, items: list[Evidence]) -> Exhibit:
    denial, text = case.denial, _segments(case.payment.text)
    fields = (
        ("Payer", denial.remit.payer_name or ""),
        ("Remittance date", day(denial.remit.paid_on)),
        ("Payment trace", denial.remit.trace_number or ""),
        ("Payer claim number", denial.remit.payer_claim_number or ""),
        ("Adjustments", listed([f"{a.group}-{a.carc} {money(a.amount)}" for a in denial.adjustments])),
        ("Remarks", listed(denial.remarks)),
    )
    return Exhibit(
        key=key,
        title="Remittance advice, this claim",
        source=items[0].source,
        proves=_proves(items),
        fields=tuple(Field(label=label, value=value) for label, value in fields if value),
        text=text,
        monospace=True,
        passages=_passages(items, text),
    )


def _claim(case: Case, key: str, items: list[Evidence]) -> Exhibit:
    claim = case.claim
    if claim is None:
        return _stated(case, key, items)
    text = _segments(claim.text)
    fields = (
        ("Claim", claim.claim_id),
        ("Submitted", day(claim.submitted_on)),
        ("Diagnoses", listed(claim.diagnoses)),
        ("Authorization", listed(claim.authorizations) or "none"),
        ("Charge", money(claim.charge)),
    )
    return Exhibit(
        key=key,
        title=f"Claim {claim.claim_id} as submitted",
        source=items[0].source,
        proves=_proves(items),
        fields=tuple(Field(label=label, value=value) for label, value in fields if value),
        text=text,
        monospace=True,
        passages=_passages(items, text),
    )


def _authorization(case: Case, key: str, items: list[Evidence]) -> Exhibit:
    number_wanted = key.split(":", 1)[1]
    row = next((row for row in case.authorizations if row.auth_number == number_wanted), None)
    if row is None:
        return _stated(case, key, items)
    quantity = (
        f"{number(row.quantity)} {(row.quantity_basis or '').replace('_', ' ')}" if row.quantity is not None else ""
    )
    fields = (
        ("Authorization number", row.auth_number),
        ("Status", row.status),
        ("Member ID", row.member_id),
        ("Codes", listed(row.hcpcs)),
        ("Diagnoses", listed(row.diagnosis_codes)),
        ("Quantity", f"{quantity} per {row.per}" if row.per and quantity else quantity),
        ("Doses", number(row.doses) if row.doses is not None else ""),
        ("Valid", f"{day(row.start_date) or 'open'} to {day(row.end_date) or 'open'}"),
        ("Servicing NPI", row.servicing_npi),
        ("Place of service", row.place_of_service),
        ("Decided on", day(row.decided_on)),
        ("Reason", row.denial_reason),
        ("Payer document", row.document),
    )
    return Exhibit(
        key=key,
        title=f"Authorization {row.auth_number}",
        source=row.source,
        proves=_proves(items),
        fields=tuple(Field(label=label, value=value) for label, value in fields if value),
        text=row.raw,
        monospace=True,
        passages=_passages(items, row.raw),
    )


def _chart(case: Case, key: str, items: list[Evidence]) -> Exhibit:
    resource = key.split(":", 1)[1]
    document = next((item for item in (case.chart.documents if case.chart else ()) if item.resource == resource), None)
    if document is None:
        return _stated(case, key, items)
    return Exhibit(
        key=key,
        title=f"{document.kind or 'Document'}, {day(document.day) or 'no date'}",
        source=items[0].source,
        proves=_proves(items),
        fields=(Field(label="Author", value=listed(document.authors)),) if document.authors else (),
        text=document.text if document.media_type == "text/plain" else "",
        pdf=document.content if document.media_type == "application/pdf" else b"",
        passages=_passages(items, document.text),
    )


def _acknowledgement(case: Case, key: str, items: list[Evidence]) -> Exhibit:
    segment = int(key.rsplit(":", 1)[1])
    found = next((item for item in case.acknowledgements if item.place.segment == segment), None)
    text = _segments(found.text) if found else ""
    made = _stated(case, key, items)
    return made.model_copy(
        update={
            "title": "Payer acknowledgement (277CA)",
            "text": text,
            "monospace": True,
            "passages": _passages(items, text),
        }
    )


TITLES = {
    "paid": "Remittance that paid the service",
    "chart": "Record from the chart",
    "policy": "Payer policy",
    "coverage": "Verified eligibility",
    "contract": "Contract rate",
    "code": "Code table",
    "calc": "Calculation",
}


def _stated(_case: Case, key: str, items: list[Evidence]) -> Exhibit:
    """Show a source whose statements are its content: a structured record, a table row, an arithmetic step."""
    quotes = "\n".join(item.quote for item in items if item.quote)
    return Exhibit(
        key=key,
        title=TITLES.get(key.split(":")[0], "Record"),
        source=items[0].source,
        proves=_proves(items),
        fields=tuple(Field(label=item.kind.replace("_", " ").capitalize(), value=item.says) for item in items),
        text=quotes,
        monospace=True,
        passages=_passages(items, quotes),
    )


_MAKERS: dict[str, Callable[[Case, str, list[Evidence]], Exhibit]] = {
    "remit": _remit,
    "claim": _claim,
    "auth": _authorization,
    "chart": _chart,
    "ack": _acknowledgement,
}
