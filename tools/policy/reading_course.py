"""What a policy sentence asks of the course: lines before, platinum resistance, company, aim, side, measurements."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from knowledge.policies.terms import load_terms
from knowledge.types.criteria import (
    CombinationRule,
    CourseRule,
    HistologyRule,
    IntentRule,
    MeasurementRule,
    PriorTherapyRule,
    RegimenRule,
    Requirement,
    SideRule,
)
from tools.chart.facts.data import HistologyRow, RegimenRow, read_rows
from tools.policy.reading_markers import bound_of, bounds
from tools.policy.wording import COUNT, NUMBER, Found, count, one_of

_SYSTEMIC = r"(?:systemic |anti-?cancer |antineoplastic |cytotoxic |treatment |therapeutic |chemotherapy |cancer )*"
_LINES = (
    rf"{_SYSTEMIC}(?:lines?|regimens?|therap(?:y|ies)|treatments?|chemotherap(?:y|ies))"
    rf"(?: of (?:systemic |prior )?(?:therapy|treatment|chemotherapy))?"
)
_BEFORE = r"(?:prior|previous|earlier|preceding)"
_SETTING = (
    r"(?P<setting>,? (?:for|in the|in)(?: (?:treatment of )?(?:the )?)?(?:unresectable(?:,| or)? )?(?:locally )?"
    r"(?:advanced|metastatic|recurrent)(?: or (?:metastatic|advanced|recurrent))*(?: disease| setting| cancer)?)?"
)
_OF_THEM = (
    rf"(?:,?(?: and| with| including)? at least (?P<among>{COUNT})(?: of (?:them|these|which))?(?: (?:given|was))? "
    r"(?:for|in the|in) (?:advanced|metastatic)(?: disease| setting)?)?"
)
_RANGE = re.compile(
    rf"(?:(?:at least|received|after|between|had|has had) )*(?P<low>{COUNT})(?: to |-| or | and )(?P<high>{COUNT}) "
    rf"(?:{_BEFORE} )?{_LINES}{_SETTING}"
)
_LEAST = re.compile(
    rf"(?P<least>(?:(?:at least|>=|a minimum of|after|following"
    rf"|received) )+)?(?P<count>{COUNT}|an?(?= {_BEFORE}))(?P<more> or more)?(?: or more)? "
    rf"(?P<before>{_BEFORE} )?{_LINES}{_SETTING}{_OF_THEM}"
)
_MOST = re.compile(rf"(?:no more than|not more than|at most|up to|<=) (?P<count>{COUNT}) {_BEFORE} {_LINES}")
_RESISTANT = re.compile(
    r"platinum[- ](?:resistant|refractory)(?: (?:or platinum[- ])?refractory)?(?: (?:disease|recurrence|recurrent))?"
    rf"(?:[\s:,(]*(?:defined as |that is,? |i\.e\.,? )?(?:disease )?(?:progress\w+|recurr\w+|relaps\w+)(?: or \w+)? "
    rf"(?:within|in|<=?|less than) (?P<months>{COUNT}) months (?:after|of|from|following)(?: the)?(?: last"
    rf"| completion| completing"
    r"| end| final)*(?: dose| cycle| line)?(?: of)?(?: the| a)?(?: last)?(?: platinum[- ]?(?:based|containing)?)?"
    r"(?: dose| therapy| chemotherapy| treatment| regimen| cycle)*\)?)?"
)
_PLATINUM_END = re.compile(
    rf"(?:progress\w+|recurr\w+|relaps\w+) (?:within|<=?|less than) (?P<months>{COUNT}) months (?:after|of"
    rf"|from|following)"
    r"(?: the)?(?: last| completion of| completing| final)*(?: dose of| of)?(?: a)? platinum\S*(?: \w+){0,2}"
)
_NOT_CURATIVE = re.compile(
    r"(?:(?:is |are )?not (?:given |used |treated |being treated |receiving \w+ )*(?:with "
    r"|for )?(?:a )?curative(?: intent| aim| treatment)?"
    r"|the (?:aim|goal|intent|intention) of (?:the )?(?:treatment|chemotherapy|therapy) is not (?:cure|curative)"
    r"|(?:the )?(?:treatment|chemotherapy|therapy) is not (?:given )?(?:with curative intent|curative|for cure)"
    r"|(?:anticipated outcome|expected outcome|intent)(?: of treatment)? is not cure"
    r"|non-?curative(?: intent| treatment)?"
    r"|(?:treatment|chemotherapy|therapy) is not intended to (?:be )?cur(?:e|ative)|not intended to cure"
    r"|(?:palliative|palliation)(?: intent| chemotherapy| treatment)?)"
)
_SIDE = re.compile(
    r"(?P<side>left|right)[- ]sided(?: (?:primary|colon|tumou?r|disease|colorectal|cancer))*"
    r"|primary (?:tumou?r )?(?:is |arising |originating |located )*(?:in|of|from|on) the (?P<of>left"
    r"|right) (?:colon|side)(?: of the colon)?"
)
CHEMOTHERAPY = "chemotherapy"
_DURATION = re.compile(
    rf"(?:for |maximum (?:duration )?(?:of )?|up to |not (?:to )?exceed(?:ing)? |no (?:more|longer) than "
    rf"|limited to |a )+"
    rf"(?P<count>{COUNT}) (?P<period>months|years)(?: of (?:treatment|therapy))?(?: in total)?$"
)
_NO_PROGRESSION = re.compile(
    r"(?:no|without|absence of)(?: evidence of)?(?: documented)?(?: disease)? progression(?: of (?:the )?disease)?"
    r"(?:,? (?:or|and|nor)(?: of)? unacceptable toxicity)?(?: (?:on|during|while on"
    r"|since) (?:the )?(?:drug|treatment|therapy))?"
)
_ALONE = r"(?:alone|(?:as )?(?:an? )?(?:single[- ]agent|monotherapy))"
_RISK = re.compile(
    r"(?:(?:high )?risk (?:\(>=? ?20 ?%\) )?(?:of|for) (?:febrile neutropenia|fn)|(?:febrile neutropenia"
    r"|fn) risk)[^.;]{0,30}?"
    r"(?:>=?|above|over|more than|greater than|at least|of)? ?(?:20 ?%|high)(?: or (?:more|greater|higher))?"
    r"|(?:regimens? (?:of|with)(?: a)? high risk|high[- ]risk regimens?)(?: \(?(?:20 ?% or more|>=? ?20 ?%)\)?)?"
)


def courses(text: str) -> Iterator[Found]:
    """Find what a normalised sentence asks of the course of treatment."""
    yield from _platinum(text)
    yield from _lines(text)
    yield from _company(text)
    for match in _NOT_CURATIVE.finditer(text):
        yield match.span(), IntentRule(curative=False)
    for match in _SIDE.finditer(text):
        yield match.span(), SideRule.model_validate({"side": match["side"] or match["of"]})
    for match in _DURATION.finditer(text):
        yield match.span(), CourseRule(months=count(match["count"]) * (12 if match["period"].startswith("y") else 1))
    for match in re.finditer(
        r"(?:continued )?(?:treatment|use|therapy) (?:beyond|after|past) (?:disease )?progression$", text
    ):
        yield match.span(), CourseRule(progressed=True)
    for match in _NO_PROGRESSION.finditer(text):
        yield match.span(), CourseRule(stable=True)
    yield from _measured(text)
    yield from _histology(text)
    yield from _regimens(text)


def _platinum(text: str) -> Iterator[Found]:
    drugs = load_terms().drug_names()["platinum"]
    for match in (*_RESISTANT.finditer(text), *_PLATINUM_END.finditer(text)):
        months = count(match["months"]) if match["months"] else 6
        yield match.span(), PriorTherapyRule(drugs=drugs, outcomes=("progression",), within_months=months)


def _lines(text: str) -> Iterator[Found]:
    for match in _MOST.finditer(text):
        yield match.span(), PriorTherapyRule(lines=0, most_lines=count(match["count"]))
    for match in _RANGE.finditer(text):
        low, high = count(match["low"]), count(match["high"])
        if low < high:
            rule = PriorTherapyRule(lines=low, most_lines=high, metastatic_lines=low if match["setting"] else None)
            yield match.span(), rule
    for match in _LEAST.finditer(text):
        if not (match["before"] or match["least"] or match["more"]):
            continue
        number = 1 if match["count"] in ("a", "an") else count(match["count"])
        among = count(match["among"]) if match["among"] else number if match["setting"] else None
        yield match.span(), PriorTherapyRule(lines=number, metastatic_lines=among)


@cache
def _with() -> re.Pattern[str]:
    drug = rf"(?:{one_of(load_terms().drug_names())}|{CHEMOTHERAPY}(?! regimen))"
    named = rf"{drug}(?:(?:,? and |, | plus |/){drug})*"
    return re.compile(
        rf"(?P<alone>{_ALONE})(?P<or>,? or (?:in combination )?with (?P<either>{named}))?(?![\w-])"
        rf"|(?:in combination with|combined with|together with|given with|used with|administered with"
        rf"|^with) (?P<with>{named})(?P<tail>(?:,? or (?:with )?{named})*)"
        rf"(?: (?:chemotherapy|therapy))?(?! (?:failure|intolerance))"
    )


def _company(text: str) -> Iterator[Found]:
    for match in _with().finditer(text):
        if match["alone"]:
            options: list[tuple[str, ...]] = [()]
            if match["either"]:
                options.append(_drugs(match["either"]))
        elif re.search(
            r"(?:previous\w*|prior|earlier|treat\w+|progress\w+|failure|regimen|history) *$", text[: match.start()]
        ):
            continue
        else:
            options = [_drugs(part) for part in re.split(r",? or (?:with )?", match["with"] + match["tail"]) if part]
        yield match.span(), CombinationRule(options=tuple(options))


def _drugs(text: str) -> tuple[str, ...]:
    """Return drugs and classes by the words they are written in."""
    return tuple(dict.fromkeys(re.findall(rf"{one_of(load_terms().drug_names())}|{CHEMOTHERAPY}", text)))


_PERIODS = {"d": 1, "w": 7, "m": 31}
_MEASURED = {
    "hemoglobin": "hemoglobin", "haemoglobin": "hemoglobin", "hgb": "hemoglobin", "hb": "hemoglobin",
    "absolute neutrophil count": "neutrophils", "anc": "neutrophils", "neutrophil count": "neutrophils",
    "neutrophils": "neutrophils", "platelet count": "platelets", "platelets": "platelets",
    "creatinine clearance": "creatinine clearance", "crcl": "creatinine clearance", "ferritin": "ferritin",
    "transferrin saturation": "transferrin saturation", "tsat": "transferrin saturation",
    "left ventricular ejection fraction": "ejection fraction", "lvef": "ejection fraction",
    "ejection fraction": "ejection fraction", "igg": "immunoglobulin g", "immunoglobulin g": "immunoglobulin g",
    "calcium": "calcium", "serum creatinine": "creatinine",
}  # fmt: skip


@cache
def _measure() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<name>{one_of(_MEASURED)})(?: (?:level|trough|value"
        rf"|concentration))*(?: \([\w ]{{2,8}}\))?(?: (?:is|was|of|must be|remains|stays))?[\s:]*"
        rf"{bounds(NUMBER)}(?: ?(?P<unit>g/dl|mg/dl|ng/ml|%|ml/min|x ?10\^?9/l|/mm3|k/ul|/ul))?"
        rf"(?: (?:before|prior to|at) (?:each|every|the|first)?[\w ]{{0,25}}?(?=,| within|$))?"
        rf"(?:,?(?: \w+){{0,3}}? (?:within|no more than|not more than) (?:the )?(?:last |prior "
        rf"|previous )?(?P<days>{COUNT}) (?P<period>days?|weeks?|months?)"
        rf"(?: (?:before|of|prior to) (?:the|each|every)? ?(?:\w+ ?){{1,3}})?)?"
    )


def _measured(text: str) -> Iterator[Found]:
    for match in _measure().finditer(text):
        op = bound_of(match)
        if op is None:
            continue
        days = count(match["days"]) * _PERIODS[match["period"][0]] if match["days"] else None
        rule = MeasurementRule(
            name=_MEASURED[match["name"]],
            op=op,
            value=Decimal(match["value"].replace(",", "")),
            unit=match["unit"] or "",
            within_days=days,
        )
        yield match.span(), rule


@cache
def _histologies() -> dict[str, str]:
    return {row.words.lower(): row.histology for row in read_rows("histologies.csv", HistologyRow)}


def _histology(text: str) -> Iterator[Found]:
    for match in re.finditer(r"non-?squamous(?: (?:histology|disease|cell))?", text):
        yield match.span(), HistologyRule(against=("squamous cell carcinoma",))
    for match in re.finditer(r"(?<!non-)(?<!non)\bsquamous histology\b", text):
        yield match.span(), HistologyRule(names=("squamous cell carcinoma",))
    for match in re.finditer(
        r"high-grade serous(?: (?:carcinoma|histology))?|(?<!-)\bserous (?:carcinoma|histology)", text
    ):
        name = "high-grade serous carcinoma" if "high" in match.group() else "serous carcinoma"
        yield match.span(), HistologyRule(names=(name,))


@cache
def regimen_names() -> dict[str, str]:
    """Map every way a regimen is written, in lower case, to its one name."""
    return {
        alias.lower(): row.name for row in read_rows("regimens.csv", RegimenRow) for alias in (row.name, *row.aliases)
    }


def _regimens(text: str) -> Iterator[Found]:
    """Find the regimens a growth factor policy names as of high risk, or that a sentence asks for high risk."""
    risk = _RISK.search(text)
    listed = re.search(
        r"(?:among them|includ\w+|such as|list(?:ed)?|these are|namely|for example)[\s:]*(?P<names>.*)", text
    )
    rule: Requirement
    if risk is None and (counted := _COUNTED.search(text)):
        pairs = tuple(" + ".join(drugs) for drugs in _pairs(text[: counted.start()]))
        if pairs:
            yield (0, counted.end()), RegimenRule(regimens=pairs, risk="high")
        return
    if risk is None and not (listed and re.search(r"\bregimens?\b|\blist\b", text)):
        return
    named = listed["names"] if listed else ""
    names = [_called(match[0]) for match in re.finditer(_written(), named)]
    if risk is None and not names:
        return
    rule = RegimenRule(regimens=tuple(dict.fromkeys(names)), risk="high" if risk else "")
    yield (risk.start() if risk else listed.start() if listed else 0, len(text)), rule


_COUNTED = re.compile(
    r"\b(?:(?:is|are|count|counts|counted|considered|classed|rated|regarded|taken)(?: as| to be)? ?)+"
    r"(?:of |at )?(?:(?:a )?risk )?(?:of )?"
    r"(?:(?:above|over|more than|at least|>=?) ?20 ?%|high[- ]risk|(?:a )?high risk)"
)
"""How a policy says that regimens it names by their drugs are of high risk."""


def _pairs(text: str) -> Iterator[tuple[str, ...]]:
    """Read combinations written by their drugs ("gemcitabine with docetaxel"); one with a condition is left out."""
    drug = one_of(load_terms().drug_names())
    for match in re.finditer(
        rf"{drug}(?:(?: with | plus |/| \+ |, (?={drug} and )){drug})+(?P<more> (?:after|if|when|in)\b)?", text
    ):
        if not match["more"]:
            yield tuple(sorted(_drugs(match[0])))


def _called(written: str) -> str:
    """Return a regimen's one name; a dose-dense one is another regimen."""
    plain = written.removeprefix("dose-dense ")
    name = regimen_names()[written] if written in regimen_names() else regimen_names()[plain]
    return f"dose-dense {name}" if plain != written and not name.startswith("dose-dense") else name


@cache
def _written() -> str:
    ordered = sorted(
        {f"dose-dense {name}" for name in regimen_names()} | set(regimen_names()), key=lambda n: (-len(n), n)
    )
    found = "|".join(re.escape(name) for name in ordered if not name.startswith("dose-dense dose-dense"))
    return rf"(?<![\w+-])(?:{found})(?![\w+])"
