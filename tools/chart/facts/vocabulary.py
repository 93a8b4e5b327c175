"""The names to look for: drugs of a code table with their brands, regimens, markers, and the words of other topics."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from knowledge.codes.hcpcs import HcpcsTable
from tools.chart.facts.data import (
    DrugNameParts,
    DrugRow,
    HistologyRow,
    MarkerRow,
    MeasurementRow,
    RegimenRow,
    TriggerRow,
    read_name_parts,
    read_rows,
)
from tools.chart.facts.lexicon import Entry, Lexicon

_SUFFIX = re.compile(r"-[a-z]{4}$")
_ASIDE = re.compile(r"\s*\([^)]*\)|,.*$")
_AMOUNT = re.compile(r"\s+\d[\d.]*(?:\s*mg)?\b")
_WITH = re.compile(r"\s*\+\s*(?:beraha|ha)?hyaluronidase.*$|\s*\+\s*\w*hyaluronidase.*$")


class Vocabulary:
    """The lexicon a chart is read with. Make one a process and pass it on; it never changes."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Keep the lexicon."""
        self.lexicon = lexicon


def vocabulary(table: HcpcsTable, on: date, names: Iterable[tuple[str, str]] = ()) -> Vocabulary:
    """Make a vocabulary from the drug names of a HCPCS table and the tables beside this code.

    Args:
        table: its generics and brands become drug names; the wording of packages is left out.
        on: the day on which a reused code number is read.
        names: further (name as written, drug) pairs.

    Raises:
        ChartTableError: when a table beside this code does not fit.
    """
    drugs = [drug for code in sorted(table.codes) if (drug := table.lookup(code, on)) is not None]
    written = [(drug.generic, drug.brand) for drug in drugs]
    entries = [*_own_drugs(), *_regimens(), *_of_table(written), *_given(names), *_markers(), *_others()]
    return Vocabulary(Lexicon(entries))


Name = tuple[str, bool, Entry]


def _drug(name: str) -> Entry:
    return Entry("drug", name, drugs=(name,))


def _own_drugs() -> Iterator[Name]:
    for row in read_rows("drugs.csv", DrugRow):
        for alias in row.aliases:
            yield alias, row.cased, _drug(row.name)


def _given(names: Iterable[tuple[str, str]]) -> Iterator[Name]:
    for alias, drug in names:
        yield alias, False, _drug(drug)


def _regimens() -> Iterator[Name]:
    for row in read_rows("regimens.csv", RegimenRow):
        for alias in row.aliases:
            yield alias, row.cased, Entry("regimen", row.name, drugs=row.drugs)


def _markers() -> Iterator[Name]:
    for row in read_rows("biomarkers.csv", MarkerRow):
        yield row.alias, row.cased, Entry("marker", row.marker, row.family, row.result, row.polarity)


def _others() -> Iterator[Name]:
    for trigger in read_rows("triggers.csv", TriggerRow):
        yield trigger.words, False, Entry("trigger", trigger.reader)
    for histology in read_rows("histologies.csv", HistologyRow):
        cased = histology.words.isupper()
        yield histology.words, cased, Entry("histology", histology.histology)
    for row in read_rows("measurements.csv", MeasurementRow):
        for alias in row.aliases:
            yield alias, alias in ("Cr", "Hb", "EF"), Entry("measurement", row.name)


def _of_table(rows: list[tuple[str, str]]) -> Iterator[Name]:
    parts = read_name_parts()
    plain = [(_plain(generic, parts), brand) for generic, brand in rows]
    by_base: dict[str, set[str]] = {}
    for generic, _ in plain:
        by_base.setdefault(_SUFFIX.sub("", generic), set()).add(generic)
    bases = {base for base, generics in by_base.items() if len(generics) == 1}
    for generic, brand in plain:
        if not generic:
            continue
        base = _SUFFIX.sub("", generic)
        name = base if base in bases else generic
        short = next((base.removeprefix(prefix) for prefix in parts.dropped_prefixes if base.startswith(prefix)), base)
        canonical = name if short == base else name.replace(base, short)
        for alias in dict.fromkeys((generic, name, *((short,) if base in bases else ()), *_brands(brand, parts))):
            yield alias, False, _drug(canonical)


def _plain(generic: str, parts: DrugNameParts) -> str:
    name = _WITH.sub("", _AMOUNT.sub("", _ASIDE.sub("", generic))).strip()
    words = [word for word in name.split() if word not in parts.dropped_words]
    name = " ".join(words)
    return "" if name in parts.not_names or len(name) < 4 else name


def _brands(brand: str, parts: DrugNameParts) -> Iterator[str]:
    for name in re.split(r"/|,|\band\b", brand):
        clean = _AMOUNT.sub("", name).strip()
        if len(clean) > 3 and clean not in parts.not_names and not clean[0].isdigit():
            yield clean
