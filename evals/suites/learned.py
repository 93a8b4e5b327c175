"""What learned rules do to the answers: a practice with a payer that deviates from its labels, without and with rules.

The rule is the one a biller's correction of such a case proposes. It has to make the cases of that payer right, spoil
none, and lower no review.
"""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from evals.labels import load_practices
from evals.learned.effect import Changed, RulesFile, effect, read_rules, worse
from evals.split import load_split
from evals.suites import SuiteReport
from evals.suites.prediction import development

DEVIATING = Path(__file__).parents[1] / "learned" / "cascade.json"


def run() -> SuiteReport:
    """Measure the rules of the deviating payer on the practice that bills it."""
    given = read_rules(DEVIATING)
    return measured(given, tuple(dict.fromkeys(one.practice for one in given.deviations)))


def measured(given: RulesFile, practices: tuple[str, ...] | None) -> SuiteReport:
    """Work practices (None: all of development) without and with rules; one that spoils a case is a failure named."""
    judged, changed = 0, list[Changed]()
    for practice in load_practices(names=practices or development(load_split())):
        with tempfile.TemporaryDirectory(prefix="overturn-learned-") as home:
            count, found = effect(practice, given, Path(home), lambda: datetime.now(UTC))
        judged += count
        changed += found
    by_rule = worse(changed)
    harmful = [
        f"{rule} makes things worse: {spoilt} right answers spoilt, {better} wrong ones put right"
        for rule, (better, spoilt) in by_rule.items()
        if spoilt
    ]
    harmful += [
        f"{one.practice} {one.claim_id}: a review was lowered by {', '.join(one.rules)}"
        for one in changed
        if one.lowered
    ]
    told = tuple(
        f"{one.practice} {one.claim_id} {one.denial_id}: {one.before} -> {one.after} by {', '.join(one.rules)}; "
        f"right {'yes' if one.right_before else 'no'} -> {'yes' if one.right_after else 'no'}"
        for one in changed
    )
    figures = {
        "changed": float(len(changed)),
        "right_before": float(sum(one.right_before for one in changed)),
        "right_after": float(sum(one.right_after for one in changed)),
        **{f"{rule}.put_right": float(better) for rule, (better, _) in by_rule.items()},
        **{f"{rule}.spoilt": float(spoilt) for rule, (_, spoilt) in by_rule.items()},
    }
    return SuiteReport(tried=judged, failed=len(harmful), failures=(*harmful, *told), figures=figures)
