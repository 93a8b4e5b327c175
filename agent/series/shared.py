"""The record that denials of one cause share: the authorization, the coverage row, the contract row, the provider."""

import re
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

import yaml

from agent.worth.outline import Told
from knowledge.causes import load_catalogue
from knowledge.types.diagnosis import Category
from knowledge.types.practice import Frozen

Kind = Literal["authorization", "claim", "code", "code_row", "contract", "course", "coverage", "patient", "provider"]

AnswerKey = tuple[str, str, str]

_NPI = re.compile(r"\bNPI (\d{10})\b")
_DRUG = re.compile(r"[A-Z]\d{4}")


class SharedFact(Frozen):
    """A record several denials may share. `value` names it exactly; `says` names it for people, patients unnamed."""

    kind: Kind
    value: str
    says: str


class Sharing(Frozen):
    """The kinds of shared record by category and cause; see sharing.yaml."""

    categories: dict[Category, tuple[Kind, ...]]
    causes: dict[str, tuple[Kind, ...]]


class BadSharing(ValueError):
    """sharing.yaml names a cause that the catalogue has not, or lacks a category."""


@cache
def sharing() -> Sharing:
    """Read and check sharing.yaml.

    Raises:
        BadSharing: it does not fit the catalogue of causes.
    """
    found = Sharing.model_validate(yaml.safe_load((files(__package__) / "sharing.yaml").read_text(encoding="utf-8")))
    strange = sorted(found.causes.keys() - {cause.id for cause in load_catalogue().causes})
    lacking = sorted(set(get_args(Category)) - found.categories.keys() - {"unknown"})
    if strange or lacking:
        raise BadSharing(f"agent/series/sharing.yaml: no such cause {strange}; no entry for {lacking}")
    return found


class Facts:
    """Finds the shared fact of each of a practice's denial records."""

    def __init__(self, records: Iterable[Told]) -> None:
        """Know all records: the lines of an administration go with the drug of their claim."""
        drugs: dict[AnswerKey, list[tuple[str, str]]] = {}
        for record in records:
            if code := drug_code(record):
                drugs.setdefault(answer_key(record), []).append((record.denial_id, code))
        self._drugs = {key: min(held)[1] for key, held in drugs.items()}

    def of(self, record: Told) -> SharedFact | None:
        """Return the fact a denial may share with others; None when its cause is unknown or no record shows one."""
        if record.root_cause == "unknown" or record.category == "unknown":
            return None
        known = sharing()
        for kind in known.causes.get(record.root_cause) or known.categories[record.category]:
            found = _FINDERS[kind](record, self._code(record))
            if found is not None:
                value, says = found
                return SharedFact(kind=kind, value=value, says=says)
        return None

    def _code(self, record: Told) -> str:
        code = (record.line.hcpcs if record.line else None) or ""
        return drug_code(record) or self._drugs.get(answer_key(record), code)


_Found = tuple[str, str] | None


def drug_code(record: Told) -> str | None:
    """Return the code of a line that is a drug's; None for what is given with one."""
    code = record.line.hcpcs if record.line else None
    return code if code and _DRUG.fullmatch(code) else None


def answer_key(record: Told) -> AnswerKey:
    """Name the claim and cause whose lines go with the drug among them."""
    return record.remit.payer_id or record.remit.payer_name or "", record.remit.claim_id, record.root_cause


def _authorization(record: Told, _code: str) -> _Found:
    link = record.links.auth_number
    return (link.value, f"authorization {link.value}") if link else None


def _course(record: Told, code: str) -> _Found:
    link = record.links.chart
    return (f"{link.value}|{code}", f"one patient's treatment with {code}") if link and code else None


def _patient(record: Told, _code: str) -> _Found:
    link = record.links.chart
    return (link.value, "one patient's claims") if link else None


def _coverage(record: Told, _code: str) -> _Found:
    rows = sorted({item.source for item in record.evidence if item.kind == "coverage"})
    return ("|".join(rows), f"coverage {', '.join(rows)}") if rows else None


def _contract(record: Told, _code: str) -> _Found:
    rows = sorted({item.source for item in record.evidence if item.source.startswith("contracts/")})
    return ("|".join(rows), f"contract terms {', '.join(rows)}") if rows else None


def _provider(record: Told, _code: str) -> _Found:
    found = _NPI.search(record.says)
    return (found[1], f"provider NPI {found[1]}") if found else None


def _code_of(_record: Told, code: str) -> _Found:
    return (code, f"code {code}") if code else None


def _code_row(record: Told, _code: str) -> _Found:
    rows = {item.source.rpartition(" ")[2] for item in record.evidence if item.source.startswith("hcpcs table")}
    return ("|".join(sorted(rows)), f"code table rows {', '.join(sorted(rows))}") if rows else None


def _claim(record: Told, _code: str) -> _Found:
    remit = record.remit
    return f"{remit.claim_id}|{remit.payer_claim_number or ''}", f"claim {remit.claim_id}"


_FINDERS: dict[Kind, Callable[[Told, str], _Found]] = {
    "authorization": _authorization,
    "claim": _claim,
    "code": _code_of,
    "code_row": _code_row,
    "contract": _contract,
    "course": _course,
    "coverage": _coverage,
    "patient": _patient,
    "provider": _provider,
}
