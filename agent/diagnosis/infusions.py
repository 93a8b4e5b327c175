"""What ran into the patient on a day: administrations with their times, else what nurses' notes tell of them."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from agent.diagnosis import sources
from agent.diagnosis.inquiry import Inquiry
from agent.diagnosis.printed import day
from knowledge.codes import HcpcsTable
from knowledge.types.chart import Document, DoseGiven
from tools.dosing.infusion import minutes_between
from tools.dosing.infusion_notes import NotedRun, runs_in

INJECTED = (
    "subcut",
    "intramusc",
    "intraderm",
    "oral",
    "intraves",
    "intrathec",
    "topical",
    "mouth",
    "sc",
    "sq",
    "im",
    "po",
)
"""How a route that is no infusion is written: as a part of the word, or as a word of its own when short."""

_NURSES = ("nurs", "infusion", "flow", "administration", "mar", "treatment record", "chemo")
"""Kinds of documents in which infusion times are written down: one of these that names none is silent about them."""

_GIVEN = re.compile(r"\b(?:given|infused|administered|ran)\b", re.IGNORECASE)
_NOT_GIVEN = re.compile(
    r"\b(?:not|held|hold|holding|omitted|deferred|refused|declined|skipped|cancel\w*|without|no|plan\w*|will|tomorrow|next|"
    r"ordered|prior|previous\w*|last|earlier|allerg\w*|to\s+be)\b",
    re.IGNORECASE,
)

_BEYOND_J9 = (
    "bevacizumab", "trastuzumab", "rituximab", "toripalimab", "decitabine", "talquetamab", "elranatamab",
    "zolbetuximab", "doxorubicin", "imetelstat", "denileukin",
)  # fmt: skip
"""Antineoplastic drugs billed outside J9 (domain facts 3)."""

HYDRATION = (
    "sodium chloride",
    "normal saline",
    "saline",
    "lactated ringer",
    "hydration",
    "dextrose 5",
    "d5w",
    "plasma-lyte",
)


@dataclass(frozen=True, slots=True)
class Run:
    """One drug's infusion on the day. `start` and `stop` are minutes of the day, None where not written.

    `minutes` None = the times do not count, `fault` says why. `chemotherapy`: billed with the chemotherapy codes.
    `stem` is one word for the drug, however it is written; `unread`: its note has times that were not read.
    """

    drug: str
    start: int | None
    stop: int | None
    minutes: int | None
    fault: str
    evidence: str
    chemotherapy: bool
    hydration: bool = False
    stem: str = ""
    unread: bool = False

    @property
    def says(self) -> str:
        """Put it in words: "gemcitabine 11:10 to 11:45"."""
        if self.start is not None and self.stop is not None:
            return f"{self.drug} {_shown(self.start)} to {_shown(self.stop)}"
        return f"{self.drug}: {self.fault}"


def runs_on(q: Inquiry, on: date) -> tuple[Run, ...]:
    """List what ran on a day in order of start: administrations not injected, then what only notes tell."""
    chart = q.case.chart
    if chart is None:
        return ()
    noted = {_stem(q, "", run.drug, on): (document, run) for document, run in _noted(q, on)}
    found, named = [], set()
    for dose in chart.doses:
        if dose.day != on or dose.status not in ("completed", "") or _injected(dose):
            continue
        name = _stem(q, dose.hcpcs, dose.drug, on)
        named.add(name)
        found.append(_of_dose(q, dose, noted.get(name)))
    named.update(_stem(q, dose.hcpcs, dose.drug, on) for dose in chart.doses if dose.day == on)
    for known, (document, run) in noted.items():
        told = known in named or _is_injection(document.text, run)
        if not told and (run.minutes is not None or run.start is not None or _tells_of_giving(document, run)):
            found.append(_of_note(q, document, run))
    return tuple(sorted(found, key=lambda run: (run.start is None, run.start or 0, run.drug)))


def _noted(q: Inquiry, on: date) -> list[tuple[Document, NotedRun]]:
    chart = q.case.chart
    names = (*_stems(q.codes.hcpcs, on), *HYDRATION)
    kept: list[tuple[Document, NotedRun]] = []
    for document in chart.documents if chart else ():
        if document.day == on and document.text and document.status != "entered-in-error":
            kept += [(document, run) for run in runs_in(document.text, names)]
    # A run with both times goes before one without, whatever document says so.
    return sorted(kept, key=lambda item: (item[1].minutes is not None, item[1].start is not None))


@lru_cache(maxsize=64)
def _stems(table: HcpcsTable, on: date) -> dict[str, str]:
    """Return every name a drug goes by, generic and brand, with the first word of its generic name."""
    found: dict[str, str] = {}
    for code in sorted(table.codes):
        drug = table.lookup(code, on)
        if drug is None or not drug.generic:
            continue
        generic = drug.generic.split(",")[0].split(" (")[0].split("-")[0].split(" + ")[0].strip().casefold()
        brands = (brand.split(" (")[0].strip().casefold() for brand in drug.brand.replace(" and ", ",").split(","))
        for name in (generic, *brands):
            if len(name) > 3:
                found.setdefault(name, _first_word(generic))
    return found


def _first_word(name: str) -> str:
    words = [word for word in name.casefold().replace("-", " ").split() if word not in ("fam", "ado", "ziv")]
    return words[0].strip(",") if words else ""


def _stem(q: Inquiry, hcpcs: str, name: str, on: date) -> str:
    """Return one word for a drug, the same whether it is written by brand, generic or code."""
    drug = q.codes.hcpcs.lookup(hcpcs, on) if hcpcs else None
    if drug is not None and drug.generic:
        return _first_word(drug.generic)
    known = _stems(q.codes.hcpcs, on)
    said = name.casefold()
    longest = max((each for each in known if said.startswith(each)), key=len, default="")
    return known.get(longest, _first_word(said))


@lru_cache(maxsize=4)
def _chemotherapy(table: HcpcsTable, on: date) -> frozenset[str]:
    drugs = [table.lookup(code, on) for code in table.codes if code.startswith("J9")]
    return frozenset(_first_word(drug.generic) for drug in drugs if drug)


def is_chemotherapy(q: Inquiry, hcpcs: str, drug: str, on: date) -> bool:
    """Tell whether a drug is given under the chemotherapy codes: an antineoplastic by its code or its name."""
    if hcpcs.startswith("J9"):
        return True
    first = _stem(q, hcpcs, drug, on)
    return first in _chemotherapy(q.codes.hcpcs, on) or first in _BEYOND_J9


def _of_dose(q: Inquiry, dose: DoseGiven, of_note: tuple[Document, NotedRun] | None) -> Run:
    name = dose.drug or dose.hcpcs
    on = dose.day
    assert on is not None
    chemotherapy = is_chemotherapy(q, dose.hcpcs, name, on)
    start = dose.start.hour * 60 + dose.start.minute if dose.start else None
    stop = dose.stop.hour * 60 + dose.stop.minute if dose.stop else None
    minutes = minutes_between(dose.start, dose.stop)
    if minutes is None and of_note is not None and of_note[1].minutes is not None:
        return _of_note(q, *of_note, drug=name, chemotherapy=chemotherapy)
    fault = ""
    if minutes is None:
        faults = {(True, True): "the stop is not after the start", (True, False): "it has a start and no stop"}
        fault = faults.get((start is not None, stop is not None), "it has neither start nor stop")
        fault = "it has a stop and no start" if start is None and stop is not None else fault
    ran = (
        f"{_shown(start)} to {_shown(stop)}"
        if start is not None and stop is not None
        else fault.removeprefix("it has ")
    )
    evidence = sources.chart(q, dose.resource, f"{name} on {day(on)}: {ran}")
    hydration = any(word in name.casefold() for word in HYDRATION)
    stem = _stem(q, dose.hcpcs, name, on)
    return Run(name, start, stop, minutes, fault, evidence, chemotherapy, hydration, stem)


def _of_note(q: Inquiry, document: Document, run: NotedRun, *, drug: str = "", chemotherapy: bool | None = None) -> Run:
    on = document.day
    assert on is not None
    start = min((piece[0] for piece in run.pieces), default=run.start)
    stop = max((piece[1] for piece in run.pieces), default=run.stop)
    name = drug or run.drug
    shown = Run(name, start, stop, run.minutes, run.fault, "", chemotherapy=False).says
    quote = document.text[run.begin : run.end]
    evidence = sources.chart(q, document.resource, f"{document.kind} of {day(on)}: {shown}", quote=quote)
    chemo = is_chemotherapy(q, "", run.drug, on) if chemotherapy is None else chemotherapy
    hydration = run.drug.casefold() in HYDRATION
    stem = _stem(q, "", run.drug, on)
    return Run(
        name, start, stop, run.minutes, run.fault, evidence, chemo, hydration, stem, run.unread and run.minutes is None
    )


def _injected(dose: DoseGiven) -> bool:
    route = dose.route.casefold()
    words = set(route.replace("/", " ").split())
    return any(part in route for part in INJECTED if len(part) > 3) or bool(
        words & {p for p in INJECTED if len(p) <= 3}
    )


def _is_injection(text: str, run: NotedRun) -> bool:
    near = text[run.begin : run.end].casefold() + re.split(r"[.;]\s", text[run.end : run.end + 40].casefold())[0]
    return any(word in near.split() for word in ("sc", "sq", "subq", "subcut", "im", "po")) or "subcutaneous" in near


def _tells_of_giving(document: Document, run: NotedRun) -> bool:
    """Tell whether a nurses' record says plainly that the drug went in, though it gives no time."""
    if not any(word in document.kind.casefold() for word in _NURSES):
        return False
    near = document.text[run.begin : run.end + 80].split(".")[0]
    return bool(_GIVEN.search(near)) and not _NOT_GIVEN.search(near)


def _shown(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
