"""Marker results against what a policy asks of them."""

import re
from decimal import Decimal, InvalidOperation

from knowledge.types.criteria import Answer, BiomarkerRule, Outcome
from tools.policy.facts import CaseFacts, Statement
from tools.policy.judging_her2 import by_class, in_pairs
from tools.policy.settling import Weighed, settle, unless_unread

_PARTS = {
    "MSI/MMR": ("MSI", "MMR"),
    "RAS": ("RAS", "KRAS", "NRAS"),
    "HR": ("HR", "ER", "PR"),
    "BRCA": ("BRCA", "BRCA1", "BRCA2"),
}
"""Markers a policy names together, and those a report gives."""
_NUMBERS = ("score", "percent", "value")


def judge_marker(rule: BiomarkerRule, facts: CaseFacts) -> Answer:
    """Compare the marker's results, dated by the service, with the bound or state asked for."""
    names = _PARTS.get(rule.marker, (rule.marker,))
    results = [item for item in facts.about("biomarker") if item.name in names]
    answer = _judged(rule, results, names)
    return unless_unread(answer, facts.left_unread("biomarker", names, plain=_is_plain(answer, results)))


def _is_plain(answer: Answer, results: list[Statement]) -> bool:
    """Tell whether a pathology or laboratory report gives the answer: a note that only names the marker does not."""
    return any(item.rank == 1 and item.resource == answer.source and item.quote == answer.quote for item in results)


def _judged(rule: BiomarkerRule, results: list[Statement], names: tuple[str, ...]) -> Answer:
    asked = _asked(rule)
    if rule.categories:
        return settle([Weighed(by_class(rule, item, joined), item) for item, joined in in_pairs(results)], asked)
    if rule.marker == "HER2" and rule.state in ("positive", "negative"):
        whole = rule.model_copy(update={"state": None, "categories": (rule.state,)})
        weighed = [
            Weighed(_by_state(rule, item) or (by_class(whole, item, joined) if joined.get("ish") else None), item)
            for item, joined in in_pairs(results)
        ]
        best = min((item.statement.rank for item in weighed), default=0)
        told = [item for item in weighed if item.statement.rank == best and item.outcome is not None]
        return settle(told or weighed, asked)  # a score of 2+ beside its hybridisation leaves nothing open
    if rule.op is not None:
        same = [item for item in results if _same_measure(rule, item)]  # a CPS beside a TPS contradicts nothing
        return settle([Weighed(_against(rule, item), item) for item in same or results], asked)
    if rule.marker == "RAS" and rule.state == "unaltered":
        return _ras(results, asked)
    if len(names) > 1 and rule.state in ("positive", "altered"):
        # One that is positive is enough; one that is negative says nothing of the other.
        return settle(_one_is_enough([Weighed(_by_state(rule, item), item) for item in results], names), asked)
    return settle([Weighed(_by_state(rule, item), item) for item in results], asked)


def _against(rule: BiomarkerRule, item: Statement) -> Outcome | None:
    """Compare a number; a range or a bound settles it only when it lies wholly on one side."""
    if not _same_measure(rule, item) or rule.value is None:
        return None
    span = _span(item)
    if span is None:
        return (
            "not_met"
            if item.polarity == "negative" and rule.op in (">=", ">") and rule.value > 0 and _plainly_none(item)
            else None
        )
    low, high = span
    stained = _stained(rule, item)
    if stained is None and low >= rule.value:
        return None
    inside = {">=": low >= rule.value, ">": low > rule.value, "<=": high <= rule.value, "<": high < rule.value}
    outside = {">=": high < rule.value, ">": high <= rule.value, "<=": low > rule.value, "<": low >= rule.value}
    op = rule.op or ">="
    return "met" if inside[op] else "not_met" if outside[op] else None


def _stained(rule: BiomarkerRule, item: Statement) -> bool | None:
    """Tell whether a share counts the cells asked for ("2+ or 3+"); None when the report does not say which."""
    if rule.intensity is None:
        return True
    degrees = [int(digit) for digit in re.findall(r"([0-3])\s?\+", item.values.get("intensity", ""))]
    if degrees:
        return True if min(degrees) >= rule.intensity else None
    words = f"{item.quote} {item.values.get('result', '')}".lower()
    if re.search(r"moderate to strong|moderate and strong|moderate or strong", words):
        return True if rule.intensity <= 2 else None
    return True if item.polarity == "positive" else None


def _same_measure(rule: BiomarkerRule, item: Statement) -> bool:
    """Tell whether a report's number is the score asked for; a percent is a TPS unless the report says otherwise."""
    if rule.marker != "PD-L1":
        return True
    said = _measure_of(item)
    asked = rule.measure or ("TPS" if rule.unit == "%" else "")
    return not asked or said == asked


def _measure_of(item: Statement) -> str:
    if item.values.get("scale"):
        return item.values["scale"].upper()
    words = " ".join((item.quote, item.values.get("result", ""), item.values.get("label", "")))
    if re.search(r"\bCPS\b|combined positive", words, re.IGNORECASE):
        return "" if re.search(r"\bTPS\b|proportion score", words, re.IGNORECASE) else "CPS"
    return "TPS" if re.search(r"\bTPS\b|proportion score|%|percent", words, re.IGNORECASE) else ""


_LARGEST = Decimal(10) ** 9
_EDGE = Decimal("0.0001")


def _span(item: Statement) -> tuple[Decimal, Decimal] | None:
    """Return the lowest and highest number a result stands for; None when it has none or an approximate one."""
    for key in _NUMBERS:
        low, high = _number(item.values.get(f"{key}_low")), _number(item.values.get(f"{key}_high"))
        if low is not None and high is not None:
            return low, high
        value = _number(item.values.get(key))
        if value is None:
            continue
        bound = item.values.get("bound", "")
        spans = {
            "": (value, value),
            ">=": (value, _LARGEST),
            ">": (value + _EDGE, _LARGEST),
            "<=": (Decimal(0), value),
            "<": (Decimal(0), value - _EDGE),
        }
        return spans.get(bound)
    return None


def _number(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _plainly_none(item: Statement) -> bool:
    return item.values.get("result", "") in ("negative", "no expression", "not expressed")


def _by_state(rule: BiomarkerRule, item: Statement) -> Outcome | None:
    if item.polarity not in ("positive", "negative"):
        return None
    variant = item.values.get("variant", "").lower()
    if variant and rule.state == "unaltered" and item.polarity == "negative" and variant not in rule.variants:
        return None  # one variant not found is not the whole gene
    has = item.polarity == "positive"
    if rule.variants and has:  # a report that gives no variant, or another one, does not settle it
        written = f"{item.values.get('variant', '')} {item.values.get('result', '')} {item.quote}".lower()
        if not any(_has_variant(variant, written) for variant in rule.variants):
            return None  # another alteration of the gene
    wants = rule.state in ("positive", "altered")
    return "met" if has == wants else "not_met"


def _has_variant(variant: str, written: str) -> bool:
    """Tell whether a report names an alteration: "L858R", or "exon 19 del" for "exon 19 deletion"."""
    short = re.sub(
        r"deletions?|insertions?|exon \d{1,2} (?=[a-z]\d)",
        lambda match: match[0][:3] if "ion" in match[0] else "",
        variant,
    )
    return re.search(rf"(?<!\w){re.escape(short.strip())}", written.replace("ex ", "exon ")) is not None


def _one_is_enough(weighed: list[Weighed], names: tuple[str, ...]) -> list[Weighed]:
    """Keep the positive results; negative ones only when every part has one."""
    positive = [item for item in weighed if item.outcome == "met"]
    if positive:
        return positive
    parts = {name for name in names if name not in ("HR", "RAS", "BRCA")}
    refuted = {item.statement.name for item in weighed if item.outcome == "not_met"}
    whole = parts <= refuted or bool(refuted - parts)
    return weighed if whole else [Weighed(None, item.statement) for item in weighed]


def _ras(results: list[Statement], asked: str) -> Answer:
    """RAS is wild type when it is reported so, or both KRAS and NRAS are; either one mutated refutes it."""
    rule = BiomarkerRule(marker="RAS", state="unaltered")
    weighed = [Weighed(_by_state(rule, item), item) for item in results]
    mutated = [item for item in weighed if item.outcome == "not_met"]
    if mutated:
        names = {"RAS", *(item.statement.name for item in mutated)}
        return settle([item for item in weighed if item.statement.name in names], asked)
    wild = {item.statement.name for item in weighed if item.outcome == "met"}
    whole = "RAS" in wild or {"KRAS", "NRAS"} <= wild
    return settle(weighed if whole else [Weighed(None, item.statement) for item in weighed], asked)


def _asked(rule: BiomarkerRule) -> str:
    if rule.op is not None:
        stained = f" at {rule.intensity}+ or more" if rule.intensity is not None else ""
        return f"{rule.marker}{f' {rule.measure}' if rule.measure else ''} {rule.op} {rule.value}{rule.unit}{stained}"
    if rule.categories:
        return f"{rule.marker} {' or '.join(rule.categories)}"
    return f"{rule.marker} {({'unaltered': 'without alteration'}).get(rule.state or '', rule.state)}"
