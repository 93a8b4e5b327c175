"""What a person should know of a packet before it goes: what was left out, what may not be claimed, what to confirm."""

from collections.abc import Mapping, Sequence

from knowledge.types.evidence import Evidence
from knowledge.types.letters import Exhibit, LetterContent
from knowledge.types.practice import Frozen
from tools.packet.citations import cited_ids
from tools.packet.foreign import Foreign
from tools.packet.law import unconfirmed
from tools.packet.necessary import protected_in


class PacketFinding(Frozen):
    """Something about an exhibit a person should know before the packet goes out.

    `code` is `document-not-embedded`, `document-repaired`, `passage-not-found`, `passage-not-marked`,
    `evidence-without-exhibit`, `left-out`, `protected-content`, `not-archival` or `authority-unconfirmed`.
    """

    code: str
    exhibit: str
    says: str


def pages_left_out(foreign: Foreign) -> str:
    """Say which pages of a document did not go; "" = all went."""
    gone = sorted(set(range(1, foreign.total + 1)) - set(foreign.pages))
    return f"its pages {_ranges(gone)} of {foreign.total}, which the letter does not rest on" if gone else ""


def told_of(exhibits: Sequence[Exhibit], opened: Mapping[int, Foreign]) -> list[PacketFinding]:
    """Return what is to be said of the exhibits: left out, not marked, specially protected, not archival."""
    found = []
    for number, exhibit in enumerate(exhibits, start=1):
        foreign = opened.get(number)
        gone = [*exhibit.left_out, *([pages_left_out(foreign)] if foreign and pages_left_out(foreign) else [])]
        named = f"Exhibit {number}, {exhibit.title} ({exhibit.source})"
        if gone:
            says = f"{named}: left out as not necessary: {'; '.join(gone)}."
            found.append(PacketFinding(code="left-out", exhibit=exhibit.key, says=says))
        if foreign is None:
            continue
        lost = [one.quote for one in exhibit.passages if one.evidence not in foreign.found]
        if lost and foreign.words:
            says = f"{named}: the cited words were not found on its pages and are not marked: {lost[0]!r}."
            found.append(PacketFinding(code="passage-not-marked", exhibit=exhibit.key, says=says))
        if kinds := protected_in(foreign.words):
            says = f"{named}: its pages speak of {', '.join(kinds)}: take those pages out, or confirm that they may go."
            found.append(PacketFinding(code="protected-content", exhibit=exhibit.key, says=says))
    if opened:
        pages = sum(len(one.pages) for one in opened.values())
        many = "page" if pages == 1 else "pages"
        says = (
            f"The packet holds {pages} {many} of documents from elsewhere, with fonts, colours and tags of their own: "
            "it is tagged, but not claimed to be PDF/A or PDF/UA. The letter by itself is both."
        )
        found.append(PacketFinding(code="not-archival", exhibit="", says=says))
    return found


def told_of_law(content: LetterContent, evidence: Sequence[Evidence]) -> list[PacketFinding]:
    """Return what is to be confirmed of the law that the letter cites."""
    ids = {id_ for p in content.paragraphs for id_ in (*cited_ids(p.text), *p.evidence)}
    cited = [item for item in evidence if item.id in ids]
    return [PacketFinding(code="authority-unconfirmed", exhibit="authority", says=says) for says in unconfirmed(cited)]


def _ranges(numbers: Sequence[int]) -> str:
    """Print page numbers shortly: "2 to 5, 8"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)
