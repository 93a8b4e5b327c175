"""Choose and order the exhibits of a packet: for each piece of evidence, the record it stands in."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from knowledge.types.acknowledgement import ClaimAcknowledgement
from knowledge.types.chart import Chart, Document
from knowledge.types.claim import SubmittedClaim
from knowledge.types.evidence import Evidence, EvidenceKind
from knowledge.types.letters import Exhibit, ExhibitPassage, Table
from knowledge.types.practice import Authorization, CoverageSpan, Policy
from knowledge.types.remit import ClaimPayment, RemitHeader
from tools.packet.chart_exhibits import chart_exhibit, document_exhibit, find_fact
from tools.packet.passages import heading
from tools.packet.printing import dates_in_words, shortened
from tools.packet.record_exhibits import (
    acknowledgement_exhibit,
    authorization_exhibit,
    claim_exhibit,
    coverage_exhibit,
    policy_exhibit,
    remit_exhibit,
)

_ORDER: tuple[EvidenceKind, ...] = (
    "remit",
    "claim",
    "acknowledgement",
    "authorization",
    "chart",
    "policy",
    "coverage",
    "contract",
    "code_table",
    "calculation",
    "authority",
)
# Evidence of these kinds has no record of its own: its statements are listed together on one page.
_LISTED: dict[EvidenceKind, str] = {
    "contract": "Contract terms and filing limits on file",
    "code_table": "Code tables",
    "calculation": "Calculations",
    "authority": "Authorities cited",
}
_PROVES = 170


@dataclass(frozen=True)
class Records:
    """The records of one case that exhibits may show; None or empty where there is none.

    `earlier` are exhibits made already, by their key: what was sent before, and what the payer decided on it.
    """

    header: RemitHeader | None = None
    payment: ClaimPayment | None = None
    claim: SubmittedClaim | None = None
    authorizations: tuple[Authorization, ...] = ()
    chart: Chart | None = None
    coverage: tuple[CoverageSpan, ...] = ()
    policy: Policy | None = None
    acknowledgements: tuple[ClaimAcknowledgement, ...] = ()
    earlier: tuple[Exhibit, ...] = ()


def enclose(evidence: Sequence[Evidence], records: Records, cited: Iterable[str] | None = None) -> tuple[Exhibit, ...]:
    """Return the exhibits that show `evidence`, in the order a reviewer reads them, each with its passages.

    `cited` limits them to the evidence a letter cites (the minimum necessary); None = all of it. Evidence is
    grouped by `Evidence.exhibit`: "remit", "claim", "auth:NUMBER", "chart:RESOURCE", "ack:FILE:SEGMENT",
    "policy:ID", "coverage:ROW". What no record shows is listed as it was stated, so no evidence goes unshown.
    Of a policy the cited sections go, of an authorization the member's own rows, of coverage the cited rows.
    """
    wanted = set(cited) if cited is not None else {item.id for item in evidence}
    used = [item for item in evidence if item.id in wanted]
    out: list[Exhibit] = []
    for kind in _ORDER:
        items = [item for item in used if item.kind == kind]
        if items:
            out += _of_kind(kind, items, records)
    return tuple(out)


def _of_kind(kind: EvidenceKind, items: list[Evidence], records: Records) -> list[Exhibit]:
    if kind in _LISTED:
        return [_listed(_LISTED[kind], kind, items)]
    if kind == "coverage":
        rows = [row for row in records.coverage if row.source in {item.source for item in items}]
        return [_with(coverage_exhibit(rows), items)] if rows else [_listed("Verified eligibility", kind, items)]
    groups: dict[str, list[Evidence]] = {}
    for item in items:
        groups.setdefault(item.exhibit or f"{kind}:{item.source}", []).append(item)
    if kind == "chart":
        return _chart(groups, records)
    return [
        _with(made, group) if (made := _make(kind, key, group, records)) else _listed(_title(kind), key, group)
        for key, group in groups.items()
    ]


def _make(kind: EvidenceKind, key: str, items: list[Evidence], records: Records) -> Exhibit | None:
    for one in records.earlier:
        if one.key == key:
            return one
    if kind == "authorization":
        return _authorization(key, items, records)
    if kind == "policy":
        return _policy(key, items, records)
    makers: dict[EvidenceKind, Callable[[str, Records], Exhibit | None]] = {
        "remit": _remit,
        "claim": _claim,
        "acknowledgement": _acknowledgement,
    }
    return makers[kind](key, records) if kind in makers else None


def _remit(key: str, records: Records) -> Exhibit | None:
    if records.header is None or records.payment is None or key != "remit":
        return None
    return remit_exhibit(records.header, records.payment, key)


def _claim(key: str, records: Records) -> Exhibit | None:
    return claim_exhibit(records.claim, key) if records.claim and key == "claim" else None


def _authorization(key: str, items: list[Evidence], records: Records) -> Exhibit | None:
    """Show the rows of the authorization that are the patient's: those cited, and others of the same member."""
    rows = [row for row in records.authorizations if f"auth:{row.auth_number}" == key]
    cited = {row.member_id for row in rows if row.source in {item.source for item in items}}
    member = records.claim.member_id if records.claim else ""
    own = {member} if member and any(row.member_id == member for row in rows) else cited
    rows = [row for row in rows if row.member_id in own] if len(own) == 1 else []
    return authorization_exhibit(rows, key) if rows else None


def _acknowledgement(key: str, records: Records) -> Exhibit | None:
    found = [a for a in records.acknowledgements if f"ack:{a.file}:{a.place.segment}" == key]
    return acknowledgement_exhibit(found[0], key) if found else None


def _policy(key: str, items: list[Evidence], records: Records) -> Exhibit | None:
    """Show the sections of the policy that are cited; all of it where a citation names none."""
    policy = records.policy
    if policy is None or not key.startswith(f"policy:{policy.policy_id}"):
        return None
    cited = {heading(item) for item in items}
    known = {section.heading for section in policy.sections}
    return policy_exhibit(policy, sorted(cited) if cited <= known else (), key)


def _chart(groups: dict[str, list[Evidence]], records: Records) -> list[Exhibit]:
    """Give each document its own exhibit, then all structured entries one, then what is in neither."""
    documents, entries, loose = [], [], []
    for key, group in groups.items():
        fact = find_fact(records.chart, key.removeprefix("chart:")) if records.chart else None
        if isinstance(fact, Document):
            documents.append(_with(document_exhibit(fact, key), group))
        elif fact is not None:
            entries.append((fact, group))
        else:
            loose += group
    out = documents
    if entries:
        items = [item for _, group in entries for item in group]
        out.append(_with(chart_exhibit([fact for fact, _ in entries]), items))
    if loose:
        out.append(_listed("Chart entries", "chart:other", loose))
    return out


def _with(exhibit: Exhibit, items: Sequence[Evidence]) -> Exhibit:
    """Add what the exhibit shows, the passages found in its text, and the ids of the evidence it carries."""
    passages = tuple(
        ExhibitPassage(quote=item.quote, evidence=item.id)
        for item in items
        if item.quote and (exhibit.pdf or exhibit.text)
    )
    return exhibit.model_copy(
        update={"proves": _proves(items), "passages": passages, "evidence": tuple(item.id for item in items)}
    )


def _proves(items: Sequence[Evidence]) -> str:
    told = dates_in_words("; ".join(dict.fromkeys(item.says for item in items)))
    return shortened(told[:1].upper() + told[1:], _PROVES)


def _listed(title: str, key: str, items: Sequence[Evidence]) -> Exhibit:
    """List statements with their sources, for evidence that has no record of its own."""
    rows = tuple((dates_in_words(item.says), item.source) for item in items)
    text = "\n".join(dict.fromkeys(item.quote for item in items if item.quote))
    exhibit = Exhibit(
        key=key,
        title=title,
        source=shortened(", ".join(dict.fromkeys(item.source for item in items)), _PROVES),
        table=Table(title="", columns=("Statement", "Source"), rows=rows),
        text=text,
        monospace=True,
    )
    return _with(exhibit, items)


def _title(kind: EvidenceKind) -> str:
    return {
        "remit": "Remittance",
        "claim": "Claim as submitted",
        "authorization": "Authorization",
        "acknowledgement": "Claim acknowledgement",
        "policy": "Payer policy",
    }.get(kind, kind.replace("_", " ").capitalize())
