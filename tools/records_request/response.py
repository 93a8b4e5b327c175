"""The answer to a records request as data: what was asked, what answers it, and what a 275 needs to carry it.

Everything an attachment transaction or a clearinghouse wants stands here by plain names: the attachment control number
(PWK06 of the claim, TRN02 of the 275), both claim numbers, LOINC and report type code of each document (PWK01), how it
travels (PWK02), and each file with its size, sha256 and content. No segment is written: the payer's companion guide
says how.
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import Literal

from knowledge.types.practice import Frozen
from tools.records_request.tables import transmission, type_of

FORMAT = "overturn/records-response/1"

NumberFrom = Literal["claim PWK06", "payer's request", "this answer"]


class Requested(Frozen):
    """One kind of record asked for: by which code or reference, and the chart's resources that answer it.

    No resources = it is not in the chart, and `missing` says so.
    """

    kind: str
    asked_by: tuple[str, ...]
    resources: tuple[str, ...] = ()

    @property
    def missing(self) -> bool:
        """Tell whether nothing in the chart answers it."""
        return not self.resources


class Enclosed(Frozen):
    """A record that answers a request, before it is coded: its resource, what it is called, its day, its bytes."""

    resource: str
    kind: str
    label: str
    day: date | None
    media_type: str
    content: bytes
    title: str = ""


class AttachedFile(Frozen):
    """One file of the answer. `content` is base64; `size` and `sha256` are of the bytes themselves."""

    sequence: int
    name: str
    answers: str
    label: str
    day: date | None
    resource: str
    loinc: str
    report_type: str
    media_type: str
    size: int
    sha256: str
    content: str


class ClaimReference(Frozen):
    """Which claim the records belong to, in the words of the remittance and of the claim as sent."""

    claim_number: str
    payer_claim_number: str
    service_date: date | None
    hcpcs: str
    payer_name: str
    payer_id: str
    provider_name: str
    provider_npi: str
    provider_tax_id: str
    patient_last: str
    patient_first: str
    birth_date: date | None
    member_id: str
    remittance: str
    remittance_date: date | None


class RequestReference(Frozen):
    """The payer's own request, as the answer names it back: its number (TRN02), our numbers in it, its codes.

    `asked` are STC01 as the payer sent them (`R4:11506-3::LOI`), which a 275 returns; `due_on` its last day.
    """

    trace: str
    claim_number: str
    medical_record: str = ""
    asked: tuple[str, ...] = ()
    due_on: date | None = None


class RecordsResponse(Frozen):
    """The whole answer. `control_number_from` says whose number it is: a payer's own, the claim's, or ours.

    `request` is the payer's electronic request that is answered; None = it asked by the remittance alone.
    """

    denial_id: str
    on: date
    control_number: str
    control_number_from: NumberFrom
    transmission: str
    claim: ClaimReference
    requested: tuple[Requested, ...]
    files: tuple[AttachedFile, ...]
    missing: tuple[str, ...]
    request: RequestReference | None = None


class AnsweredBeyond(ValueError):
    """A record was to be enclosed that nobody asked for: nothing is sent that was not asked for (minimum necessary)."""


def control_number(denial_id: str, on_claim: str = "", of_request: str = "") -> tuple[str, NumberFrom]:
    """Return the attachment control number: the payer's own, else that of the claim's PWK06, else one made by us.

    One made by us is the denial's own, the same every time, and the payer is told it in the cover letter's reference.
    """
    if of_request:
        return of_request, "payer's request"
    if on_claim:
        return on_claim, "claim PWK06"
    return f"OVT{hashlib.sha256(denial_id.encode()).hexdigest()[:12].upper()}", "this answer"


def build_response(
    denial_id: str,
    on: date,
    number: tuple[str, NumberFrom],
    channel: str,
    claim: ClaimReference,
    requested: Sequence[Requested],
    enclosed: Sequence[Enclosed],
    request: RequestReference | None = None,
) -> RecordsResponse:
    """Return the answer: each record coded, numbered and hashed, in the order asked for; `channel` "" = not known.

    Raises:
        AnsweredBeyond: a record is enclosed that answers nothing that was asked for, or answers it twice.
    """
    wanted = {resource: item.kind for item in requested for resource in item.resources}
    given = [item.resource for item in enclosed]
    if set(given) != set(wanted) or len(given) != len(set(given)):
        beyond = sorted(set(given) - set(wanted)) or sorted(set(wanted) - set(given)) or sorted(given)
        raise AnsweredBeyond(f"what is enclosed is not what was asked for: {', '.join(beyond)}")
    order = {resource: place for place, resource in enumerate(wanted)}
    ordered = sorted(enclosed, key=lambda item: order[item.resource])
    return RecordsResponse(
        denial_id=denial_id,
        on=on,
        control_number=number[0],
        control_number_from=number[1],
        transmission=transmission(channel).code if channel else "",
        claim=claim,
        requested=tuple(requested),
        files=tuple(_coded(item, place) for place, item in enumerate(ordered, start=1)),
        missing=tuple(item.kind for item in requested if item.missing),
        request=request,
    )


def response_json(response: RecordsResponse) -> bytes:
    """Print the answer as JSON, the same bytes for the same answer."""
    data = {"format": FORMAT, **response.model_dump(mode="json")}
    return (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _coded(item: Enclosed, sequence: int) -> AttachedFile:
    coded = type_of(f"{item.label} {item.title}", item.kind)
    ending = {"application/pdf": "pdf", "text/plain": "txt"}.get(item.media_type, "bin")
    return AttachedFile(
        sequence=sequence,
        name=f"{sequence:02d}-{coded.type}.{ending}",
        answers=item.kind,
        label=item.label,
        day=item.day,
        resource=item.resource,
        loinc=coded.loinc,
        report_type=coded.report_type,
        media_type=item.media_type,
        size=len(item.content),
        sha256=hashlib.sha256(item.content).hexdigest(),
        content=base64.b64encode(item.content).decode("ascii"),
    )
