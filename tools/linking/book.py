"""The practice's records in indexes, built once, so that each of many denials is linked by look-ups."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from knowledge.codes import HcpcsTable
from knowledge.payers import PayerDirectory
from knowledge.types.acknowledgement import ClaimAcknowledgement
from knowledge.types.chart import Chart
from knowledge.types.claim import SubmittedClaim
from knowledge.types.practice import Authorization, CoverageSpan, Policy
from tools.denials.identity import claim_payer, squeeze

T = TypeVar("T")

PersonKey = tuple[str, str, date]
Index = dict[str, tuple[T, ...]]


def person_key(last: str, first: str, birth_date: date | None) -> PersonKey | None:
    """Return what names a person without a number: family name, given name and birth date, all three or None."""
    if not last.strip() or not first.strip() or birth_date is None:
        return None
    return (_name(last), _name(first), birth_date)


@dataclass(frozen=True, slots=True)
class Book:
    """All records a denial may be joined to. Make it with `Book.build`; member ids and claim numbers are squeezed."""

    directory: PayerDirectory
    hcpcs: HcpcsTable
    claims_by_id: Index[SubmittedClaim] = field(default_factory=dict, repr=False)
    claims_by_member: Index[SubmittedClaim] = field(default_factory=dict, repr=False)
    payer_of_claim: dict[int, str | None] = field(default_factory=dict, repr=False)
    authorizations_by_member: dict[tuple[str, str], tuple[Authorization, ...]] = field(default_factory=dict, repr=False)
    authorizations_by_number: Index[Authorization] = field(default_factory=dict, repr=False)
    charts_by_member: Index[Chart] = field(default_factory=dict, repr=False)
    charts_by_person: dict[PersonKey, tuple[Chart, ...]] = field(default_factory=dict, repr=False)
    coverage_by_member: Index[CoverageSpan] = field(default_factory=dict, repr=False)
    coverage_by_person: dict[PersonKey, tuple[CoverageSpan, ...]] = field(default_factory=dict, repr=False)
    policies_by_payer: Index[Policy] = field(default_factory=dict, repr=False)
    acknowledgements_by_claim: Index[ClaimAcknowledgement] = field(default_factory=dict, repr=False)

    @classmethod
    def build(
        cls,
        directory: PayerDirectory,
        hcpcs: HcpcsTable,
        *,
        claims: Iterable[SubmittedClaim] = (),
        authorizations: Iterable[Authorization] = (),
        charts: Iterable[Chart] = (),
        coverage: Iterable[CoverageSpan] = (),
        policies: Iterable[Policy] = (),
        acknowledgements: Iterable[ClaimAcknowledgement] = (),
    ) -> "Book":
        """Index the records. Order of arrival does not matter: each index is sorted by file and place."""
        sent = sorted(claims, key=lambda c: (c.submitted_on or date.min, c.file, c.place.segment))
        rows = sorted(authorizations, key=lambda a: (a.auth_number, a.source, a.hcpcs))
        people = sorted(charts, key=lambda c: c.file)
        spans = sorted(coverage, key=lambda s: (s.payer_id, s.start_date or date.min, s.source))
        acks = sorted(
            acknowledgements, key=lambda a: (a.received_on or a.effective_on or date.max, a.file, a.place.segment)
        )

        def payer_id(name: str) -> str:
            payer = directory.resolve(name)
            return payer.id if payer is not None else name

        payers = {id(c): p.id if (p := claim_payer(c, directory)) is not None else None for c in sent}
        return cls(
            directory=directory,
            hcpcs=hcpcs,
            claims_by_id=_index(sent, lambda c: [squeeze(c.claim_id)]),
            claims_by_member=_index(sent, lambda c: [squeeze(c.member_id)]),
            payer_of_claim=payers,
            authorizations_by_member=_index(rows, lambda a: [(payer_id(a.payer_id), squeeze(a.member_id))]),
            authorizations_by_number=_index(rows, lambda a: [squeeze(a.auth_number)]),
            charts_by_member=_index(people, lambda c: sorted({squeeze(i) for i in c.person.identifiers})),
            charts_by_person=_index(people, lambda c: _key_of(c.person.last, c.person.first, c.person.birth_date)),
            coverage_by_member=_index(spans, lambda s: [squeeze(s.member_id)]),
            coverage_by_person=_index(spans, lambda s: _key_of(s.patient_last, s.patient_first, s.birth_date)),
            policies_by_payer=_index(policies, lambda p: [payer_id(p.payer_id)]),
            acknowledgements_by_claim=_index(acks, lambda a: [squeeze(a.claim_id)]),
        )


K = TypeVar("K")


def _index(records: Iterable[T], keys: Callable[[T], Sequence[K]]) -> dict[K, tuple[T, ...]]:
    found: dict[K, list[T]] = {}
    for record in records:
        for key in keys(record):
            if key:
                found.setdefault(key, []).append(record)
    return {key: tuple(held) for key, held in found.items()}


def _key_of(last: str, first: str, birth_date: date | None) -> list[PersonKey]:
    key = person_key(last, first, birth_date)
    return [key] if key is not None else []


def _name(text: str) -> str:
    return " ".join(text.casefold().split())
