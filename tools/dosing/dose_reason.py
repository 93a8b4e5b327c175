"""Whether a note says that a dose was meant as it was given, though the label or the day's weight asks for another.

What a physician decided is for a person to weigh; what a pharmacist found wrong afterwards is no reason. Source: the
practice fact base, section 4.1 (dose rounding and reweighing are the practice's own rules), and section 7, root cause
61 (a supported departure is appealed with the compendium).
"""

import re
from dataclasses import dataclass

from tools.chart.sentences import is_of_family, sentences

_MEANT = re.compile(
    r"\b(?:dose|dosing|mg|cap(?:ped|ping)?|weight)\b[^.;]{0,60}?\b(?:on\s+purpose|purposely|deliberate(?:ly)?"
    r"|intentional(?:ly)?|by\s+intent|by\s+design|knowingly|by\s+choice)\b"
    r"|\b(?:on\s+purpose|purposely|deliberately|intentionally|knowingly)\b[^.;]{0,60}?\b(?:dose|dosing|mg|uncapped|cap)\b"
    r"|\b(?:keep|kept|keeping|leave|left|leaving|maintain(?:ed|ing)?|continu(?:e|ed|ing)|hold(?:ing)?|held)\b"
    r"[^.;]{0,40}?\b(?:dose|dosing|mg)\b[^.;]{0,60}?\b(?:because|since|despite|in\s+spite|although|though|given|due\s+to|as"
    r"|until|edema|ascites|effusion|fluid|curative)\b"
    r"|\b(?:dose|dosing)\b[^.;]{0,20}?\b(?:kept|left|maintained|unchanged|not\s+(?:reduced|adjusted|changed|capped))\b"
    r"[^.;]{0,60}?\b(?:because|since|despite|in\s+spite|although|though|given|due\s+to|as|for)\b"
    r"|\b(?:weight\s+(?:loss|change|gain)|loss\s+of\s+weight|dry\s+weight)\b[^.;]{0,60}?\b(?:fluid|edema|ascites|effusion"
    r"|diuresis|paracentesis)\b[^.;]{0,80}?\bdose\b"
    r"|\b(?:full|higher|uncapped|label-exceeding)\s+dose\b[^.;]{0,60}?\b(?:because|since|given|due\s+to|justified|rationale"
    r"|supported|agreed|discussed|curative)\b"
    r"|\bno\s+cap(?:ping)?\b[^.;]{0,60}?\b(?:because|since|given|due\s+to|per\s+(?:protocol|study|guideline))\b"
    r"|\b(?:compendi(?:um|a)|nccn|guideline|protocol|trial|study)\b[^.;]{0,60}?\b(?:supports?|allows?|recommends?|uses?)\b"
    r"[^.;]{0,60}?\bdose\b",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"\b(?:error|mistake[n]?|in\s+error|slip|oversight|overlooked|should\s+have\s+been|wrong(?:ly)?|incorrect(?:ly)?"
    r"|second\s+check|near\s+miss|reported|incident|variance|unintentional(?:ly)?|not\s+(?:intended|intentional"
    r"|deliberate|on\s+purpose)|forgot(?:ten)?|missed|no\s+(?:reason|note))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DoseReason:
    """The sentence that gives a reason, with its place in the text."""

    quote: str
    start: int
    end: int


def dose_reason(text: str) -> DoseReason | None:
    """Find the first sentence that says the dose was meant; None when there is none, or the text calls it an error."""
    if _ERROR.search(text):
        return None
    for sentence in sentences(text):
        if _MEANT.search(sentence.text) and not is_of_family(sentence.text):
            return DoseReason(sentence.text, sentence.start, sentence.end)
    return None
