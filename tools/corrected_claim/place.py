"""Write where the service took place: CLM05-1 of the claim, and SV105 of lines that said the same."""

import re

from knowledge.types.corrections import SetPlace
from tools.corrected_claim.draft import Draft, element, part

_PLACE = re.compile(r"[0-9]{2}")


def set_place(draft: Draft, change: SetPlace) -> None:
    """Write the place of service of the claim and of every line that repeats the claim's.

    A line with a place of its own keeps it. A service facility (NM1*77) stays as sent, and is told. Raises
    CorrectionRefused for a place that is not two digits.
    """
    if _PLACE.fullmatch(change.place) is None:
        what = f"{change.place!r} is no place of service (two digits)"
        raise draft.refusal("place-malformed", what, "give it as the code set has it", "2300")
    claim = draft.head[0]
    sent = part(draft, claim, 5, 1)
    draft.set("2300", claim, 5, change.place, change, component=1)
    for line in draft.lines:
        stated = element(line.service, 5)
        if stated == sent:
            draft.set(line.loop, line.service, 5, change.place, change)
        elif stated and stated != change.place:
            draft.note("warning", "line-place-differs", f"the line keeps place of service {stated}", line.loop)
    if any(segment[0] == "NM1" and element(segment, 1) == "77" for segment in draft.head):
        says = "the claim names a service facility (NM1*77), which stays: check it against the new place"
        draft.note("warning", "facility-as-sent", says, "2310C")
