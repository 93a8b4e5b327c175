"""Put an authorization number where the guide has it: REF*G1 of the claim (2300) or of one line (2400)."""

from knowledge.types.corrections import SetAuthorization
from tools.corrected_claim.draft import Draft, element, references

_LONGEST = 50  # REF02


def set_authorization(draft: Draft, change: SetAuthorization) -> None:
    """Write the number, in place of the one that stands there.

    A line's REF*G1 with REF04 belongs to another payer and stays. Raises CorrectionRefused for a number that
    is blank, too long or not writable, and when several numbers stand there already.
    """
    number = change.number
    if change.line is None:
        loop, within = "2300", draft.head
        _tell_of_lines(draft, number)
    else:
        line = draft.line(change.line)
        loop, within = line.loop, line.segments
    draft.check_value(number, _LONGEST, "authorization number", loop)
    ours = [segment for segment in references(within, loop.split()[0], "G1") if not element(segment, 4)]
    if len(ours) > 1:
        there = ", ".join(element(segment, 2) for segment in ours)
        what = f"{len(ours)} authorization numbers stand there already ({there})"
        raise draft.refusal("several-authorizations", what, "a person must say which one it replaces", loop)
    if not ours:
        draft.insert(loop, within, ["REF", "G1", number], change)
    elif element(ours[0], 2) == number:
        draft.note("info", "already-so", f"authorization {number} is on the claim already", loop)
    else:
        draft.set(loop, ours[0], 2, number, change)


def _tell_of_lines(draft: Draft, number: str) -> None:
    """A line's own number goes before the claim's, so one that differs is worth a look."""
    for line in draft.lines:
        for reference in references(line.segments, "2400", "G1"):
            if not element(reference, 4) and element(reference, 2) != number:
                says = f"the line keeps authorization {element(reference, 2)}, which goes before the claim's {number}"
                draft.note("warning", "line-authorization-differs", says, line.loop)
