"""Citations in letter text: find the `[E4]` markers, and resolve evidence to the exhibit that shows it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from knowledge.types.evidence import Evidence
from knowledge.types.letters import Exhibit

# An id holds no blank and at least one digit, so "[sic]" and "[emphasis ours]" are not citations.
_ID = r"[A-Za-z][\w:./#-]*\d[\w:./#-]*"
MARKER = re.compile(rf"\s?\[({_ID}(?:\s*[,;]\s*{_ID})*)\]")


@dataclass(frozen=True)
class Citation:
    """Where a citation leads: the exhibit's number, the label of the passage, the label of its index row."""

    number: int
    target: str
    row: str


def cited_ids(text: str) -> tuple[str, ...]:
    """Return the evidence ids cited in `text`, in order of appearance, each once."""
    found = (part.strip() for m in MARKER.finditer(text) for part in re.split(r"[,;]", m.group(1)))
    return tuple(dict.fromkeys(found))


def without_markers(text: str) -> str:
    """Return `text` with its citation markers taken out."""
    return MARKER.sub("", text)


def exhibit_target(number: int) -> str:
    """Return the label at which exhibit `number` begins."""
    return f"exhibit:{number}"


def passage_target(number: int, evidence: str) -> str:
    """Return the label of the marked passage that carries `evidence` within exhibit `number`."""
    return f"passage:{number}:{evidence}"


def resolve(exhibits: Sequence[Exhibit], evidence: Sequence[Evidence], marked: Iterable[str]) -> Mapping[str, Citation]:
    """Return, for each evidence id that an exhibit shows, where its citation leads.

    The exhibit is the one whose passage carries the id, else the one that lists it, else `Evidence.exhibit`.
    `marked` are the labels of passages that were found and marked: those are linked directly.
    """
    places = set(marked)
    by_key = {exhibit.key: number for number, exhibit in enumerate(exhibits, start=1)}
    numbers = {e.id: by_key[e.exhibit] for e in evidence if e.exhibit in by_key}
    for number, exhibit in enumerate(exhibits, start=1):
        numbers.update(dict.fromkeys(exhibit.evidence, number))
    for number, exhibit in enumerate(exhibits, start=1):
        numbers.update({passage.evidence: number for passage in exhibit.passages})
    found = {}
    for id_, number in numbers.items():
        passage = passage_target(number, id_)
        target = passage if passage in places else exhibit_target(number)
        found[id_] = Citation(number=number, target=target, row=f"row:{number}")
    return found


def runs(text: str, evidence: Sequence[str], places: Mapping[str, Citation]) -> list[dict[str, object]]:
    """Cut `text` into text and citation runs for the template.

    Ids of `evidence` cited nowhere in the text come at its end. An id no exhibit shows is printed "[id]".
    """
    out: list[dict[str, object]] = []
    at = 0
    for marker in MARKER.finditer(text):
        out.append({"text": text[at : marker.start()]})
        out.extend(citation_runs(cited_ids(marker.group(0)), places))
        at = marker.end()
    inline = set(cited_ids(text))
    trailing = [id_ for id_ in evidence if id_ not in inline]
    rest, stop = text[at:], ""
    if trailing and rest.endswith((".", ":")):
        rest, stop = rest[:-1], rest[-1]
    out.append({"text": rest})
    out.extend(citation_runs(trailing, places))
    out.append({"text": stop})
    return [run for run in out if run.get("text") != ""]


def citation_runs(ids: Sequence[str], places: Mapping[str, Citation]) -> list[dict[str, object]]:
    """Return the runs that cite `ids`: one bracket for those an exhibit shows, one for those none does."""
    found = sorted((places[id_] for id_ in ids if id_ in places), key=lambda c: c.number)
    # Several pieces of evidence in one exhibit are one place to look: the first passage is linked.
    known = list({c.number: c for c in reversed(found)}.values())[::-1]
    lost = [id_ for id_ in ids if id_ not in places]
    out: list[dict[str, object]] = []
    if known:
        cite = [{"number": c.number, "target": c.target, "row": c.row} for c in known]
        out += [{"text": " "}, {"cite": cite}]
    if lost:
        out.append({"text": f" [{', '.join(lost)}]"})
    return out
