"""State a test result on a line: the hemoglobin or hematocrit an anemia drug is judged by (MEA*TR, loop 2400)."""

from decimal import Decimal

from knowledge.types.corrections import SetTestResult
from tools.corrected_claim.draft import Draft, element, number_like
from tools.corrected_claim.order import loop_end

_BOUNDS = {"R1": (Decimal(3), Decimal(25)), "R2": (Decimal(9), Decimal(75))}
"""What a living patient's result can be: hemoglobin in g/dL, hematocrit in percent. Anything else is another unit."""


def set_test_result(draft: Draft, change: SetTestResult) -> None:
    """Write the result, in place of one of the same test that stands on the line.

    Raises CorrectionRefused for a value no patient has, which is one in another unit.
    """
    line = draft.line(change.line)
    low, high = _BOUNDS[change.test]
    if not low <= change.value <= high or change.value != change.value.quantize(Decimal("0.1")):
        what = f"{change.value} is no result of {change.test} (from {low} to {high}, one decimal)"
        raise draft.refusal("result-malformed", what, "give hemoglobin in g/dL, hematocrit in percent", line.loop)
    own = line.segments[: loop_end("2400", line.segments)]
    value = number_like("", change.value)
    for segment in own:
        if segment[0] == "MEA" and element(segment, 1) == "TR" and element(segment, 2) == change.test:
            draft.set(line.loop, segment, 3, value, change)
            return
    draft.insert(line.loop, line.segments, ["MEA", "TR", change.test, value], change)
