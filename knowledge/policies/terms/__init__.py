"""The terms payer policies use: diseases, markers, drugs with their classes, documents, places, and synonyms."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BeforeValidator, Field

from knowledge.codes.columns import Codes
from knowledge.codes.sources import CodeTableError, Source, read_sources, read_table
from knowledge.types.criteria import Disease
from knowledge.types.practice import Frozen

HERE = Path(__file__).parent


def _names(cell: object) -> object:
    return tuple(name.strip() for name in cell.split("|") if name.strip()) if isinstance(cell, str) else cell


def _prefixes(cell: object) -> object:
    return cell.replace(".", "") if isinstance(cell, str) else cell


Names = Annotated[tuple[str, ...], BeforeValidator(_names)]
"""Names separated by | in a cell."""


class DiseaseRow(Frozen):
    """A disease, its other names, its ICD-10-CM prefixes and the words that tell it apart."""

    name: str
    names: Names = ()
    icd10: Annotated[Codes, BeforeValidator(_prefixes)]
    words: Names = ()
    against: Names = ()

    def disease(self) -> Disease:
        """Give the disease without its other names."""
        return Disease(name=self.name, icd10=self.icd10, words=self.words, against=self.against)


class MarkerRow(Frozen):
    """A marker and its other names. `form`: a score, a protein, a gene, or a state that is its own name."""

    marker: str
    names: Names
    form: str


class DrugRow(Frozen):
    """A drug by its generic name, its other names in lower case, and the classes it belongs to."""

    drug: str
    names: Names = ()
    classes: Names = ()


class ClassRow(Frozen):
    """A drug class as `drugs.csv` writes it, and what else it is called."""

    class_: Annotated[str, Field(alias="class")]
    names: Names


class DocumentRow(Frozen):
    """A document and what it is called."""

    document: str
    names: Names


class PlaceRow(Frozen):
    """A place of service code and what policies call it."""

    place: str
    names: Names


class RiskRow(Frozen):
    """A regimen and its risk of febrile neutropenia."""

    regimen: str
    risk: str


class BesideRow(Frozen):
    """A drug whose label, in a dose of so many units, wants a diagnosis beside a solid tumor, or another `instead`."""

    hcpcs: str
    units: Decimal
    drug: str
    beside: Annotated[Codes, BeforeValidator(_prefixes)]
    instead: Annotated[Codes, BeforeValidator(_prefixes)]


class SynonymRow(Frozen):
    """Words that mean the same to someone who looks for a passage."""

    words: Names


@dataclass(frozen=True, slots=True)
class Terms:
    """The tables of terms, in file order."""

    diseases: tuple[DiseaseRow, ...]
    markers: tuple[MarkerRow, ...]
    drugs: tuple[DrugRow, ...]
    classes: tuple[ClassRow, ...]
    documents: tuple[DocumentRow, ...]
    places: tuple[PlaceRow, ...]
    synonyms: tuple[SynonymRow, ...]
    fn_risk: tuple[RiskRow, ...]
    beside: tuple[BesideRow, ...]
    plain_words: frozenset[str]
    plain_phrases: tuple[str, ...]
    organs: dict[str, Disease]
    sources: dict[str, Source]

    def drug_names(self) -> dict[str, tuple[str, ...]]:
        """Map every drug name and class, in lower case, to the generic names it means."""
        called = {row.class_: (row.class_, *row.names) for row in self.classes}
        found: dict[str, list[str]] = {}
        for row in self.drugs:
            of_class = [name for class_ in row.classes for name in called.get(class_, (class_,))]
            for name in (row.drug, *row.names, *of_class):
                found.setdefault(name.lower(), []).append(row.drug)
        return {name: tuple(drugs) for name, drugs in found.items()}


@cache
def load_terms() -> Terms:
    """Load and check every table beside this file, once a process.

    Raises:
        CodeTableError: naming file, line and field of what does not fit.
    """
    sources = read_sources(HERE / "sources.yaml")

    def path(name: str) -> Path:
        return HERE / sources[name].file

    return Terms(
        diseases=read_table(path("diseases"), DiseaseRow),
        markers=read_table(path("markers"), MarkerRow),
        drugs=read_table(path("drugs"), DrugRow),
        classes=read_table(path("classes"), ClassRow),
        documents=read_table(path("documents"), DocumentRow),
        places=read_table(path("places"), PlaceRow),
        synonyms=read_table(path("synonyms"), SynonymRow),
        fn_risk=read_table(path("fn_risk"), RiskRow),
        beside=read_table(path("beside"), BesideRow),
        plain_words=frozenset(str(_plain()["words"]).split()),
        plain_phrases=tuple(str(phrase) for phrase in _plain()["phrases"]),
        organs={
            str(name): Disease(name=f"cancer of the {name}", icd10=tuple(str(codes).split()))
            for name, codes in _plain()["organs"].items()
        },
        sources=sources,
    )


def _plain() -> dict[str, Any]:
    try:
        written = yaml.safe_load((HERE / "plain_words.yaml").read_text(encoding="utf-8"))
        return {name: written[name] for name in ("words", "phrases", "organs")}
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise CodeTableError(f"plain_words.yaml: {error}; restore words, phrases and organs") from error
