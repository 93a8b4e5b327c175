"""Read a sentence as tokens that can be compared: words by class or stem, figures with all that qualifies them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from tools.packet.assertion_words import AssertionWords, assertion_words
from tools.packet.normalising import collapsed
from tools.packet.statements import Statement, placed_statements

_FINE = re.compile(r"[,;:()=]|\s-\s|\.(?=\s)|\b(?:and|but|then)\b", re.IGNORECASE)
_COARSE = re.compile(r"[;]|\bbut\b|\bhowever\b|\.(?=\s)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*'?")
_PREPOSITION = re.compile(
    r"\b(of|on|from|since|to|until|through|before|after|by|at|with|than|without)\s+(?:the\s+)?$", re.IGNORECASE
)
_SAME = {"since": "from", "until": "to", "through": "to"}


@dataclass(frozen=True)
class Token:
    """A word or a figure of a sentence.

    `key` compares words; a figure has `figure`. `clause` counts the parts between commas and the like, `header` is
    the clause before a colon that the token stands under (-1 = none), `coarse` the parts between semicolons.
    `denied` = a negation stands beside it in its clause, `near_denial` = in its wider part; so with `hedged` and
    `of_other` (a word of family). `before` is the preposition, `compared` the comparison that qualifies a figure.
    """

    key: str
    text: str
    start: int
    clause: int
    coarse: int
    header: int = -1
    figure: Statement | None = None
    before: str = ""
    compared: str = ""
    denied: bool = False
    near_denial: bool = False
    hedged: bool = False
    of_other: bool = False


@lru_cache(maxsize=16384)
def tokens(text: str) -> tuple[Token, ...]:
    """Return the tokens of one sentence, neutral words left in."""
    words, plain = assertion_words(), collapsed(text)
    placed = placed_statements(plain)
    found = [(start, one.text, _procedure(one)) for start, one in placed if one.kind not in ("name", "word")]
    blanked = plain
    for start, written, _ in found:
        blanked = blanked[:start] + "\x00" * len(written) + blanked[start + len(written) :]
    found += [(m.start(), m[0], None) for m in _WORD.finditer(blanked)]  # type: ignore[misc]
    fine, coarse = _cuts(_FINE, blanked), _cuts(_COARSE, blanked)
    headers = _headers(blanked, fine)
    out = []
    for start, written, figure in sorted(found, key=lambda one: one[0]):
        clause = sum(cut <= start for cut in fine)
        out.append(
            Token(
                key=f"={figure.kind}:{figure.key}" if figure else words.key(written),
                text=written,
                start=start,
                clause=clause,
                coarse=sum(cut <= start for cut in coarse),
                header=headers.get(clause, -1),
                figure=figure,
                before=_before(plain, start) or (_span(plain, start + len(written)) if figure else ""),
                compared=_compared(plain, start, start + len(written), words) if figure else "",
            )
        )
    return _qualified(out, words)


def _procedure(one: Statement) -> Statement:
    """Take five digits without a unit for what they are here: a procedure's code, never a quantity."""
    coded = one.kind == "number" and not one.unit and re.fullmatch(r"\d{5}", one.text)
    return Statement("code", one.text, one.text) if coded else one


def _cuts(pattern: re.Pattern[str], text: str) -> list[int]:
    return [match.end() for match in pattern.finditer(text)]


def _headers(text: str, fine: list[int]) -> dict[int, int]:
    """Return for each clause under a colon the clause before it, up to the next semicolon or full stop."""
    headers: dict[int, int] = {}
    current = -1
    for clause, cut in enumerate(fine, start=1):
        sign = text[cut - 1]
        if sign == ":":
            current = clause - 1
        elif sign in ";.":
            current = -1
        if current >= 0:
            headers[clause] = current
    return headers


def _before(text: str, start: int) -> str:
    match = _PREPOSITION.search(text[max(0, start - 16) : start])
    return _SAME.get(match[1].casefold(), match[1].casefold()) if match else ""


def _span(text: str, end: int) -> str:
    # "2026-03-01 to 2026-09-30": the first of a span starts it, preposition or not.
    return "from" if re.match(r"\s+(?:to|until|through)\s", text[end : end + 10]) else ""


def _compared(text: str, start: int, end: int, words: AssertionWords) -> str:
    ahead = re.sub(r"\s+(?:a|the|an)$", "", text[max(0, start - 32) : start].casefold().rstrip(" ($"))
    behind = text[end : end + 24].casefold().lstrip()
    behind = behind.split(" ", 1)[1] if behind.startswith("units ") else behind
    for phrase, meaning in words.comparators:
        bounded = rf"(?:^|\W){re.escape(phrase)}$" if phrase[0].isalpha() else rf"{re.escape(phrase)}$"
        if re.search(bounded, ahead) or (phrase.startswith("or ") and behind.startswith(phrase)):
            return meaning
    return ""


def _qualified(found: list[Token], words: AssertionWords) -> tuple[Token, ...]:
    """Mark what stands beside a negation, a hedge or another person than the patient."""
    low = [token.text.casefold() for token in found]
    out = []
    for i, token in enumerate(found):
        reach = range(max(0, i - words.reach), min(len(found), i + words.reach + 1))
        near = [
            j
            for j in reach
            if j != i
            and low[j] in words.negators
            and found[j].coarse == token.coarse
            and (j < i or low[j] not in words.forward)
        ]
        part = [low[j] for j in range(len(found)) if found[j].coarse == token.coarse]
        qualified = {
            "denied": any(found[j].clause == token.clause for j in near),
            "near_denial": bool(near),
            "hedged": any(word in words.hedges for word in part),
            "of_other": any(word in words.others for word in part),
        }
        out.append(Token(**{**token.__dict__, **qualified}))
    return tuple(out)


def content(found: Iterable[Token], words: AssertionWords) -> tuple[Token, ...]:
    """Leave out the words that assert nothing."""
    return tuple(t for t in found if t.figure or t.text.casefold().strip("'") not in words.neutral)
