"""Reads practice.yaml: who bills."""

from decimal import Decimal

from knowledge.folder.keys import Keys
from knowledge.folder.located import Mapping, read_yaml
from knowledge.folder.notes import Notes
from knowledge.types.practice import Address, Practice, Provider, ReviewPolicy
from knowledge.types.reading import ReadingFinding

CONTRACT = 1
NPI = (10,)
TAX_ID = (9,)
ZIP = (5, 9)


def read_practice(text: str, file: str = "practice.yaml") -> tuple[Practice | None, tuple[ReadingFinding, ...]]:
    """Read the practice's own entry; None when the file is broken as a whole.

    A value that does not fit is noted with its line and becomes unknown. Review settings that do not fit
    make the practice strict: nothing goes straight through until they are corrected.
    """
    notes = Notes(file)
    document = read_yaml(text, notes)
    if document is None:
        return None, notes.findings
    if not isinstance(document, Mapping):
        notes.add("error", "practice-form", "expected keys (name, tax_id, ...), found something else", document.line)
        return None, notes.findings
    keys = Keys(document, notes, "practice")
    contract = keys.whole("contract")
    if contract is not None and contract != CONTRACT:
        notes.add(
            "warning",
            "contract-version",
            f"contract {contract} is not known; read as contract {CONTRACT}",
            keys.line("contract"),
        )
    practice = Practice(
        contract=CONTRACT,
        name=keys.text("name"),
        tax_id=keys.number_text("tax_id", TAX_ID),
        billing_npi=keys.number_text("billing_npi", NPI),
        providers=_providers(keys),
        address=_address(keys),
        phone=keys.text("phone"),
        fax=keys.text("fax"),
        billing_contact=keys.text("billing_contact"),
        as_of=keys.day("as_of"),
        review=_review(keys),
    )
    keys.finish()
    if not practice.name:
        notes.add("error", "name-missing", "practice: name is missing; letters cannot be sent without it")
    return practice, notes.findings


def _address(keys: Keys) -> Address:
    found = keys.within("address")
    if found is None:
        return Address()
    address = Address(
        street=found.text("street"),
        city=found.text("city"),
        state=found.text("state"),
        zip=found.number_text("zip", ZIP),
    )
    found.finish()
    return address


def _providers(keys: Keys) -> tuple[Provider, ...]:
    providers = []
    for found in keys.each("providers"):
        npi, name = found.number_text("npi", NPI), found.text("name")
        enrolled = found.texts("payers_enrolled") if found.has("payers_enrolled") else None
        role = found.text("role") or "rendering"
        found.finish("payers_enrolled")
        if npi:
            providers.append(Provider(npi=npi, name=name, role=role, payers_enrolled=enrolled))
        else:
            found.wrong("npi", "missing; this provider is left out")
    return tuple(providers)


def _review(keys: Keys) -> ReviewPolicy:
    found = keys.within("review")
    if found is None:
        return ReviewPolicy() if not keys.has("review") else ReviewPolicy(straight_through=False)
    usual = ReviewPolicy()
    flag = found.flag("straight_through")
    confidence = found.amount("min_confidence")
    limit = found.amount("max_amount_without_review")
    found.finish()
    wanted = {
        "straight_through": flag,
        "min_confidence": confidence,
        "max_amount_without_review": limit,
    }
    strict = any(found.has(key) and value is None for key, value in wanted.items())
    if confidence is not None and confidence > 1:
        found.wrong("min_confidence", f"{confidence} is above 1; expected a share like 0.9")
        strict, confidence = True, None
    no_limit = found.null("max_amount_without_review")
    return ReviewPolicy(
        straight_through=False if strict else (usual.straight_through if flag is None else flag),
        min_confidence=usual.min_confidence if confidence is None else float(confidence),
        max_amount_without_review=_limit(limit, no_limit, usual.max_amount_without_review),
    )


def _limit(limit: Decimal | None, no_limit: bool, usual: Decimal | None) -> Decimal | None:
    if limit is not None:
        return limit
    return None if no_limit else usual
