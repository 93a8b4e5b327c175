"""How a result is written after a marker's name: what may stand between, words, and signs."""

import re
from functools import cache
from typing import NamedTuple

from knowledge.types.chart import Polarity
from tools.chart.facts.data import ResultRow, read_rows


class Result(NamedTuple):
    """A result read at `start:end` of the text after the marker. `word` is the result word as written, lower case."""

    values: dict[str, str]
    polarity: Polarity
    start: int
    end: int
    word: str = ""


_RESULT_AHEAD = r"(?!\s*(?:\d|[<>≥≤+~]|pos|neg|high|low|mutat|wild|not|no\b|IHC|F?ISH|score|TPS|CPS|equi))"
_CONNECT = re.compile(
    rf"(?:\s*(?:\(\s*(?:22C3|28-8|SP142|SP263|73-10|E1L3N|4B5|CB11|SP3|A0485|HercepTest|FOLR1-2\.1|43-14A|SP1|1D5|6F11|EP1)[^()]{{0,30}}\)|\(\s*(?:IHC|F?ISH|NGS|PCR|immunohistochemistry)\s*\)|\({_RESULT_AHEAD}[^()]{{0,40}}\)|[:=]|[-–](?=\s|[A-Za-z<>≥])"
    r"|(?:(?:mutation(?:al)?|variant|gene)\s+(?:analysis|status|testing|test|assay|result|panel)|status|genes?|protein|receptors?|expression|testing|test|assay|analysis|by|per|IHC|immunohistochemistry"
    r"|immunostain(?:ing)?|stain(?:ing)?|NGS|PCR|sequencing|score|is|was|were|are|has\s+been|remains?|came\s+back"
    r"|returned|reported|resulted|found|confirmed|shown|noted|documented|results?|resulted|reads?|as|to\s+be|of|at(?!\s+(?:least|most))"
    r"|both|all|tumou?r|germline|somatic|clone|22C3|28-8|-?2\.1|SP142|SP263|73-10|codon\s+\d+|c\.\S+|V600(?!\w)|exons?\s+\d+\s*(?:-|–|to|through)\s*\d+(?![\w-])|exons?\s+[\d,\s/and]+(?!\s*(?:del|ins|skip))"
    r"|skipping|TPS|CPS|TC|IC|ratio|level)(?!\w)))*\s*\(?\s*",
    re.IGNORECASE,
)
_WORD_END = r"(?![\w])(?!\s+(?:controls?\b|margins?\b|nodes?\b|lymph|testing|test\b|assay|analysis|status|result))"
_BETWEEN = r"(?:[\s-]+(?:is|was|were|are)\s+|\s*:\s+|[\s-]+)"

_SYMBOL = re.compile(r"\s?\(?(?P<symbol>\+|[-−–])\)?(?=$|[\s,/;.)])(?!\s*\d)")


def sign(positive: bool) -> Polarity:
    """Return the polarity of a result that has only two."""
    return "positive" if positive else "negative"


@cache
def _words(family: str) -> tuple[re.Pattern[str], dict[str, ResultRow]]:
    rows = {
        row.words.casefold(): row for row in read_rows("biomarker_results.csv", ResultRow) if family in row.families
    }
    listed = sorted(rows, key=len, reverse=True)
    choices = "|".join(re.escape(words).replace(r"\ ", rf"{_BETWEEN}") for words in listed)
    return re.compile(rf"(?P<word>{choices}){_WORD_END}", re.IGNORECASE), rows


def word_at(family: str, text: str, at: int) -> Result | None:
    """Read a result word of the family that begins at `at`; None when none does."""
    pattern, rows = _words(family)
    match = pattern.match(text, at)
    if match is None:
        return None
    written = re.sub(r"[\s-]+", " ", re.sub(_BETWEEN, " ", match["word"])).casefold()
    row = next(row for key, row in rows.items() if re.sub(r"[\s-]+", " ", key) == written)
    return Result({"result": row.result}, row.polarity, match.start(), match.end(), written)


def connected(text: str) -> int:
    """Return where the result may begin: past words and marks that only connect it to the marker."""
    match = _CONNECT.match(text)
    return match.end() if match else 0


def symbol(text: str) -> Result | None:
    """Read a plus or minus written right after the name; None when there is none."""
    match = _SYMBOL.match(text)
    if match is None or (match["symbol"] != "+" and text[:1] not in ("-", "−", "–", "(")):
        return None
    polarity = sign(match["symbol"] == "+")
    return Result({"result": polarity}, polarity, match.start(), match.end())
