"""What a policy sentence asks of the patient: disease, stage and spread, performance status, age."""

import re
from collections.abc import Iterator
from functools import cache

from knowledge.policies.terms import load_terms
from knowledge.types.criteria import AgeRule, DiagnosisRule, Disease, PerformanceRule, StageRule
from tools.policy.wording import Found, one_of

_OR = r"(?:, or |,? and/or |, | or | and )"
_ROMAN = r"(?:iv|i{1,3})[abc]?[1-3]?"
_STAGE = rf"(?:unresectable )?stages? {_ROMAN}(?: not amenable to resection)?"
_EXTENT = (
    r"(?:locally recurrent,? unresectable|locally recurrent|unresectable,? locally advanced"
    r"|locally advanced,? unresectable|locally advanced|metastatic|unresectable"
    r"|advanced|recurrent)"
)
_EXTENTS = {"locally recurrent": "recurrent", "locally recurrent unresectable": "recurrent"}
_TERM = rf"(?:{_STAGE}|{_EXTENT}|(?<=[ -]){_ROMAN}(?![\w-]))"
_STAGES = re.compile(rf"(?<![\w-])(?:{_STAGE}|{_EXTENT})(?:(?:{_OR}| to | through |-|/){_TERM})*(?![\w-])")
_RANGE = re.compile(rf"(?P<low>{_ROMAN})(?: to | through |-)(?:stage )?(?P<high>{_ROMAN})")
_BASES = ("I", "II", "III", "IV")

_ECOG = re.compile(
    r"\b(?:eastern cooperative oncology group|ecog)(?: performance)?(?: status| ps| score)*"
    r"(?: (?:is|was|of|between))*:? ?"
    r"(?:(?:<=|at most|no (?:more|greater|worse|higher) than|up to) ?(?P<most>[0-4])"
    r"|(?P<over>(?:>=|at least) ?|(?:>|greater than|worse than|more than|above) ?)(?P<least>[0-4])"
    r"|0(?: ?(?:-|to|,|or|and) ?1)?(?: ?(?:-|to|,|, or|or|and) ?(?P<last>[1-4]))?"
    r"|(?P<under>[0-4]) or (?:less|lower|better|below)"
    r"|(?P<from>[1-4])(?: ?(?:-|to|or) ?4| or (?:more|greater|higher|worse)))(?![\d.])"
)
_KARNOFSKY = re.compile(
    r"\bkarnofsky(?: performance)?(?: status| score)*(?: (?:is|of))*:? ?"
    r"(?:(?:>=|at least) ?(?P<least>\d0) ?%?|(?P<under>\d0) ?%? or (?:more|greater|higher|better|above))"
)
_AGE = re.compile(
    r"\b(?:age[ds]? )?(?P<more>(?:>=|at least) )?(?P<years>\d{1,2}) years(?: of age)?"
    r"(?: (?:and|or) (?P<way>older|over|above))?"
    r"|\bage[ds]? (?P<age>\d{1,2}) (?:years )?(?:and|or) (?:older|over|above)"
    r"|\b(?P<adult>adults?(?: patients?| members?)?)\b"
)


@cache
def _disease_names() -> dict[str, Disease]:
    return {name.lower(): row.disease() for row in load_terms().diseases for name in (row.name, *row.names)}


@cache
def _diseases() -> re.Pattern[str]:
    disease = rf"{one_of(_disease_names())}(?: \({one_of(_disease_names())}\))?"
    return re.compile(rf"{disease}(?:{_OR}{disease})*")


@cache
def _organ_list() -> re.Pattern[str]:
    """Match "breast or gastric cancer": parts of the body before one word for all of their tumors."""
    organ = one_of(load_terms().organs)
    joint = r"(?:, or |, | or | and |/)"
    listed = rf"{organ}(?:{joint}{organ})*"
    last = rf"{organ} (?:cancers?|carcinomas?|adenocarcinomas?)|{one_of(_disease_names())}"
    return re.compile(rf"{listed}{joint}(?:{last})")


_HEADS = ("lymphoma", "leukemia", "leukaemia", "cancer", "carcinoma", "adenocarcinoma")


@cache
def _shortened() -> dict[str, Disease]:
    """Map names without their last word, and that word's own mark, to diseases ("follicular" before "lymphoma")."""
    return {
        name.rsplit(" ", 1)[0]: disease
        for name, disease in _disease_names().items()
        if name.rsplit(" ", 1)[-1] in _HEADS and " " in name
    }


@cache
def _short_list() -> re.Pattern[str]:
    """Match "follicular, diffuse large B-cell and mantle cell lymphoma": names that share their last word."""
    full = one_of(name for name in _disease_names() if name.rsplit(" ", 1)[-1] in _HEADS)
    return re.compile(rf"{one_of(_shortened())}(?:{_OR}{one_of(_shortened())})*{_OR}(?P<last>{full})")


def organs_named(text: str) -> tuple[Disease, ...]:
    """Return the diseases of the organs a heading consists of ("Lung", "Gastric and liver"); () when it says more."""
    rest = re.sub(rf"{one_of(load_terms().organs)}|\b(?:and|or|cancers?)\b|[\s,/&().\d]", "", text)
    named = re.findall(one_of(load_terms().organs), text)
    return () if rest else tuple(load_terms().organs[name] for name in dict.fromkeys(named))


def diseases_named(text: str) -> tuple[Disease, ...]:
    """Return the diseases that stand in a normalised text, in order, each once."""
    named = (_disease_names()[match[0]] for match in re.finditer(one_of(_disease_names()), text))
    return tuple(dict.fromkeys(named))


def patients(text: str) -> Iterator[Found]:
    """Find what a normalised sentence asks of the patient."""
    for match in _ECOG.finditer(text):
        yield match.span(), _ecog(match)
    for match in _KARNOFSKY.finditer(text):
        yield match.span(), PerformanceRule(karnofsky_at_least=int(match["least"] or match["under"]))
    for match in _AGE.finditer(text):
        if match["adult"]:
            yield match.span(), AgeRule(at_least=18)
        elif match["age"] or match["more"] or match["way"]:
            yield match.span(), AgeRule(at_least=int(match["age"] or match["years"]))
    listed = set()
    for match in _organ_list().finditer(text):
        listed.add(match.span())
        last = diseases_named(match[0])
        rest = match[0]
        for name in sorted(_disease_names(), key=len, reverse=True):
            rest = rest.replace(name, " ") if last else rest
        named = [load_terms().organs[organ] for organ in re.findall(one_of(load_terms().organs), rest)]
        yield match.span(), DiagnosisRule(diseases=(*named, *last))
    for match in _short_list().finditer(text):
        if match.span() in listed:
            continue
        first = text[match.start() : match.start("last")]
        named = [_shortened()[name] for name in re.findall(one_of(_shortened()), first)]
        yield match.span(), DiagnosisRule(diseases=(*dict.fromkeys(named), _disease_names()[match["last"]]))
    for match in _diseases().finditer(text):
        yield match.span(), DiagnosisRule(diseases=diseases_named(match[0]))
    for match in _STAGES.finditer(text):
        yield match.span(), _stage(match[0])


def _ecog(match: re.Match[str]) -> PerformanceRule:
    if match["least"]:
        strict = match["over"].strip() not in (">=", "at least")
        return PerformanceRule(ecog_at_least=int(match["least"]) + strict)
    if match["from"]:
        return PerformanceRule(ecog_at_least=int(match["from"]))
    most = match["most"] or match["under"] or match["last"]
    if most is None:
        most = "1" if re.search(r"0 ?(?:-|to|,|or|and) ?1$", match[0]) else "0"
    return PerformanceRule(ecog_at_most=int(most))


def _stage(text: str) -> StageRule:
    stages: list[str] = []
    conditional: list[str] = []
    for match in _RANGE.finditer(text):
        low, high = (_BASES.index(match[end].upper().rstrip("ABC123")) for end in ("low", "high"))
        stages += [match["low"].upper(), *_BASES[low + 1 : high], match["high"].upper()]
    rest = _RANGE.sub(" ", text)
    for match in re.finditer(
        rf"(?P<before>unresectable )?(?:stages? )?(?<![\w-])(?P<stage>{_ROMAN})(?![\w-])"
        r"(?P<after> not amenable to resection)?",
        rest,
    ):
        judged = match["before"] or match["after"]
        (conditional if judged else stages).append(match["stage"].upper())
    without = re.sub(rf"unresectable (?=stages? {_ROMAN})", " ", rest)
    extents = tuple(
        dict.fromkeys(_EXTENTS.get(item, item) for item in re.findall(rf"(?<![\w-]){_EXTENT}(?![\w-])", without))
    )
    return StageRule(
        stages=tuple(dict.fromkeys(stages)), extents=extents, conditional=tuple(dict.fromkeys(conditional))
    )
