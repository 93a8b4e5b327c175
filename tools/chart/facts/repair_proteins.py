"""The four mismatch repair proteins by immunohistochemistry: one lost is deficient repair, all kept is proficient.

As the College of American Pathologists' template for DNA mismatch repair testing reports them (MLH1, PMS2, MSH2, MSH6).
"""

import re
from dataclasses import dataclass, field

from tools.chart.facts.line import Found, Line
from tools.chart.facts.scope import spoiler

_PROTEIN = re.compile(r"\b(MLH-?1|PMS-?2|MSH-?2|MSH-?6)\b", re.IGNORECASE)
_ALL = frozenset({"MLH1", "PMS2", "MSH2", "MSH6"})
_GENETIC = re.compile(
    r"promoter|methylat|germline|mutation|variant|sequenc|\bgenes?\b|pending|ordered|awaited", re.IGNORECASE
)
_UNSURE = re.compile(r"equivocal|indeterminate|patchy|focal|weak|partial|heterogen|subclonal|cannot", re.IGNORECASE)
_KEPT = re.compile(
    r"\b(?:no|without)\s+(?:evidence\s+of\s+)?loss\b|\bnot\s+lost\b|\b(?:intact|retained|preserved|kept|maintained"
    r"|positive|present|normal|expressed)\b|(?<=\s)\(\+\)",
    re.IGNORECASE,
)
_LOST = re.compile(
    r"\b(?:loss|lost|absent|absence|deficient|negative|(?:not|un)\s?(?:expressed|retained|preserved)|no\s+(?:nuclear\s+)?"
    r"(?:expression|staining))\b|(?<=\s)\(-\)",
    re.IGNORECASE,
)
_DENIED_LOSS = re.compile(r"\b(?:no|without)\s+(?:evidence\s+of\s+)?loss\b|\bnot\s+lost\b", re.IGNORECASE)
_NO_LOSS_AT_ALL = re.compile(
    r"\bno\s+(?:evidence\s+of\s+)?loss\s+of\s+(?:nuclear\s+)?(?:expression\s+(?:of|in)\s+)?(?:any\s+(?:of\s+the\s+)?)?"
    r"(?:mismatch\s+repair|MMR)\s+proteins?",
    re.IGNORECASE,
)


@dataclass(slots=True)
class RepairProteins:
    """What the sentences of one text have said of the proteins so far."""

    kept: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)

    def read(self, line: Line) -> Found | None:
        """Add a sentence; give deficient repair with the sentence of a loss, proficient with the one that makes four.

        A gene's methylation or mutation, a weak or patchy stain and what is supposed or of a relative say nothing.
        """
        if line.of_family:
            return None
        if (none := _NO_LOSS_AT_ALL.search(line.text)) and not _spoiled(line, none.start(), none.end()):
            return Found("biomarker", "MMR", {"result": "proficient"}, "negative")
        before = len(self.lost), len(self.kept)
        for part in re.split(r"[;.]\s|;|\bwhile\b|\bbut\b|\bwhereas\b", line.text):
            self._clauses(line, part)
        if len(self.lost) > before[0]:
            names = ", ".join(sorted(self.lost))
            return Found("biomarker", "MMR", {"result": "deficient", "label": f"{names} lost"}, "positive")
        if len(self.kept) > before[1] and self.kept >= _ALL and not self.lost:
            return Found("biomarker", "MMR", {"result": "proficient"}, "negative")
        return None

    def _clauses(self, line: Line, part: str) -> None:
        """Give each protein the state of its clause; named without one it has that of the clause after, else before."""
        waiting: set[str] = set()
        last: set[str] | None = None
        for clause in re.split(r",\s*|\band\s+(?=(?:loss|absent|intact|retained)\b)", part):
            names = {name.upper().replace("-", "") for name in _PROTEIN.findall(clause)}
            if _GENETIC.search(clause) or (_UNSURE.search(clause) and names):
                continue
            state = self._state(clause)
            if state is None:
                waiting |= names
            elif names or waiting:
                match = _PROTEIN.search(clause)
                at = max(line.text.find(clause), 0)
                end = at + (match.end() if match else len(clause))
                if not _spoiled(line, at, end):
                    state |= names | waiting
                    last = state
                waiting = set()
        if last is not None:
            last |= waiting

    def _state(self, clause: str) -> set[str] | None:
        denied = _DENIED_LOSS.search(clause)
        kept = _KEPT.search(clause) is not None
        lost = _LOST.search(_DENIED_LOSS.sub(" ", clause)) is not None
        if denied and not lost:
            return self.kept
        if kept == lost:
            return None
        return self.kept if kept else self.lost


def _spoiled(line: Line, start: int, end: int) -> bool:
    return spoiler(line.text, start, end, allow=("negated",)) is not None
