"""A marker's result as it stands right after the marker's name, by family of marker."""

import re
from collections.abc import Callable
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
    rf"(?:\s*(?:\(\s*(?:22C3|28-8|SP142|SP263|73-10|E1L3N)[^()]{{0,30}}\)|\(\s*(?:IHC|F?ISH|NGS|PCR|immunohistochemistry)\s*\)|\({_RESULT_AHEAD}[^()]{{0,40}}\)|[:=]|[-–](?=\s|[A-Za-z<>≥])"
    r"|(?:status|genes?|protein|receptors?|expression|testing|test|assay|analysis|by|per|IHC|immunohistochemistry"
    r"|immunostain(?:ing)?|stain(?:ing)?|NGS|PCR|sequencing|score|is|was|were|are|has\s+been|remains?|came\s+back"
    r"|returned|reported|resulted|found|confirmed|shown|noted|documented|results?|resulted|reads?|as|to\s+be|of|at(?!\s+(?:least|most))"
    r"|both|all|tumou?r|germline|somatic|clone|22C3|28-8|-?2\.1|SP142|SP263|73-10|codon\s+\d+|c\.\S+|V600(?!\w)|exons?\s+[\d,\s/and]+(?!\s*(?:del|ins|skip))"
    r"|skipping|TPS|CPS|TC|IC|ratio|level)(?!\w)))*\s*\(?\s*",
    re.IGNORECASE,
)
_WORD_END = r"(?![\w])(?!\s+(?:controls?\b|margins?\b|nodes?\b|lymph|testing|test\b|assay|analysis|status|result))"
_BETWEEN = r"(?:[\s-]+(?:is|was|were|are)\s+|\s*:\s+|[\s-]+)"
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
_SYMBOL = re.compile(r"\s?\(?(?P<symbol>\+|[-−–])\)?(?=$|[\s,/;.)])(?!\s*\d)")
_SYMBOLS = re.compile(r"\s?\(?(?P<all>[+−–-](?:\s?/\s?[+−–-])+)\)?(?=$|[\s,;.)])")
_PERCENTS = re.compile(r"[\s:(]*(?P<all>\d{1,3}\s*%(?:\s*(?:/|,|and|,\s*and)\s*\d{1,3}\s*%)+)")
_IHC = re.compile(
    r"[\s,(]*(?:(?:by\s+)?(?:IHC|immunohistochemistry)\s*)?(?:score\s*(?:of\s*)?)?[:=]?\s*"
    r"(?:(?P<score>0|[123]\s?\+|\+\s?[123])(?:\s*/\s*3\+?)?|(?P<plain>[123])\s*plus)"
    r"(?![\d%]|\.\d|\s*(?:-|–|to|/)\s*\+?\d)",
    re.IGNORECASE,
)
_HYBRID = re.compile(
    r"[\s,;/(-]*(?:and\s+|with\s+|but\s+)?(?:by\s+)?(?:F?ISH|in\s+situ\s+hybridi[sz]ation)\s*(?:is|was|:|=)?\s*"
    r"(?:\(?ratio\s*(?:of\s*|:\s*)?[\d.]*\d\)?\s*[,;]?\s*)?(?P<word>not\s+amplified|non-?amplified|negative|amplified|positive|neg|pos|[-−–](?![\w])|\+)",
    re.IGNORECASE,
)
_BY_HYBRID = re.compile(r"\s*(?:by|on|per|\()\s*(?:F?ISH|in\s+situ)", re.IGNORECASE)
_VARIANT = re.compile(
    r"(?:p\.)?(?:[A-Z]\d{1,4}(?:[A-Z]|fs(?:\*?\d*)?|\*|del|ins|dup)(?![\w%])"
    r"|(?:exon|ex)\s*\d{1,2}\s*(?:deletions?|del|insertions?|ins|skipping)(?!\w))"
)
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
    connected = _connected(text)
    percents = _PERCENTS.match(text, connected) or _PERCENTS.match(text)
    if percents is not None:
        numbers = re.findall(r"\d{1,3}", percents["all"])
        if len(numbers) == count and all(int(number) <= 100 for number in numbers):
            return tuple(
                Result({"percent": n, "result": _sign(int(n) >= 1)}, _sign(int(n) >= 1), 0, percents.end())
                for n in numbers
            )
    symbols = _SYMBOLS.match(text)
    if symbols is not None:
        signs = re.findall(r"[+−–-]", symbols["all"])
        if len(signs) == count:
            return tuple(Result({"result": _sign(s == "+")}, _sign(s == "+"), 0, symbols.end()) for s in signs)
    return ()


def _sign(positive: bool) -> Polarity:
    return "positive" if positive else "negative"


@cache
def _words(family: str) -> tuple[re.Pattern[str], dict[str, ResultRow]]:
    rows = {
        row.words.casefold(): row for row in read_rows("biomarker_results.csv", ResultRow) if family in row.families
    }
    listed = sorted(rows, key=len, reverse=True)
    choices = "|".join(re.escape(words).replace(r"\ ", rf"{_BETWEEN}") for words in listed)
    return re.compile(rf"(?P<word>{choices}){_WORD_END}", re.IGNORECASE), rows


def _word_at(family: str, text: str, at: int) -> Result | None:
    pattern, rows = _words(family)
    match = pattern.match(text, at)
    if match is None:
        return None
    written = re.sub(r"[\s-]+", " ", re.sub(_BETWEEN, " ", match["word"])).casefold()
    row = next(row for key, row in rows.items() if re.sub(r"[\s-]+", " ", key) == written)
    return Result({"result": row.result}, row.polarity, match.start(), match.end(), written)


def _connected(text: str) -> int:
    match = _CONNECT.match(text)
    return match.end() if match else 0


def _symbol(text: str) -> Result | None:
    match = _SYMBOL.match(text)
    if match is None or (match["symbol"] != "+" and text[:1] not in ("-", "−", "–", "(")):
        return None
    polarity = _sign(match["symbol"] == "+")
    return Result({"result": polarity}, polarity, match.start(), match.end())


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
    return _sign(low >= 1) if not (match["high"] and low < 1) else "unstated"


def _receptor(text: str) -> Result | None:
    symbol = _symbol(text)
    at = _connected(text)
    word = symbol or _word_at("receptor", text, at)
    amount = _AMOUNT.match(text, _past(text, word.end)) if word else _AMOUNT.match(text, at)
    if amount is None or not _is_share(amount):
        return word
    sign = _against_one(amount)
    if word is None:
        later = _word_at("receptor", text, _past(text, amount.end()))
        if later is not None and sign != "unstated" and later.polarity != sign:
            return None
        result = {"result": later.values["result"] if later else sign} if sign != "unstated" else {}
        end = later.end if later is not None else amount.end()
        return Result({**result, **_amount(amount, "percent")}, sign, at, end)
    if sign not in ("unstated", word.polarity):
        return None
    return word._replace(values={**word.values, **_amount(amount, "percent")}, end=amount.end())


def _is_share(amount: re.Match[str]) -> bool:
    """Tell whether an amount is a percentage, or the one number that needs no percent sign: 0."""
    bare_zero = amount["low"] == "0" and not amount["high"]
    return bare_zero or bool((amount["p1"] or amount["p2"]) and float(amount["low"]) <= 100)


def _past(text: str, at: int) -> int:
    match = re.compile(r"[\s,(:]*(?:in\s+|at\s+)?").match(text, at)
    return match.end() if match else at


def _her2(text: str) -> Result | None:
    at = _connected(text)
    symbol = _symbol(text)
    word = symbol or _word_at("her2", text, at)
    score = _IHC.match(text, word.end if word else at) or (None if word else _IHC.match(text))
    values: dict[str, str] = dict(word.values) if word else {}
    end = word.end if word else at
    if score is not None:
        values["ihc"] = _score(score)
        end = score.end()
    hybrid = _HYBRID.match(text, end) or (_HYBRID.match(text) if not word and score is None else None)
    if hybrid is not None:
        values["ish"] = _ish(hybrid["word"])
        end = hybrid.end()
    elif word is not None and "amplified" in word.word:
        values["ish"] = word.values["result"]
    elif (
        word is not None
        and score is None
        and _BY_HYBRID.match(text, word.end)
        and word.polarity in ("positive", "negative")
    ):
        values["ish"] = "amplified" if word.polarity == "positive" else "not amplified"
    if not values:
        return None
    return _her2_agreed(values, word.polarity if word else "unstated", at, end)


def _score(match: re.Match[str]) -> str:
    digit = re.sub(r"\D", "", match["score"] or match["plain"])[:1]
    return "0" if digit == "0" else f"{digit}+"


def _ish(word: str) -> str:
    lower = word.lower()
    return "not amplified" if lower.startswith(("no", "neg", "-", "−", "–")) else "amplified"


def _her2_agreed(values: dict[str, str], said: Polarity, start: int, end: int) -> Result | None:
    """Join score, hybridisation and word into one category; None when they contradict each other."""
    ihc, ish = values.get("ihc"), values.get("ish")
    signs: set[Polarity] = set()
    if said in ("positive", "negative"):
        signs.add(said)
    if ihc and ihc != "2+":
        signs.add(_sign(ihc == "3+"))
    if ish:
        signs.add(_sign(ish == "amplified"))
    if len(signs) > 1:
        return None
    open_: Polarity = "equivocal" if ihc == "2+" or said == "equivocal" else "unstated"
    polarity = signs.pop() if signs else open_
    values.setdefault("result", f"IHC {ihc}" if ihc else (ish or ""))
    return Result(values, polarity, start, end)


def _pdl1(text: str) -> Result | None:
    at = _connected(text)
    amount = _AMOUNT.match(text, at)
    if amount is not None and float(amount["low"]) <= 100 and not _names_clone(text, at):
        values = _amount(amount, "score")
        values["result"] = amount.group().strip()
        return Result(values, _against_one(amount), at, amount.end())
    word = _symbol(text) or _word_at("pdl1", text, at)
    if word is None:
        return None
    amount = _AMOUNT.match(text, _past_scale(text, word.end))
    if amount is not None and (amount["p1"] or amount["p2"] or "CPS" in text[word.end : amount.start()]):
        sign = _against_one(amount)
        if sign not in ("unstated", word.polarity):
            return None
        return word._replace(values={**word.values, **_amount(amount, "score")}, end=amount.end())
    return word


def _names_clone(text: str, at: int) -> bool:
    return re.compile(r"(?:22C3|28-8|73-10)", re.IGNORECASE).match(text, at) is not None


def _past_scale(text: str, at: int) -> int:
    match = re.compile(r"[\s,(:]*(?:(?:TPS|CPS|TC|IC|score|of|at)[\s:=]*)*").match(text, at)
    return match.end() if match else at


def _gene(text: str) -> Result | None:
    at = _connected(text)
    variant = _VARIANT.match(text, at)
    if variant is None:
        symbol = _symbol(text)
        return symbol if symbol is not None and symbol.polarity == "positive" else _word_at("gene", text, at)
    values = {"variant": re.sub(r"\s+", " ", variant.group().removeprefix("p."))}
    after = _AFTER_VARIANT.match(text, variant.end())
    word = _word_at("gene", text, after.end()) if after else None
    if word is None and after is not None:
        word = _word_at("gene", text, _past(text, variant.end()))
    if word is not None:
        return word._replace(values={**values, **word.values}, start=at)
    if _LEAVES_OPEN.match(text, variant.end()):
        return None
    return Result({**values, "result": values["variant"]}, "positive", at, variant.end(), "variant")


def _worded(family: str) -> Callable[[str], Result | None]:
    def read(text: str) -> Result | None:
        return _word_at(family, text, _connected(text))

    return read


def _expression(text: str) -> Result | None:
    word = _symbol(text) or _word_at("expression", text, _connected(text))
    at = _past(text, word.end) if word else _connected(text)
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
    at = _connected(text)
    match = _BURDEN.match(text, at)
    if match is None:
        return _word_at("burden", text, at)
    values = {"value": match["value"], "result": match.group().strip()}
    if match["op"]:
        values["bound"] = _OPERATORS[re.sub(r"\s+", " ", match["op"].lower())]
    return Result(values, "unstated", at, match.end())


def _index(text: str) -> Result | None:
    at = _connected(text)
    match = _AMOUNT.match(text, at)
    if match is None or not (match["p1"] or match["p2"]) or float(match["low"]) > 100:
        return None
    return Result({**_amount(match, "percent"), "result": match.group().strip()}, "unstated", at, match.end())


_READERS: dict[str, Callable[[str], Result | None]] = {
    "receptor": _receptor,
    "her2": _her2,
    "pdl1": _pdl1,
    "gene": _gene,
    "instability": _worded("instability"),
    "expression": _expression,
    "burden": _burden,
    "index": _index,
    "methylation": _worded("methylation"),
}
