"""Right sentences, made from evidence as a careful writer would put them; each with the evidence it cites."""

import re
from collections.abc import Iterator

from knowledge.types.evidence import Evidence
from knowledge.types.letters import LetterCase
from tools.packet.arguing import ArgumentSection, ArgumentSentence
from tools.packet.printing import dates_in_words

_GIVEN = re.compile(r"^(?P<drug>[^:]+): (?P<dose>\S+ \S+) given on (?P<day>\S+), (?P<waste>\S+ \S+) discarded$")
_ORDER = re.compile(r"^Order of (?P<day>[\d-]+): (?P<what>.+)$")
_MEASURED = re.compile(r"^(?P<what>\w+) of (?P<day>[\d-]+): (?P<value>[\d.]+ \S+), measured$")
_BILLED = re.compile(
    r"^Claim (?P<claim>\S+) line (?P<line>\S+) bills (?P<code>\w+)\S*, (?P<units>\S+ units?), .*on (?P<day>\S+)$"
)
_AUTH = re.compile(
    r"^Authorization (?P<number>\S+), status (?P<status>approved|denied) on (?P<day>[\d-]+), for (?P<codes>[\w ]+?),"
)
_DENIED = re.compile(
    r"^(?P<payer>.+) denied (?P<code>\w+) of (?P<day>[\d-]+) on (?P<remit>[\d-]+): (?P<carc>\S+) "
    r"(?P<amount>\$[\d,]+\.\d\d)"
)
_UNITS = re.compile(r"^(?P<sum>.+ a unit is \S+ units);")
_SINCE = re.compile(r"^(?P<since>\d+ days after the dose of [\d-]+);")
_AGAIN = re.compile(r"^(?P<code>\w+) was given on (?P<day>[\d-]+)$")


def truths(case: LetterCase) -> tuple[ArgumentSentence, ...]:
    """Return the right sentences of a case, in order of its evidence."""
    found = [
        ArgumentSentence(section=section, text=text if '"' in text else dates_in_words(text), evidence=ids)
        for item in case.evidence
        for section, text, ids in _of(item, case)
    ]
    return tuple(dict.fromkeys((*found, *_criteria(case))))


_Made = tuple[ArgumentSection, str, tuple[str, ...]]


def _of(item: Evidence, case: LetterCase) -> Iterator[_Made]:
    quote = " ".join((item.quote or "").split())
    own = (item.id,)
    if item.kind == "chart" and len(quote) > 12 and '"' not in quote:
        yield "clinical_history", f'The chart states "{quote}".', own
    if item.kind == "policy" and quote and '"' not in quote and item.says.endswith(item.quote or ""):
        yield "criteria", f'Policy {item.says.split()[0]} asks for "{quote}".', own
        if heading := item.source.partition(" section ")[2]:
            yield "criteria", f'In its section {heading}, policy {item.says.split()[0]} asks for "{quote}".', own
    if item.kind == "chart" and "Condition/" in item.source and quote:
        yield "clinical_history", f"The patient has {quote[0].lower()}{quote[1:]}.", own
    for pattern, section, text in _FORMS:
        if match := pattern.match(" ".join(item.says.split())):
            yield section, text.format(**match.groupdict(), payer_name=case.payer_name), own
    if item.kind == "contract" and " wants " in item.says:
        yield "rebuttal", f"{item.says}.", own


_FORMS: tuple[tuple[re.Pattern[str], ArgumentSection, str], ...] = (
    (_GIVEN, "clinical_history", "On {day} the patient received {dose} of {drug}."),
    (_GIVEN, "rebuttal", "Of {drug}, {dose} was given on {day} and {waste} was discarded."),
    (_ORDER, "clinical_history", "The order of {day} was for {what}."),
    (_MEASURED, "clinical_history", "On {day} the {what} of the patient was {value}."),
    (_BILLED, "rebuttal", "The claim bills {units} of {code} on {day}."),
    (_AUTH, "rebuttal", "Authorization {number} for {codes} was {status} on {day}."),
    (_DENIED, "rebuttal", "{payer_name} denied {code} of {day} on {remit} with {carc}, {amount}."),
    (_UNITS, "rebuttal", "By calculation {sum}."),
    (_SINCE, "rebuttal", "The dose was given {since}."),
    (_AGAIN, "clinical_history", "{code} was given on {day}."),
)


def _criteria(case: LetterCase) -> Iterator[ArgumentSentence]:
    by_id = {item.id: item for item in case.evidence}
    for row in case.criteria.rows if case.criteria else ():
        asked = " ".join(row.text.split())
        for id_ in row.chart_evidence if row.outcome == "met" else ():
            said = " ".join((by_id[id_].quote or "").split())
            if said and '"' not in said + asked:
                text = f'The criterion "{asked}" is met by "{said}".'
                yield ArgumentSentence(section="criteria", text=text, evidence=(row.policy_evidence, id_))
