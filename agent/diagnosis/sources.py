"""Turn the case's records into evidence: where each stood, its words, and the values a letter may use."""

from functools import lru_cache
from typing import NamedTuple

from agent.diagnosis.inquiry import Inquiry
from agent.diagnosis.printed import day, listed, money, number
from knowledge.types.acknowledgement import ClaimAcknowledgement
from knowledge.types.chart import Document
from knowledge.types.claim import ClaimLine, SubmittedClaim
from knowledge.types.claim_status import ClaimStatus
from knowledge.types.practice import Authorization, ContractRate, CoverageSpan, Policy, PolicySection


def remit_line(q: Inquiry) -> str:
    """Keep what the payer said of the line: codes, amounts, remarks."""
    denial = q.case.denial
    codes = listed([f"{a.group}-{a.carc} {money(a.amount)}" for a in denial.adjustments])
    remarks = f", remarks {listed(denial.remarks)}" if denial.remarks else ""
    line = denial.line
    what = f"{line.hcpcs or 'the line'} of {day(line.service_date)}" if line else "the claim"
    segment = line.segment if line and line.segment else q.case.payment.place.segment
    return q.ledger.add(
        "remit",
        f"{denial.remit.file} segment {segment}",
        f"{denial.remit.payer_name or 'The payer'} denied {what} on {day(denial.remit.paid_on)}: {codes}{remarks}",
        quote=_remit_quote(q),
        exhibit="remit",
        values={"remit_date": day(denial.remit.paid_on), "amount": money(denial.amount_at_stake)},
    )


def _remit_quote(q: Inquiry) -> str | None:
    """Find the CAS segment that carries the first adjustment of the denial, as it stands in the file."""
    denial = q.case.denial
    if not denial.adjustments:
        return None
    segments = [segment.strip() for segment in q.case.payment.text.split("~")]
    services = [index for index, segment in enumerate(segments) if segment.startswith("SVC")]
    start, end = 0, len(segments)
    if denial.line is not None and denial.line.position <= len(services):
        start = services[denial.line.position - 1]
        end = services[denial.line.position] if denial.line.position < len(services) else len(segments)
    wanted = denial.adjustments[0]
    for segment in segments[start:end]:
        if segment.startswith("CAS") and wanted.group in segment[:8] and wanted.carc in segment:
            return segment
    return None


def claim_line(q: Inquiry, line: ClaimLine | None = None) -> str:
    """Keep what was billed on a claim line; empty when there is no claim."""
    line = line or q.subject
    claim = q.case.claim
    if claim is None or line is None:
        return ""
    words = _words_of(_Same(claim)).get(id(line)) or _words(claim, line)
    return q.ledger.add("claim", words.place, words.says, quote=words.quote, exhibit="claim", values=words.values)


def claim_product(q: Inquiry, line: ClaimLine) -> str:
    """Keep which product a claim line names (LIN); empty when there is no claim or no product."""
    claim = q.case.claim
    if claim is None or line.drug is None or not line.drug.ndc:
        return ""
    return q.ledger.add(
        "claim",
        f"{claim.file} claim {claim.claim_id} line {line.number}, product",
        f"Claim {claim.claim_id} line {line.number} names NDC {line.drug.ndc}",
        quote=_claim_quote(claim.text, line.number, "LIN"),
        exhibit="claim",
    )


def other_claim_line(q: Inquiry, claim: SubmittedClaim, line: ClaimLine) -> str:
    """Keep a line of another claim of the same member."""
    return q.ledger.add(
        "claim",
        _place_of_line(claim, line),
        f"Claim {claim.claim_id} line {line.number} bills {line.hcpcs} on {day(line.start_date)}",
        quote=_claim_quote(claim.text, line.number, "SV1"),
        exhibit=f"claim:{claim.claim_id}",
    )


def claim_header(q: Inquiry, says: str, segment: str = "CLM") -> str:
    """Keep a statement about the claim as a whole, quoting the first segment of that name."""
    claim = q.case.claim
    if claim is None:
        return ""
    quote = next((one for one in _segments(claim.text) if one.startswith(segment)), None)
    number = claim.person_segment if segment.startswith("NM1*IL") else claim.place.segment
    place = f" (segment {number})" if number else ""
    return q.ledger.add(
        "claim",
        f"{claim.file} claim {claim.claim_id}{place}",
        says,
        quote=quote,
        exhibit="claim",
    )


def claim_parties(q: Inquiry) -> str:
    """Keep who rendered, who billed and where, as the claim says it; empty when there is no claim."""
    claim = q.case.claim
    if claim is None:
        return ""
    named = {**dict(claim.providers), **dict(q.subject.providers if q.subject else ())}
    place = (q.subject.place_of_service if q.subject else "") or claim.place_of_service
    pointers = q.subject.diagnosis_pointers if q.subject else ()
    pointed = [claim.diagnoses[p - 1] for p in pointers if 0 < p <= len(claim.diagnoses)]
    rendering = f"rendering NPI {named['82']}, " if named.get("82") else ""
    diagnoses = f", diagnoses {listed(pointed or list(claim.diagnoses))}" if claim.diagnoses else ""
    says = f"Claim {claim.claim_id}: {rendering}billing NPI {claim.billing_npi}, place of service {place}{diagnoses}"
    return claim_header(q, says)


# What a claim of a thousand lines says of each is asked a thousand times: it is put into words and cut up once.


class _Words(NamedTuple):
    place: str
    says: str
    quote: str | None
    values: dict[str, str]


class _Same:
    """A claim as a key: the very object, whatever it holds."""

    __slots__ = ("claim",)

    def __init__(self, claim: SubmittedClaim) -> None:
        self.claim = claim

    def __hash__(self) -> int:
        return id(self.claim)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.claim is self.claim


@lru_cache(maxsize=64)
def _words_of(same: _Same) -> dict[int, _Words]:
    """Return the words of every line of a claim, by the line's identity."""
    return {id(line): _words(same.claim, line) for line in same.claim.lines}


def _words(claim: SubmittedClaim, line: ClaimLine) -> _Words:
    units = f"{number(line.units)} units" if line.units is not None else "no units"
    code = "-".join((line.hcpcs, *line.modifiers))
    return _Words(
        _place_of_line(claim, line),
        f"Claim {claim.claim_id} line {line.number} bills {code}, {units}, {money(line.charge)}, "
        f"on {day(line.start_date)}",
        _claim_quote(claim.text, line.number, "SV1"),
        {"hcpcs": line.hcpcs, "service_date": day(line.start_date)},
    )


def _place_of_line(claim: SubmittedClaim, line: ClaimLine) -> str:
    return f"{claim.file} claim {claim.claim_id} line {line.number} (segment {line.place.segment})"


@lru_cache(maxsize=64)
def _segments(text: str) -> tuple[str, ...]:
    return tuple(segment.strip() for segment in text.split("~"))


@lru_cache(maxsize=64)
def _by_line(text: str) -> dict[str, tuple[str, ...]]:
    """Return the segments of each service line (LX) of a claim, by its number."""
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    for segment in _segments(text):
        if segment.startswith("LX"):
            current = found.setdefault(segment[3:], [])
        elif current is not None:
            current.append(segment)
    return {name: tuple(held) for name, held in found.items()}


def _claim_quote(text: str, number_of_line: str, name: str) -> str | None:
    held = _by_line(text).get(number_of_line, ())
    return next((segment for segment in held if segment.startswith(name)), None)


def authorization(q: Inquiry, row: Authorization) -> str:
    """Keep one authorization row: what was approved or denied, for what, from when to when."""
    quantity = ""
    if row.quantity is not None:
        basis = (row.quantity_basis or "units").replace("_", " ")
        per = {"dose": " a dose", "total": " in all", None: ""}[row.per]
        quantity = f", {number(row.quantity)} {basis}{per}"
        quantity += f", {number(row.doses)} doses" if row.doses is not None else ""
    diagnoses = f", diagnoses {' '.join(row.diagnosis_codes)}" if row.diagnosis_codes else ""
    decided = f" on {day(row.decided_on)}" if row.decided_on else ""
    place = f", servicing NPI {row.servicing_npi}" if row.servicing_npi else ""
    place += f", place of service {row.place_of_service}" if row.place_of_service else ""
    reason = f", stated reason: {row.denial_reason}" if row.denial_reason else ""
    return q.ledger.add(
        "authorization",
        row.source,
        f"Authorization {row.auth_number}, status {row.status}{decided}, for {listed(row.hcpcs)}{quantity}, "
        f"{day(row.start_date) or 'no start'} to {day(row.end_date) or 'no end'}{diagnoses}{place}{reason}",
        quote=row.raw,
        exhibit=f"auth:{row.auth_number}",
        values={"auth_number": row.auth_number, "auth_codes": listed(row.hcpcs)},
    )


def chart(q: Inquiry, resource: str, says: str, *, quote: str | None = None, **values: str) -> str:
    """Keep a statement of the chart, naming the resource it stands in."""
    file = q.case.chart.file if q.case.chart else "chart"
    return q.ledger.add("chart", f"{file} {resource}", says, quote=quote, exhibit=f"chart:{resource}", values=values)


def document(q: Inquiry, found: Document) -> str:
    """Keep that a document of the chart exists, by type and date."""
    return chart(q, found.resource, f"{found.kind or 'Document'} of {day(found.day) or 'unknown date'}")


def code_table(q: Inquiry, table: str, code: str, says: str, *, part: str = "") -> str:
    """Keep what a code table says of a code, with the table's own date, and that it is older than the service."""
    source = q.codes.source_of(table, code, q.service_date, part)
    if q.service_date is not None and source.older_than(q.service_date):
        says = f"{says}; the table of {source.as_of} is older than the service"
    return q.ledger.add(
        "code_table", f"{table} table as of {source.as_of}, row {code}", says, exhibit=f"code:{table}:{code}"
    )


def newer_table(q: Inquiry, code: str) -> tuple[str, ...]:
    """Name the HCPCS file to get where the one at hand is older than the service; empty where it reaches that far.

    The rule: that a code had ended, or was yet to begin, an older table proves as well as a newer one. That it is in
    force an older table does not prove, as it may have ended since: the drug and its unit may still be read from it,
    but nothing that turns on whether the code was valid is decided by it.
    """
    if q.service_date is None or q.codes.reaches("hcpcs", code, q.service_date):
        return ()
    return (f"the HCPCS file of the quarter of {day(q.service_date)}",)


def coverage(q: Inquiry, row: CoverageSpan) -> str:
    """Keep one verified eligibility row."""
    payer = next((item.name for item in q.case.payers if item.id == row.payer_id), row.payer_id)
    return q.ledger.add(
        "coverage",
        row.source,
        f"Coverage of member {row.member_id} with {payer} ({row.order or 'order not stated'}"
        f"{', ' + row.plan_type if row.plan_type else ''}) from {day(row.start_date) or 'unknown'} to "
        f"{day(row.end_date) or 'open'}, verified {day(row.verified_on) or 'on an unknown day'}",
        quote=row.raw,
        exhibit=f"coverage:{row.source}",
    )


def acknowledgement(q: Inquiry, found: ClaimAcknowledgement) -> str:
    """Keep one 277CA answer about the claim."""
    quote = next((s.strip() for s in found.text.split("~") if s.strip().startswith("STC")), None)
    return q.ledger.add(
        "acknowledgement",
        f"{found.file} segment {found.place.segment}",
        f"277CA: {found.source_name or found.source_entity or 'the receiver'} answered {found.category} for claim "
        f"{found.claim_id} on {day(found.effective_on or found.received_on)}",
        quote=quote,
        exhibit=f"ack:{found.file}:{found.place.segment}",
    )


def records_request(q: Inquiry, found: ClaimStatus, wanted: str) -> str:
    """Keep the payer's electronic request for records; `wanted` says which."""
    due = found.request.due_on if found.request else None
    quote = next((s.strip() for s in found.text.split("~") if s.strip().startswith("STC")), None)
    return q.ledger.add(
        "acknowledgement",
        f"{found.file} segment {found.place.segment}",
        f"277: {found.source_name or 'the payer'} asks under its number {found.trace} for {wanted}"
        + (f", by {day(due)}" if due else ""),
        quote=quote,
        exhibit=f"ack:{found.file}:{found.place.segment}",
    )


def policy_place(policy: Policy, section: PolicySection) -> str:
    """Name a section of a policy as evidence cites it: file and heading."""
    file = policy.source.partition(":")[0] or policy.policy_id
    return f"{file} section {section.heading}"


def contract_rate(q: Inquiry, row: ContractRate) -> str:
    """Keep one contracted rate of the code."""
    says = f"Contract: {money(row.rate)} a unit of {q.hcpcs}"
    return q.ledger.add("contract", row.source, says, quote=row.raw, exhibit=f"contract:{row.source}")


def calculation(q: Inquiry, name: str, says: str, **values: str) -> str:
    """Keep an arithmetic step written out."""
    return q.ledger.add("calculation", f"calculation {name}", says, exhibit=f"calc:{name}", values=values)


def payer_setting(q: Inquiry, setting: str, says: str) -> str:
    """Keep one of the practice's own settings for the payer."""
    payer = q.case.payer
    where = payer.source if payer and payer.source else "payers.yaml"
    return q.ledger.add(
        "contract",
        f"{where} {payer.id if payer else ''} {setting}".strip(),
        says,
        exhibit=f"setting:{setting}",
    )
