"""The chance that a denial is overturned, learned from those whose fight is over, with shrinkage.

Three levels: the remedy, the cause under it, the payer under that. Each level starts from the one above and is
outweighed by its own outcomes: mean = (strength × mean above + recovered shares) / (strength + outcomes), a
beta-binomial. An outcome counts once, at the deepest level it shares with the case: another payer's outcome moves the
cause's level, another cause's the remedy's. So a payer without outcomes has the cause's chance, and a cause without
outcomes the remedy's.
"""

from collections.abc import Iterable
from decimal import Decimal
from math import fsum
from typing import Annotated, NamedTuple

from pydantic import Field

from agent.worth.assumptions import Assumptions, assumptions
from agent.worth.beta import beta_quantile
from knowledge.types.diagnosis import Remedy
from knowledge.types.outcomes import Settled
from knowledge.types.practice import Frozen

Probability = Annotated[float, Field(ge=0, le=1)]


class Chance(Frozen):
    """The chance of recovering the amount (0..1), its interval, and what it rests on.

    `outcomes` are those of the same payer, cause and remedy; `of_cause` of the same cause and remedy with any payer,
    `of_remedy` of the remedy for any cause, each with those before in it. `few`: fewer than the stated count.
    """

    mean: Probability
    low: Probability
    high: Probability
    outcomes: int
    of_cause: int
    of_remedy: int
    few: bool
    says: str


class _Tally(NamedTuple):
    """Outcomes and the share of the money they brought, added up."""

    outcomes: int = 0
    recovered: float = 0.0

    def less(self, other: "_Tally") -> "_Tally":
        return _Tally(self.outcomes - other.outcomes, max(self.recovered - other.recovered, 0.0))


class Chances:
    """What the practice's outcomes say. Made from any order of them; the same denial counts once."""

    def __init__(self, settled: Iterable[Settled] = (), known: Assumptions | None = None) -> None:
        """Count the outcomes; `known` are the starting assumptions, those of the file when left out."""
        self._known = known or assumptions()
        self._cache: dict[tuple[str, str, str], Chance] = {}
        shares: dict[tuple[str, ...], list[float]] = {}
        for one in _each_once(settled):
            share = recovered_share(one)
            for depth in (1, 2, 3):
                shares.setdefault((one.remedy, one.root_cause, one.payer_key)[:depth], []).append(share)
        # fsum does not depend on the order of what it adds.
        self._tallies = {key: _Tally(len(held), fsum(held)) for key, held in shares.items()}

    def of(self, remedy: Remedy, root_cause: str, payer_key: str) -> Chance:
        """Return the chance for a denial of this payer and cause by this remedy."""
        key = (remedy, root_cause, payer_key)
        if key not in self._cache:
            self._cache[key] = self._learned(remedy, root_cause, payer_key)
        return self._cache[key]

    def _learned(self, remedy: Remedy, root_cause: str, payer_key: str) -> Chance:
        known, start = self._known, self._known.remedies[remedy].chance
        by_remedy = self._tallies.get((remedy,), _Tally())
        by_cause = self._tallies.get((remedy, root_cause), _Tally())
        by_payer = self._tallies.get((remedy, root_cause, payer_key), _Tally())
        mean, low, high = start, start, start
        if start > 0:  # a remedy that recovers nothing has nothing to learn: what came back came by another
            above = _mean(start, known.strengths.remedy, by_remedy.less(by_cause))
            above = _mean(above, known.strengths.cause, by_cause.less(by_payer))
            mean = _mean(above, known.strengths.payer, by_payer)
            weight = known.strengths.payer + by_payer.outcomes
            tail = (1 - known.interval) / 2
            low = beta_quantile(tail, mean * weight, (1 - mean) * weight)
            high = beta_quantile(1 - tail, mean * weight, (1 - mean) * weight)
        few = by_payer.outcomes < known.few
        return Chance(
            mean=mean,
            low=low,
            high=high,
            outcomes=by_payer.outcomes,
            of_cause=by_cause.outcomes,
            of_remedy=by_remedy.outcomes,
            few=few,
            says=_says(by_payer.outcomes, by_cause.outcomes, by_remedy.outcomes, few, start),
        )


def recovered_share(settled: Settled) -> float:
    """Return which share of the money an outcome brought: all of it when won, none when lost, else by the dollar.

    Won is won though the payer pays its contracted rate and not the charge.
    """
    if settled.ending == "won":
        return 1.0
    if settled.ending == "lost" or settled.at_stake <= 0:
        return 0.0
    return float(min(max(settled.recovered / settled.at_stake, Decimal(0)), Decimal(1)))


def _each_once(settled: Iterable[Settled]) -> list[Settled]:
    """Keep the last ending of each denial, whatever order they come in."""
    last: dict[str, Settled] = {}
    for one in settled:
        held = last.get(one.denial_id)
        if held is None or _when(one) > _when(held):
            last[one.denial_id] = one
    return list(last.values())


def _when(one: Settled) -> tuple[str, str]:
    return one.ended_on.isoformat(), one.model_dump_json()


def _mean(above: float, strength: float, tally: _Tally) -> float:
    return min(max((strength * above + tally.recovered) / (strength + tally.outcomes), 0.0), 1.0)


def _says(here: int, of_cause: int, of_remedy: int, few: bool, start: float) -> str:
    if start == 0:
        return "This remedy recovers nothing"
    if of_remedy == 0:
        return "Too few outcomes: none of this remedy yet, so a starting assumption"
    told = f"{_count(here)} of this payer and cause, {of_cause} of the cause, {of_remedy} of the remedy"
    return f"Too few outcomes: {told}" if few else told[:1].upper() + told[1:]


def _count(outcomes: int) -> str:
    return "1 outcome" if outcomes == 1 else f"{outcomes} outcomes"
