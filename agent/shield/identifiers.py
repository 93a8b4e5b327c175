"""Everything that identifies a person or a case of a practice, collected from its records."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from agent.intake.book import BookInputs
from agent.shield.addresses import address_writings
from agent.shield.births import Births
from agent.shield.folding import compact
from agent.shield.identifier import Identifier, Kind, Span, number
from agent.shield.lexicon import Lexicon
from agent.shield.names import has_credential, person, split_name
from agent.shield.people import People
from agent.shield.words import words
from knowledge.types.claim import SubmittedClaim
from knowledge.types.remit import ClaimPayment, Reference, RemitHeader

_REFERENCES: dict[str, Kind] = {
    "F8": "ICN",
    "1K": "ICN",
    "G1": "AUTH",
    "G3": "AUTH",
    "BB": "AUTH",
    "9F": "AUTH",
    "EA": "MRN",
    "SY": "SSN",
    "IG": "GROUP",
    "6P": "GROUP",
    "1L": "GROUP",
    "9A": "ICN",
    "9C": "ICN",
    "D9": "CLAIM",
    "X4": "ID",
    "1W": "MEMBER",
    "Y4": "CLAIM",
    "6R": "LINE",
    "XZ": "ID",
    "HPI": "NPI",
}
"""Qualifiers of REF (835 and 837) that name a person or a case, and what they name."""


@dataclass(frozen=True)
class Identifiers:
    """What is known of all people of a practice. `owners` says whose a member or record number is.

    `found` keeps what was found in a text, so that a text sent again is not searched again.
    """

    items: tuple[Identifier, ...] = ()
    births: frozenset[date] = frozenset()
    owners: dict[str, str] = field(default_factory=dict)
    found: dict[tuple[str, bool], tuple[Span, ...]] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def lexicon(self) -> Lexicon:
        """The identifiers compiled; built at first use."""
        return Lexicon.of(self.items)

    @cached_property
    def birthdays(self) -> Births:
        """The birth dates, found in any usual writing."""
        return Births(self.births)

    def owner(self, number_or_id: str) -> str:
        """Return whom a member number, record number or patient id belongs to; "" when nobody is known."""
        return self.owners.get(compact(number_or_id), "")


def identifiers_of(inputs: BookInputs, bundles: Iterable[bytes] = ()) -> Identifiers:
    """Collect the identifiers of a practice.

    `bundles` are its FHIR files as they stand: former names, addresses, phones and e-mails are in no typed chart.
    """
    collecting = _Collecting(inputs)
    collecting.staff()
    collecting.charts()
    collecting.claims()
    collecting.coverage()
    collecting.authorizations()
    collecting.remits()
    for data in bundles:
        collecting.bundle(data)
    return collecting.done()


class _Collecting:
    def __init__(self, inputs: BookInputs) -> None:
        self.inputs, self.people = inputs, People()
        self.items: dict[Identifier, None] = {}
        self.protected = frozenset(_codes(inputs))
        self.offices = {compact(name) for payer in inputs.payers for name in (payer.name, *payer.aliases, payer.id)}
        self.offices |= {compact(inputs.practice.name)}

    def add(self, kind: Kind, *values: str) -> None:
        for value in values:
            found = number(kind, value, self.protected)
            if found is not None:
                self.items[found] = None

    def address(self, street: str, city: str, state: str, code: str) -> None:
        self.items.update(dict.fromkeys(address_writings(street, city, state, code)))

    def charts(self) -> None:
        for chart in self.inputs.charts:
            who, fhir = chart.person, chart.person.resource.partition("/")[2]
            self.people.add((who.first,), who.last, who.birth_date, (*who.identifiers, fhir))
            self.add("FHIR", fhir)
            members = {claim.member_id for claim in self.inputs.claims} | {c.member_id for c in self.inputs.coverage}
            for value in who.identifiers:
                self.add("MEMBER" if value in members else "MRN", value)
            parts = (
                *chart.conditions, *chart.observations, *chart.orders, *chart.doses, *chart.prior_treatments,
                *chart.documents, *chart.reports, *chart.procedures,
            )  # fmt: skip
            for part in parts:
                self.resource(part.resource)

    def resource(self, resource: str) -> None:
        """Add a resource's id when it is long enough to be nobody else's."""
        fhir = resource.partition("/")[2] or resource
        key = compact(fhir)
        if len(key) >= 8 and any(char.isdigit() for char in key):
            self.add("FHIR", fhir)

    def claims(self) -> None:
        for claim in self.inputs.claims:
            self.people.add((claim.patient_first,), claim.patient_last, claim.birth_date, (claim.member_id,))
            self.add("MEMBER", claim.member_id, *(other.member_id for other in claim.other_insurance))
            self.add("CLAIM", claim.claim_id)
            self.add("ICN", claim.original_reference)
            self.add("AUTH", *claim.authorizations, *claim.referrals)
            self.add("GROUP", claim.group_number)
            self.add("NPI", claim.billing_npi, *(npi for _, npi in claim.providers))
            self.add("TAX", claim.billing_tax_id)
            # PWK06 is the number the attachment goes by
            self.add("ATTACHMENT", *(parts[5] for parts in claim.attachments if len(parts) > 5))
            self.add("ATTACHMENT", *(parts[-1] for parts in claim.attachments if parts))
            self.claim_lines(claim)
            self.raw(claim.text)
            for role, name in claim.provider_names:
                if role != "85":
                    self.worker(name)

    def claim_lines(self, claim: SubmittedClaim) -> None:
        self.pairs(claim.references)
        for line in claim.lines:
            self.add("LINE", line.line_control)
            self.add("AUTH", *line.authorizations)
            self.add("NPI", *(npi for _, npi in line.providers))
            self.pairs(line.references)

    def pairs(self, references: Iterable[tuple[str, str]]) -> None:
        for qualifier, value in references:
            if qualifier in _REFERENCES:
                self.add(_REFERENCES[qualifier], value)

    def coverage(self) -> None:
        for row in self.inputs.coverage:
            self.people.add((row.patient_first,), row.patient_last, row.birth_date, (row.member_id,))
            self.add("MEMBER", row.member_id)
            self.add("TRACE", row.trace)

    def authorizations(self) -> None:
        for row in self.inputs.authorizations:
            self.add("AUTH", row.auth_number)
            self.add("MEMBER", row.member_id)
            self.add("NPI", row.servicing_npi)
            self.resource(row.document)

    def remits(self) -> None:
        for delivery in self.inputs.deliveries:
            self.header(delivery.header)
            for claim in delivery.claims:
                self.payment(claim)

    def header(self, header: RemitHeader) -> None:
        self.add("TRACE", header.trace_number)
        for reference in header.payee_references:
            if reference.qualifier in ("TJ", "EI", "SY"):
                self.add("TAX", reference.value)
        if header.payee is not None:
            self.add("NPI", header.payee.id)

    def payment(self, claim: ClaimPayment) -> None:
        self.add("CLAIM", claim.claim_id)
        self.add("ICN", claim.payer_claim_number)
        self.refs(claim.references)
        for party in (claim.patient, claim.insured, *claim.parties):
            if party is None:
                continue
            if party.entity in ("QC", "IL", "74", "GB", "S1") and party.kind != "2":
                given = tuple(name for name in (party.first, party.middle) if name)
                self.people.add(given, party.last_or_org, None, (party.id,))
                self.add("SSN" if party.id_qualifier == "34" else "MEMBER", party.id)
            elif party.entity == "82":
                self.add("NPI", party.id)
                if party.first:
                    self.worker(f"{party.first} {party.last_or_org}")
        for line in claim.lines:
            self.add("LINE", line.line_control)
            self.refs(line.references)
        self.raw(claim.text)

    def refs(self, references: Iterable[Reference]) -> None:
        self.pairs((reference.qualifier, reference.value) for reference in references)

    def raw(self, text: str) -> None:
        """Add names, addresses and phones of the people of a claim from its segments, which typed fields leave out."""
        street = ""
        for segment in text.replace("\n", "").split("~"):
            parts = [*segment.split("*"), *[""] * 9]
            if parts[0] == "NM1" and parts[2] == "1":
                given = tuple(name for name in (parts[4], parts[5]) if name)
                if parts[1] in ("IL", "QC", "74"):
                    self.people.add(given, parts[3], None, (parts[9],) if len(segment.split("*")) > 9 else ())
                elif given:
                    self.worker(f"{' '.join(given)} {parts[3]}")
            elif parts[0] == "N3":
                street = parts[1]
                self.address(street, "", "", "")
            elif parts[0] == "N4":
                self.address(street, parts[1], parts[2], parts[3])
            elif parts[0] == "PER":
                for qualifier, value in zip(parts[3::2], parts[4::2], strict=False):
                    if qualifier in ("TE", "FX", "HP", "WP"):
                        self.add("PHONE", value)
            elif parts[0] == "REF" and parts[1] in _REFERENCES:
                self.add(_REFERENCES[parts[1]], parts[2])

    def staff(self) -> None:
        practice = self.inputs.practice
        self.add("NPI", practice.billing_npi, *(provider.npi for provider in practice.providers))
        self.add("TAX", practice.tax_id)
        self.add("PHONE", practice.phone, practice.fax)
        where = practice.address
        self.address(where.street, where.city, where.state, where.zip)
        names = [provider.name for provider in practice.providers] + [practice.billing_contact]
        for chart in self.inputs.charts:
            names += [author for document in chart.documents for author in document.authors]
            names += [order.requester for order in chart.orders]
        for name in dict.fromkeys(names):
            self.worker(name)

    def worker(self, name: str) -> None:
        """Add someone of the staff; a name of an office is not one."""
        pieces = [compact(piece) for piece in name.replace(",", " ").split()]
        if not pieces or compact(name) in self.offices:
            return
        certain = has_credential(name)
        if not certain and (any(piece in words().organisations for piece in pieces) or not 2 <= len(pieces) <= 4):
            return
        given, family = split_name(name)
        if given or certain:
            self.people.add_staff(given, family)

    def bundle(self, data: bytes) -> None:
        """Add the names, addresses and telecoms of every person a FHIR bundle names; a broken one adds nothing."""
        try:
            stored = json.loads(data)
        except ValueError:  # the intake has set the file aside and said so
            return
        for resource in _resources(stored):
            kind = resource.get("resourceType")
            self.add("FHIR", *([str(resource.get("id", ""))] if kind in ("Patient", "RelatedPerson") else ()))
            if kind not in ("Patient", "RelatedPerson", "Practitioner", "Person"):
                continue
            self.people_of(resource, kind == "Practitioner")
            for one in (resource, *_dicts(resource.get("contact"))):
                for telecom in _dicts(one.get("telecom")):
                    value = str(telecom.get("value", ""))
                    self.add("EMAIL" if telecom.get("system") == "email" else "PHONE", value)
                    digits = compact(value)
                    if digits.isdigit() and len(digits) == 11 and digits.startswith("1"):
                        self.add("PHONE", digits[1:])
                for where in (*_dicts(one.get("address")),):
                    for street in _texts(where.get("line")):
                        self.address(street, *(str(where.get(name, "")) for name in ("city", "state", "postalCode")))

    def people_of(self, resource: dict[str, object], staff: bool) -> None:
        born = str(resource.get("birthDate", ""))
        ids = tuple(str(one.get("value", "")) for one in _dicts(resource.get("identifier")))
        self.add("NPI" if staff else "MRN", *(value for value in ids if not self.people.knows(value)))
        for name in _dicts(resource.get("name")):
            given, family = _name_of(name)
            if staff:
                self.people.add_staff(given, family)
            else:
                self.people.add(given, family, _day(born), ids, alias_of=ids[0] if ids else "")
        for contact in _dicts(resource.get("contact")):
            for name in _dicts(contact.get("name")):
                given, family = _name_of(name)
                self.people.add(given, family, None, ())

    def done(self) -> Identifiers:
        for who in self.people.all():
            for given, family in who.names:
                self.items.update(dict.fromkeys(person(who.kind, who.key, given, family, who.usual)))
        return Identifiers(tuple(self.items), frozenset(self.people.births), self.people.owners())


def _codes(inputs: BookInputs) -> Iterator[str]:
    """Give the codes that name services, diagnoses, policies and payers: none of them names a person."""
    for claim in inputs.claims:
        yield from (compact(line.hcpcs) for line in claim.lines)
        yield from (compact(code) for code in claim.diagnoses)
    for delivery in inputs.deliveries:
        for payment in delivery.claims:
            yield from (compact(line.hcpcs) for line in payment.lines)
            yield from (compact(line.submitted_hcpcs) for line in payment.lines)
    for policy in inputs.policies:
        yield compact(policy.policy_id)
    for payer in inputs.payers:
        yield from (compact(payer.id), *(compact(alias) for alias in payer.aliases))


def _resources(stored: object) -> Iterator[dict[str, object]]:
    if not isinstance(stored, dict):
        return
    if stored.get("resourceType") != "Bundle":
        yield stored
        return
    for entry in _dicts(stored.get("entry")):
        yield from _dicts(entry.get("resource"))


def _dicts(value: object) -> tuple[dict[str, object], ...]:
    found = value if isinstance(value, list) else [value]
    return tuple(one for one in found if isinstance(one, dict))


def _texts(value: object) -> tuple[str, ...]:
    found = value if isinstance(value, list) else [value]
    return tuple(one for one in found if isinstance(one, str) and one.strip())


def _name_of(name: dict[str, object]) -> tuple[tuple[str, ...], str]:
    given, family = _texts(name.get("given")), str(name.get("family", ""))
    return split_name(str(name["text"])) if not family and name.get("text") else (given, family)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
