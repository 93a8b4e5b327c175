"""Take a line off a claim whose record does not show what the line bills: only a person decides that."""

from knowledge.types.corrections import RemoveLine
from tools.corrected_claim.draft import Draft


def remove_line(draft: Draft, change: RemoveLine) -> None:
    """Take the line off with all that belongs to it; the others are numbered anew, the total is summed again.

    Raises CorrectionRefused without a person, for the claim's only line (that is a void), and where another payer has
    adjudicated the line.
    """
    line = draft.line(change.line)
    if not change.decided_by:
        what = "taking a line off a claim needs a person"
        draft.leave_to_person(what, "have a certified coder decide and name them", line.loop)
    if len(draft.lines) == 1:
        what = "it is the claim's only line"
        raise draft.refusal("last-line", what, "void the claim instead", line.loop)
    if line.has("SVD"):
        what = "another payer has adjudicated this line (2430)"
        raise draft.refusal("other-payer-adjudicated", what, "correct the claim with that payer first", line.loop)
    for segment in line.segments:
        draft.keep_removed(line.loop, segment, change)
    draft.lines.remove(line)
