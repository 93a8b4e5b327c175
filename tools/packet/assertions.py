"""Hold a freely written sentence to what it cites: it may assert nothing that one cited statement does not.

The sentence is cut into statements. Each must stand whole in one sentence of one cited piece of evidence: every word
that is no mere joint, every figure with its unit, comparison and neighbours, with the same negation, certainty and
person. Quotations must stand in that same piece. That a criterion is met is said only where its standing says so.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.types.evidence import Evidence
from knowledge.types.letters import CriteriaStanding, Field
from tools.packet.assertion_words import AssertionWords, assertion_words
from tools.packet.binding import Fault, apart, bound, fact_holds, figures_apart, out_of_order
from tools.packet.normalising import collapsed, normalise
from tools.packet.passages import Passage, heading, passages
from tools.packet.sentences import sentences
from tools.packet.standings import standing_fault
from tools.packet.tokens import Token, content, tokens

QUOTED = re.compile(r'"([^"]*)"|(?<![\w"])\'([^\']+(?:\'\w[^\']*)*)\'(?!\w)')
_PLACE = re.compile("\u2039([a-z]+)\u203a")
_STATEMENTS = re.compile(
    r";|,\s+(?:and|but|so|while|whereas|which|where|when)\s|\s(?:and|but|while|whereas)\s+(?=(?:the|that|this|it|on|policy)\s)"
    r"|\b(?:is|are|was|were|has been|have been)?\s*(?:met|satisfied|answered|fulfilled|qualified)\s+by\b",
    re.IGNORECASE,
)
_SECTION = re.compile(r"\bsections?\s+[\"']?([A-Za-z0-9].*)", re.IGNORECASE)
_PLAIN_NEGATIONS = frozenset({"not", "no", "never", "without", "neither", "nor", "none", "cannot"})
_POLICY_KINDS = frozenset({"policy"})


@dataclass(frozen=True)
class Frame:
    """What a sentence may use beside evidence: the RE block, names of the parties, the criteria's standing."""

    facts: tuple[Field, ...] = ()
    names: tuple[str, ...] = ()
    criteria: CriteriaStanding | None = None


def unproven(sentence: str, cited: Sequence[Evidence], frame: Frame) -> tuple[str, ...]:
    """Return what of `sentence`, its citations taken out, the cited evidence does not assert; empty = it stands.

    Each reason is a sentence for the writer. The words must already be held against figures and names.
    """
    if not cited:
        return ("it cites no evidence",)
    return tuple(dict.fromkeys(_Sentence(sentence, cited, frame).faults()))


class _Sentence:
    def __init__(self, sentence: str, cited: Sequence[Evidence], frame: Frame) -> None:
        self.words = assertion_words()
        self.cited, self.frame = cited, frame
        self.written = sentence
        self.quotes: list[str] = []
        self.text = QUOTED.sub(self._taken, normalise(collapsed(sentence)))
        self.names = {self.words.key(t.text) for name in self._names() for t in tokens(name) if not t.figure}

    def _taken(self, match: re.Match[str]) -> str:
        self.quotes.append((match[1] if match[1] is not None else match[2]).strip())
        return f"\u2039{chr(96 + len(self.quotes))}\u203a" if len(self.quotes) <= 26 else match[0]

    def _names(self) -> tuple[str, ...]:
        own = tuple(f.value for f in self.frame.facts if f.label.casefold() in self.words.name_facts)
        return (*own, *self.frame.names)

    def faults(self) -> Iterator[str]:
        yield from self._disguised()
        plain = _PLACE.sub(" ", self.text)
        said = {t.text.casefold() for t in tokens(plain) if not t.figure}
        meets = bool(said & self.words.meets)
        if meets and (fault := standing_fault(plain, said, self.cited, self.frame.criteria)):
            yield fault
        yield from self._sections(plain)
        used: set[str] = set()
        for statement in _STATEMENTS.split(self.text):
            fault, by = self._statement(statement, meets=meets)
            used |= by
            if fault:
                yield fault
        for item in self.cited:
            if item.id not in used and not meets:
                yield f"{item.id} does not say any of it"

    def _disguised(self) -> Iterator[str]:
        """A letter or digit that only looks like a plain one is let through where the evidence writes it so too."""
        known = "".join(f"{item.says}{item.quote or ''}{item.values}" for item in self.cited)
        for char in dict.fromkeys(self.written):
            plain = unicodedata.normalize("NFKC", char)
            if not char.isascii() and plain.isascii() and any(c.isalnum() for c in plain) and char not in known:
                yield f"{char!r} is no plain character"

    def _sections(self, plain: str) -> Iterator[str]:
        known = [heading(item).casefold() for item in self.cited if heading(item)]
        for match in _SECTION.finditer(plain):
            if not any(match[1].casefold().startswith(name) for name in known):
                yield f"no cited evidence stands in a section {match[1][:40]!r}"

    def _statement(self, statement: str, *, meets: bool) -> tuple[str, set[str]]:
        """Return what is wrong with one statement, and the ids of the evidence that carries it."""
        quotes = [self.quotes[ord(name[0]) - 97] for name in _PLACE.findall(statement)]
        plain = _PLACE.sub(" ", statement)
        all_ = tokens(plain)
        asserted = tuple(t for t in content(all_, self.words) if not self._joint(t, meets=meets))
        negated = any(t.text.casefold() in _PLAIN_NEGATIONS for t in all_)
        if negated and not asserted:
            return f"{plain.strip()!r} denies something no cited evidence denies", set()
        if not asserted and not quotes:
            if meets or not all_:
                return "", set()
            return f"{plain.strip()!r} tells nothing that evidence says", set()
        said = {t.text.casefold() for t in all_ if not t.figure}
        faults: list[Fault] = []
        carrying: set[str] = set()
        told = quotes or meets or any(not t.figure and t.key not in self.names for t in asserted)
        if said & self.words.actors and not told:
            return f"{plain.strip()!r} tells of payer or policy what no evidence says", set()
        for item in self.cited:
            fault = self._carried(item, asserted, quotes, said)
            if fault is None:
                carrying.add(item.id)
            else:
                faults.append(fault)
        if carrying:
            return "", carrying
        nearest = min(faults, key=lambda fault: fault.weight)
        return f"{plain.strip()[:90]!r}: {nearest.says}", set()

    def _joint(self, token: Token, *, meets: bool) -> bool:
        low = token.text.casefold()
        return not token.figure and (low in _PLAIN_NEGATIONS or (meets and low in self.words.meets))

    def _carried(self, item: Evidence, asserted: tuple[Token, ...], quotes: list[str], said: set[str]) -> Fault | None:
        """Return why one piece of evidence does not carry a statement; None = it does."""
        source = collapsed(item.quote or "")
        for quote in quotes:
            if not stands_whole(quote, source):
                return Fault(50, f"the quoted words do not stand so in {item.id}")
            if item.kind == "policy" and not _whole_sentence(quote, source):
                return Fault(30, f"the quotation leaves out part of what {item.id} asks: quote the sentence to its end")
        if fault := self._framed(item, said):
            return fault
        if item.kind == "policy" and not quotes and (left := self._left_out(item, asserted)):
            return Fault(30, f"it leaves {left!r} out of what {item.id} asks: quote it")
        found = passages(item)
        faults = [fault for passage in found if (fault := self._in_passage(item, passage, asserted))]
        if not asserted or len(faults) < len(found):
            return None
        return min(faults, key=lambda fault: fault.weight)

    def _left_out(self, item: Evidence, asserted: tuple[Token, ...]) -> str:
        """Return a word of the policy's that a paraphrase of it leaves out; "" = none, or it says nothing of it."""
        ids = {item.says.split(" ", 1)[0].casefold()}
        whole = [
            t for t in tokens(item.quote or item.says) if t.text.casefold() in ("or", "and", "unless", "except", "if")
        ]
        whole += content(tokens(item.quote or item.says), self.words)
        told = {t.key for t in tokens(_PLACE.sub(" ", self.text))}
        said = [t for t in asserted if t.text.casefold() not in ids and t.key not in self.names]
        if {t.text.casefold() for t in tokens(self.text)} & self.words.meets:
            return ""  # it names the criterion; that it is met, its standing says
        if not any(one.key == t.key for one in whole for t in said):
            return ""
        return next((t.text for t in whole if t.key not in told and t.figure is None), "")

    def _framed(self, item: Evidence, said: set[str]) -> Fault | None:
        """A policy's words are never said of the patient, nor the chart's of the policy."""
        own = {t.text.casefold() for passage in passages(item) for t in passage.tokens} | _plain_words(item)
        if item.kind in _POLICY_KINDS:
            if not said & self.words.policy_frame and not said & self.words.meets:
                return Fault(40, f"{item.id} is what a policy asks, not what the chart shows: say so")
            if stray := sorted((said & self.words.chart_frame) - own - {"patient", "patient's"}):
                return Fault(40, f"{item.id} is the policy's text, not the patient's: {', '.join(stray)}")
        elif item.kind in ("coverage", "claim", "chart") and said & {"payer", "plan"} - own:
            return Fault(40, f"{item.id} is nothing the payer said or did")
        elif item.kind != "contract":
            framed = said & (self.words.policy_frame | self.words.asking)
            if stray := sorted(framed - own - {"criterion", "criteria"} - self.words.meets):
                return Fault(40, f"{item.id} is no policy: {', '.join(stray)}")
        return None

    def _in_passage(self, item: Evidence, passage: Passage, asserted: tuple[Token, ...]) -> Fault | None:
        weight, reasons = 0, []
        kind = self.words.key(item.kind.replace("_", " ").split()[0])
        # The heading of a section that is named was compared as a whole, a policy's id as a code.
        headed = {t.key for t in tokens(heading(item))} if _SECTION.search(self.text) else set()
        granted = (self.names | {kind}) - passage.keys | headed
        rest = [
            token
            for token in asserted
            if (token.key not in granted if not token.figure else not _is_policy_id(token, item))
        ]
        for token in rest:
            fault = bound(token, tuple(asserted), passage, self.words)
            if fault is None:
                continue
            others = [one for one in asserted if one.key not in self.names]
            if fault.absent and token.figure and fact_holds(token, others, passage, self.frame.facts, self.words):
                continue
            weight += fault.weight
            reasons.append(fault.says)
        if not reasons and (pair := apart([one for one in rest if one.key != kind], passage)):
            return Fault(4, f"{item.id} says {pair[0]!r} and {pair[1]!r} of different things")
        if not reasons and (two := figures_apart(rest, passage)):
            return Fault(4, f"{item.id} says {two[0]!r} and {two[1]!r} of different things")
        if not reasons and item.kind == "chart" and (word := out_of_order(rest, passage)):
            return Fault(4, f"{item.id} says {word!r} in another order, and so of something else: quote it")
        return Fault(weight, f"{item.id} does not say it: {'; '.join(reasons[:3])}") if reasons else None


def _whole_sentence(passage: str, source: str) -> bool:
    """Tell whether a quotation of a policy begins and ends with a sentence: what follows an "or" is part of it."""
    wanted = collapsed(passage).rstrip(".,;")
    return wanted in {one.rstrip(".,;") for one in (source, *sentences(source))}


def _is_policy_id(token: Token, item: Evidence) -> bool:
    return item.kind == "policy" and item.says.split(" ", 1)[0].casefold() == token.text.casefold()


def _plain_words(item: Evidence) -> set[str]:
    return {word for word in re.findall(r"[a-z']+", f"{item.says} {item.quote or ''}".casefold())}


def stands_whole(passage: str, source: str) -> bool:
    """Tell whether words stand verbatim in a source, begun and ended at words, and no negation cut off before them."""
    wanted = collapsed(passage).rstrip(".,")
    for match in re.finditer(re.escape(wanted), source):
        before, after = source[: match.start()], source[match.end() :]
        whole = not (before[-1:].isalnum() and wanted[:1].isalnum()) and not (
            after[:1].isalnum() and wanted[-1:].isalnum()
        )
        part = re.split(r"[.;](?:\s|$)", before)[-1]
        cut = [word for word in re.findall(r"[a-z']+", part.casefold())[-assertion_words().reach :]]
        tail = re.findall(r"[a-z']+", re.split(r"[.;,]", after)[0].casefold())[: assertion_words().reach]
        if whole and not set(cut + tail) & _turning(assertion_words()):
            return bool(wanted)
    return False


def _turning(words: AssertionWords) -> frozenset[str]:
    return words.negators | words.hedges | words.others
