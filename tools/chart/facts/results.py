"""A marker's result as it stands right after the marker's name, by family of marker."""

import re
from collections.abc import Callable

from knowledge.types.chart import Polarity
from tools.chart.facts.her2_result import her2
from tools.chart.facts.result_words import Result, connected, sign, symbol, word_at

_NUMBER = r"\d{1,4}(?:\.\d+)?"
_OPERATORS = {
    ">": ">", "over": ">", "above": ">", "greater than": ">", "more than": ">",
    ">=": ">=", "≥": ">=", "at least": ">=",
    "<": "<", "below": "<", "under": "<", "less than": "<",
    "<=": "<=", "≤": "<=", "at most": "<=",
    "~": "~", "about": "~", "approximately": "~", "approx": "~", "around": "~",
}  # fmt: skip
_OP = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(_OPERATORS, key=len, reverse=True))
_AMOUNT = re.compile(
    rf"(?P<op>{_OP})?\s*(?P<low>{_NUMBER})\s*(?P<p1>%|percent)?"
    rf"(?:\s*(?:-|–|to)\s*(?P<high>{_NUMBER})\s*(?P<p2>%|percent)?)?(?![\w/+*]|\.\d)",
    re.IGNORECASE,
)
_SYMBOLS = re.compile(r"\s?\(?(?P<all>[+−–-](?:\s?/\s?[+−–-])+)\)?(?=$|[\s,;.)])")
_PERCENTS = re.compile(r"[\s:(]*(?P<all>\d{1,3}\s*%(?:\s*(?:/|,|and|,\s*and)\s*\d{1,3}\s*%)+)")
_VARIANT = re.compile(
    r"(?:p\.)?(?:[A-Z]\d{1,4}(?:[A-Z]|fs(?:\*?\d*)?|\*|del|ins|dup)(?![\w%])"
    r"|(?:exon|ex)\s*\d{1,2}\s*(?:deletions?|del|insertions?|ins|skipping)(?!\w))"
)
_ONE_EXON = re.compile(r"[\s:(,-]*exon\s+(?P<exon>\d{1,2})(?!\s*(?:-|–|to\b|,|/|and|&|\d|del|ins|skip))", re.IGNORECASE)
"""One exon that was looked at: without a mutation it says nothing of the rest of the gene."""
_AFTER_VARIANT = re.compile(
    r"[\s:(-]*(?:(?:mutations?|variants?|alterations?|is|was|were|:)\s*)*(?=[a-z])", re.IGNORECASE
)
_LEAVES_OPEN = re.compile(
    r"\s*(?:mutations?\s+|variants?\s+)?(?:test|assay|analysis|status|pending|order|request|unknown)", re.IGNORECASE
)
_INTENSITY = r"[0-3]\+(?:\s*(?:or|and|/|to|-)\s*(?:[0-3]\+|more|higher))?"
_SHARE = re.compile(
    rf"(?:(?P<i1>{_INTENSITY})\s*(?:in|:|,)?\s*)?(?P<op>{_OP})?\s*(?P<percent>{_NUMBER})\s*(?:%|percent)"
    rf"(?:\s+of\s+(?:the\s+)?(?:viable\s+)?(?:tumou?r\s+)?cells)?"
    rf"(?:[\s,(]*(?:at|with|showing)?\s*(?:membran\w+\s+)?(?:staining\s+)?(?:of\s+|at\s+)?(?P<i2>{_INTENSITY}))?",
    re.IGNORECASE,
)
_BURDEN = re.compile(
    rf"(?P<op>{_OP})?\s*(?P<value>{_NUMBER})\s*(?P<unit>mut(?:ation)?s?\.?\s*(?:/|per)\s*(?:Mb|megabase)|m/Mb)?(?![\w%/])",
    re.IGNORECASE,
)


def result_after(family: str, text: str) -> Result | None:
    """Read the result that `text`, which follows a marker's name, begins with; None when none is sure."""
    result = _READERS[family](text)
    if result is None:
        return None
    return result._replace(values={name: " ".join(slot.split()) for name, slot in result.values.items()})


def results_in_turn(family: str, text: str, count: int) -> tuple[Result, ...]:
    """Read one result for each of `count` markers named together ("ER/PR 90%/80%"), () when not so written."""
    if family not in ("receptor", "her2"):
        return ()
    percents = _PERCENTS.match(text, connected(text)) or _PERCENTS.match(text)
    if percents is not None:
        numbers = re.findall(r"\d{1,3}", percents["all"])
        if len(numbers) == count and all(int(number) <= 100 for number in numbers):
            return tuple(
                Result({"percent": n, "result": sign(int(n) >= 1)}, sign(int(n) >= 1), 0, percents.end())
                for n in numbers
            )
    symbols = _SYMBOLS.match(text)
    if symbols is not None:
        signs = re.findall(r"[+−–-]", symbols["all"])
        if len(signs) == count:
            return tuple(Result({"result": sign(s == "+")}, sign(s == "+"), 0, symbols.end()) for s in signs)
    return ()


def _amount(match: re.Match[str], key: str) -> dict[str, str]:
    values = {key: match["low"]}
    if match["high"]:
        values = {f"{key}_low": match["low"], f"{key}_high": match["high"]}
    elif match["op"]:
        values["bound"] = _OPERATORS[re.sub(r"\s+", " ", match["op"].lower())]
    return values


def _against_one(match: re.Match[str]) -> Polarity:
    """Return the sign of a percentage or score whose least positive value is 1."""
    low, op = float(match["low"]), _OPERATORS.get(re.sub(r"\s+", " ", (match["op"] or "").lower()), "")
    if op in ("<", "<="):
        return "negative" if low < 1 or (op == "<" and low == 1) else "unstated"
    return sign(low >= 1) if not (match["high"] and low < 1) else "unstated"


def _receptor(text: str) -> Result | None:
    at = connected(text)
    word = symbol(text) or word_at("receptor", text, at)
    amount = _AMOUNT.match(text, _past(text, word.end)) if word else _AMOUNT.match(text, at)
    if amount is None or not _is_share(amount):
        return word
    polarity = _against_one(amount)
    if word is None:
        later = word_at("receptor", text, _past(text, amount.end()))
        if later is not None and polarity != "unstated" and later.polarity != polarity:
            return None
        result = {"result": later.values["result"] if later else polarity} if polarity != "unstated" else {}
        end = later.end if later is not None else amount.end()
        return Result({**result, **_amount(amount, "percent")}, polarity, at, end)
    if polarity not in ("unstated", word.polarity):
        return None
    return word._replace(values={**word.values, **_amount(amount, "percent")}, end=amount.end())


def _is_share(amount: re.Match[str]) -> bool:
    """Tell whether an amount is a percentage, or the one number that needs no percent sign: 0."""
    bare_zero = amount["low"] == "0" and not amount["high"]
    return bare_zero or bool((amount["p1"] or amount["p2"]) and float(amount["low"]) <= 100)


def _past(text: str, at: int) -> int:
    match = re.compile(r"[\s,(:]*(?:in\s+|at\s+)?").match(text, at)
    return match.end() if match else at


def _pdl1(text: str) -> Result | None:
    at = connected(text)
    amount = _AMOUNT.match(text, at)
    if amount is not None and float(amount["low"]) <= 100 and not _names_clone(text, at):
        values = _amount(amount, "score")
        values["result"] = amount.group().strip()
        return Result(values, _against_one(amount), at, amount.end())
    word = symbol(text) or word_at("pdl1", text, at)
    if word is None:
        return None
    amount = _AMOUNT.match(text, _past_scale(text, word.end))
    if amount is not None and (amount["p1"] or amount["p2"] or "CPS" in text[word.end : amount.start()]):
        polarity = _against_one(amount)
        if polarity not in ("unstated", word.polarity):
            return None
        return word._replace(values={**word.values, **_amount(amount, "score")}, end=amount.end())
    return word


def _names_clone(text: str, at: int) -> bool:
    return re.compile(r"(?:22C3|28-8|73-10)", re.IGNORECASE).match(text, at) is not None


def _past_scale(text: str, at: int) -> int:
    match = re.compile(r"[\s,(:]*(?:(?:TPS|CPS|TC|IC|score|of|at)[\s:=]*)*").match(text, at)
    return match.end() if match else at


def _gene(text: str) -> Result | None:
    at = connected(text)
    variant = _VARIANT.match(text, at)
    if variant is None:
        found = symbol(text)
        found = found if found is not None and found.polarity == "positive" else word_at("gene", text, at)
        alone = _ONE_EXON.match(text)
        if found is not None and found.polarity == "negative" and alone is not None:
            return found._replace(values={**found.values, "variant": f"exon {alone['exon']}"})
        return found
    values = {"variant": re.sub(r"\s+", " ", variant.group().removeprefix("p."))}
    after = _AFTER_VARIANT.match(text, variant.end())
    word = word_at("gene", text, after.end()) if after else None
    if word is None and after is not None:
        word = word_at("gene", text, _past(text, variant.end()))
    if word is not None:
        return word._replace(values={**values, **word.values}, start=at)
    if _LEAVES_OPEN.match(text, variant.end()):
        return None
    return Result({**values, "result": values["variant"]}, "positive", at, variant.end(), "variant")


def _worded(family: str) -> Callable[[str], Result | None]:
    def read(text: str) -> Result | None:
        return word_at(family, text, connected(text))

    return read


def _expression(text: str) -> Result | None:
    word = symbol(text) or word_at("expression", text, connected(text))
    at = _past(text, word.end) if word else connected(text)
    share = _SHARE.match(text, at)
    if share is None:
        return word
    percent = share["percent"]
    if float(percent) > 100:
        return None
    values = {"percent": percent}
    intensity = share["i1"] or share["i2"]
    if intensity:
        values["intensity"] = re.sub(r"\s+", " ", intensity)
    if share["op"]:
        values["bound"] = _OPERATORS[re.sub(r"\s+", " ", share["op"].lower())]
    if word is None:
        return Result({**values, "result": share.group().strip()}, "unstated", at, share.end())
    return word._replace(values={**word.values, **values}, end=share.end())


def _burden(text: str) -> Result | None:
    at = connected(text)
    match = _BURDEN.match(text, at)
    if match is None:
        return word_at("burden", text, at)
    values = {"value": match["value"], "result": match.group().strip()}
    if match["op"]:
        values["bound"] = _OPERATORS[re.sub(r"\s+", " ", match["op"].lower())]
    return Result(values, "unstated", at, match.end())


def _index(text: str) -> Result | None:
    at = connected(text)
    match = _AMOUNT.match(text, at)
    if match is None or not (match["p1"] or match["p2"]) or float(match["low"]) > 100:
        return None
    return Result({**_amount(match, "percent"), "result": match.group().strip()}, "unstated", at, match.end())


_READERS: dict[str, Callable[[str], Result | None]] = {
    "receptor": _receptor,
    "her2": her2,
    "pdl1": _pdl1,
    "gene": _gene,
    "instability": _worded("instability"),
    "expression": _expression,
    "burden": _burden,
    "index": _index,
    "methylation": _worded("methylation"),
}
