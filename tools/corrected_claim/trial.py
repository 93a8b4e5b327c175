"""Name the clinical trial a claim belongs to: its registry number in REF*P4 of the claim (2300)."""

import re

from knowledge.types.corrections import SetTrial
from tools.corrected_claim.draft import Draft, element, references

_NUMBER = re.compile(r"[0-9]{8}")


def set_trial(draft: Draft, change: SetTrial) -> None:
    """Write the registry's eight digits, without the letters NCT (Medicare claims manual 32, section 69).

    Raises CorrectionRefused for anything but eight digits, and where the claim names another trial already.
    """
    if _NUMBER.fullmatch(change.number) is None:
        what = f"{change.number!r} is no trial number (eight digits, without NCT)"
        raise draft.refusal("trial-malformed", what, "take it from the protocol or the consent", "2300")
    named = references(draft.head, "2300", "P4")
    if not named:
        draft.insert("2300", draft.head, ["REF", "P4", change.number], change)
        return
    there = [element(reference, 2) for reference in named]
    if len(named) > 1 or re.sub(r"\D", "", there[0]) != change.number:
        what = f"the claim names {', '.join(there)} already (REF*P4)"
        raise draft.refusal("another-trial", what, "a person must say which trial it belongs to", "2300")
    draft.set("2300", named[0], 2, change.number, change)
