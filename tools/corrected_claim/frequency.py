"""Say what the file is: a new claim (1), a replacement (7) or a void (8), and of which claim."""

from knowledge.types.corrections import Change, CorrectionMode, SetOriginal
from knowledge.types.practice import Payer
from tools.corrected_claim.draft import Draft, element, part, references

_FREQUENCY = {"new": "1", "replacement": "7", "void": "8"}
_LONGEST = 50  # REF02
_WHY = {
    "new": Change(why="Sent as a new claim: the payer did not accept the first one for processing"),
    "replacement": Change(why="Replaces the claim the payer has under its number"),
    "void": Change(why="Takes back the claim the payer has under its number"),
}


def set_frequency(
    draft: Draft,
    mode: CorrectionMode,
    payer_claim_number: str,
    original: SetOriginal | None = None,
) -> None:
    """Write CLM05-3 and REF*F8. `payer_claim_number` is CLP07 of the remit; not used for a new claim.

    `original` names another claim of the payer than the one answered: the one this claim was meant to replace.

    Raises CorrectionRefused when the number is missing or malformed, when the claim as sent was itself a
    void, and when it already replaced a claim of another number.
    """
    claim = draft.head[0]
    why: Change = original or _WHY[mode]
    payer_claim_number = original.number if original else payer_claim_number
    sent = part(draft, claim, 5, 3)
    existing = references(draft.head, "2300", "F8")
    if mode != "new":
        _check(draft, sent, [element(reference, 2) for reference in existing], payer_claim_number)
    draft.set("2300", claim, 5, _FREQUENCY[mode], why, component=3)
    if mode == "new":
        for reference in existing:
            draft.take_out("2300", draft.head, reference, why)
    elif existing:
        draft.set("2300", existing[0], 2, payer_claim_number, why)
    else:
        draft.insert("2300", draft.head, ["REF", "F8", payer_claim_number], why)


def check_payer(draft: Draft, mode: CorrectionMode, payer: Payer | None) -> None:
    """Refuse to replace or void a claim with a payer that does not take it, and tell where that is unknown.

    Medicare Part B contractors return professional claims of frequency 7 and 8: a clerical-error reopening is the
    way there (domain facts, section 5), unless the practice's own setting says otherwise.
    """
    if mode == "new" or payer is None or payer.replacement_claims:
        return
    if payer.replacement_claims is False or payer.line_of_business == "medicare_ffs":
        what = f"{payer.name} takes no {mode} of a professional claim (frequency {_FREQUENCY[mode]})"
        raise draft.refusal("payer-takes-none", what, "ask for a reopening, or send a new claim", "2300")
    says = f"it is not known whether {payer.name} takes frequency {_FREQUENCY[mode]}; set replacement_claims"
    draft.note("warning", "replacement-unknown", says, "2300")


def _check(draft: Draft, sent: str, existing: list[str], number: str) -> None:
    draft.check_value(number, _LONGEST, "payer claim number (CLP07 of the remit)", "2300")
    if sent not in ("", "1", "7"):
        what = f"the claim as sent has frequency {sent!r}; only an original or a replacement can be replaced"
        raise draft.refusal("frequency-not-replaceable", what, "a person must look at what was sent", "2300")
    other = [value for value in existing if value != number]
    if other and sent == "7":
        what = f"the claim as sent already replaces {', '.join(other)}, not {number}"
        raise draft.refusal("replaces-another", what, "a person must say which decision stands", "2300")
    if len(existing) > 1:
        what = f"several payer claim numbers stand on the claim ({', '.join(existing)})"
        raise draft.refusal("replaces-another", what, "a person must say which one it replaces", "2300")
