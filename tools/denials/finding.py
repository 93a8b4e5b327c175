"""All denials of a practice, found over every remit in hand."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal

from msgspec import Struct

from knowledge.payers import PayerDirectory
from knowledge.types.claim import SubmittedClaim
from knowledge.types.denial import Denial
from tools.denials.adjudication import assess_claim_level, assess_line, line_codes
from tools.denials.answers import Answer, ThreadKey, claim_threads
from tools.denials.delivery import Delivery
from tools.denials.fingerprint import Received, distinct
from tools.denials.identity import billed_code, service_day
from tools.denials.lines import Entry, line_threads
from tools.denials.netting import net
from tools.denials.record import write_denial
from tools.denials.recoveries import Recoveries
from tools.denials.rules import AdjustmentRules
from tools.denials.services import ServicesOfDay
from tools.denials.sorting import Setting
from tools.denials.timeline import DenialState, Judged, stand
from tools.denials.verdict import Verdict

RateFor = Callable[[str, str, date], Decimal | None]
"""Contracted dollars per billing unit, by payer id, HCPCS code and day; None when there is no rate."""

_CLAIM_LEVEL = "claim"
_DUPLICATE = "duplicate"


class NotDenied(Struct, frozen=True):
    """A line of one answer that makes no record, and why."""

    file: str
    claim_id: str
    payer_claim_number: str
    position: int
    hcpcs: str
    service_date: date | None
    charge: Decimal
    paid: Decimal
    line_control: str
    standing: str
    why: str


class Examination(Struct, frozen=True):
    """What was found: the denials, and every line of every answer that is none."""

    denials: tuple[Denial, ...]
    not_denied: tuple[NotDenied, ...]


class Trail(Struct, frozen=True, eq=False):
    """A denial with every answer about its line, in order, and every answer about its claim.

    `base` is the answer that took the payment back, where that is the denial; else None. `whole`: it stands at claim
    level. `duplicate`: it is the refusal of a claim sent twice, and stands beside the line's own denial.
    """

    denial_id: str
    judged: tuple[Judged, ...]
    answers: tuple[Answer, ...]
    base: Answer | None = None
    whole: bool = False
    duplicate: bool = False


class Found(Struct, frozen=True, eq=False):
    """An examination with the way to it: the remits that count, their claims in threads, and each denial's trail."""

    examination: Examination
    received: tuple[Received, ...]
    threads: dict[ThreadKey, list[Answer]]
    trails: tuple[Trail, ...]


def find_denials(
    arrived: Iterable[Delivery],
    rules: AdjustmentRules,
    directory: PayerDirectory,
    rate_for: RateFor | None = None,
    claims: Iterable[SubmittedClaim] = (),
) -> tuple[Denial, ...]:
    """Find one record per denied line over all remits, sorted by payer, claim and line.

    The order of arrival does not matter, nor does a remit that was delivered twice. `rate_for` lets paid
    lines be held against the contract; `claims` as submitted tell which claim replaced which, and what else
    was billed on a day.
    """
    return examine(arrived, rules, directory, rate_for, claims).denials


def examine(
    arrived: Iterable[Delivery],
    rules: AdjustmentRules,
    directory: PayerDirectory,
    rate_for: RateFor | None = None,
    claims: Iterable[SubmittedClaim] = (),
) -> Examination:
    """Find the denials as `find_denials` does, and say of every other line why it is none."""
    return find_all(arrived, rules, directory, rate_for, claims).examination


def find_all(
    arrived: Iterable[Delivery],
    rules: AdjustmentRules,
    directory: PayerDirectory,
    rate_for: RateFor | None = None,
    claims: Iterable[SubmittedClaim] = (),
) -> Found:
    """Examine as `examine` does, and keep the answers each denial was found by."""
    submitted = tuple(claims)
    received = distinct(arrived, directory)
    judge = _Judge(rules, ServicesOfDay(received, directory, submitted), rate_for)
    recoveries = Recoveries(received)
    denials: list[Denial] = []
    others: list[NotDenied] = []
    trails: list[Trail] = []
    threads = claim_threads(received, directory, submitted)
    for answers in threads.values():
        net(answers)
        stated: set[int] = set()
        for key, judged, states in _claim(answers, judge):
            about = recoveries.about(answers) if states else ()
            for state in states:
                denial = write_denial(state, key, judged, about, judge.rate(state.by))
                denials.append(denial)
                trails.append(_trail(denial.denial_id, state, judged, answers, key))
                stated.update(id(j) for j in judged if j.verdict.kind is not None)
            others.extend(_not_denied(j) for j in judged if j.line is not None and id(j) not in stated)
    denials.sort(key=_sort_key)
    others.sort(key=lambda n: (n.file, n.claim_id, n.payer_claim_number, n.position))
    trails.sort(key=lambda trail: trail.denial_id)
    return Found(Examination(tuple(denials), tuple(others)), received, threads, tuple(trails))


def _trail(denial_id: str, state: DenialState, judged: list[Judged], answers: list[Answer], key: str) -> Trail:
    ordered = tuple(sorted(judged, key=lambda j: j.order))
    whole = key == _CLAIM_LEVEL
    return Trail(denial_id, ordered, tuple(answers), state.reversal, whole=whole, duplicate=state.duplicate)


class _Judge:
    """Judges lines and claims of an answer with the tables, the day's services and the contract at hand."""

    def __init__(self, rules: AdjustmentRules, services: ServicesOfDay, rate_for: RateFor | None) -> None:
        self._rules = rules
        self._services = services
        self._rate_for = rate_for

    def line(self, entry: Entry) -> Judged:
        answer, line = entry.answer, entry.line
        setting = Setting(
            payer=answer.payer.payer,
            filing=answer.claim.filing,
            codes=line_codes(line),
            same_day=self._services.of(answer.payer.key, answer.claim, line) if line.adjustments else frozenset(),
            rate=self._rate(answer, billed_code(line), service_day(line, answer.claim)),
        )
        verdict = assess_line(line, answer.claim, setting, self._rules)
        return Judged(answer, line, verdict, self._duplicate(verdict), entry.position)

    def claim(self, answer: Answer) -> Judged:
        claim = answer.claim
        codes = tuple(dict.fromkeys(code for line in claim.lines for code in line_codes(line)))
        setting = Setting(payer=answer.payer.payer, filing=claim.filing, codes=codes, same_day=frozenset(codes))
        verdict = assess_claim_level(claim, setting, self._rules)
        return Judged(answer, None, verdict, self._duplicate(verdict))

    def rate(self, judged: Judged) -> Decimal | None:
        """Return the contracted rate of a judged line on its day; None for a claim as a whole."""
        line, answer = judged.line, judged.answer
        return self._rate(answer, billed_code(line), service_day(line, answer.claim)) if line is not None else None

    def _rate(self, answer: Answer, code: str, day: date | None) -> Decimal | None:
        if self._rate_for is None or answer.payer.payer is None or day is None:
            return None
        return self._rate_for(answer.payer.payer.id, code, day)

    def _duplicate(self, verdict: Verdict) -> bool:
        return bool(verdict.adjustments) and all(
            self._rules.category(a.carc) == _DUPLICATE for a in verdict.adjustments
        )


def _claim(answers: list[Answer], judge: _Judge) -> Iterator[tuple[str, list[Judged], list[DenialState]]]:
    """Yield, for the claim as a whole and for each line, its key, its judged answers and its denials."""
    whole = [judge.claim(answer) for answer in answers]
    threads = [(t.key, [judge.line(entry) for entry in t.entries]) for t in line_threads(answers)]
    refusing = {id(j.answer) for _, judged in threads for j in judged if j.verdict.kind and not j.duplicate}
    bare = not threads
    if bare or any(j.verdict.kind is not None for j in whole):
        yield _CLAIM_LEVEL, whole, [s for s in stand(whole) if bare or not _told_by_lines(s, whole, refusing)]
    for key, judged in threads:
        yield key, judged, [s for s in stand(judged) if not _told_by_claim(s, whole, judged)]


def _told_by_lines(state: DenialState, whole: list[Judged], refusing: set[int]) -> bool:
    """Tell whether a denial of the whole claim was answered line by line since, or is a line's matter."""
    if state.reversal is not None:
        return True
    if state.duplicate:
        return False
    return any(j.order > state.by.order and id(j.answer) in refusing and not j.cancelled for j in whole)


def _told_by_claim(state: DenialState, whole: list[Judged], judged: list[Judged]) -> bool:
    """Tell whether a later answer that denies the whole claim has replaced the denial of this line."""
    if state.duplicate or state.outcome != "open":
        return False
    last = max(j.order for j in judged)
    own = {id(j.answer) for j in judged}
    return any(
        j.verdict.kind is not None and not j.duplicate and not j.cancelled and j.order > state.by.order
        for j in whole
        if id(j.answer) in own or (not j.answer.claim.lines and j.order >= last)
    )


def _not_denied(judged: Judged) -> NotDenied:
    answer, line = judged.answer, judged.line
    assert line is not None
    return NotDenied(
        answer.header.file,
        answer.claim.claim_id,
        answer.claim.payer_claim_number,
        judged.position,
        line.hcpcs,
        service_day(line, answer.claim),
        line.charge,
        line.paid,
        line.line_control,
        judged.verdict.standing,
        judged.verdict.why,
    )


def _sort_key(denial: Denial) -> tuple[str, str, int, str]:
    position = denial.line.position if denial.line is not None else 0
    return (denial.remit.payer_id or "", denial.remit.claim_id, position, denial.denial_id)
