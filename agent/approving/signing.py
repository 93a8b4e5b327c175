"""The signature block of a final copy: who signed, on which day, and who approved it."""

import re

from agent.approving.refusal import ApprovalRefused
from agent.diagnosis.printed import day
from knowledge.records import Review
from knowledge.types.letters import LetterContent, Signature
from knowledge.types.practice import Practice, Provider

PHYSICIAN = "Treating physician"
"""The role of a letter's signer, where a physician must sign it."""

_TITLES = frozenset({"dr", "doctor", "md", "do", "np", "pa", "phd", "mbbs"})


def needs_physician(content: LetterContent | None) -> bool:
    """Tell whether a letter may only go with a physician's signature."""
    return content is not None and content.signature.role == PHYSICIAN


def signed_letter(content: LetterContent, practice: Practice, review: Review | None) -> LetterContent:
    """Return the letter as it goes: no draft, with its signature block filled in; `review` None = by policy.

    Raises:
        ApprovalRefused: a physician must sign, and whose signature was obtained is not said or is nobody of the
            practice.
    """
    signature = content.signature
    if review is None:
        if needs_physician(content):
            raise ApprovalRefused("a physician must sign this letter: it cannot be released by policy")
        approved = f"Released by the practice's review policy, {day(content.date)}"
        return _final(content, signature.model_copy(update={"approved": approved}))
    on = review.at.date()
    by = f"{review.by} ({review.role})" if review.role else review.by
    update = {"signed_on": on, "approved": f"Approved by {by}, {day(on)}"}
    if needs_physician(content):
        provider = _physician(review.signed_by, practice)
        name, npi = (provider.name, provider.npi) if provider else (str(review.signed_by).strip(), "")
        update |= {"name": name, "npi": npi, "signed": f"Signed by {name}"}
    else:
        update["signed"] = f"Signed by {(review.signed_by or review.by).strip()}"
    return _final(content, signature.model_copy(update=update))


def check_provider_signed(signed_by: str | None, practice: Practice, why: str) -> None:
    """Refuse an approval that names no provider of the practice as having signed, where one must have.

    Raises:
        ApprovalRefused: nobody is named, or nobody of the practice.
    """
    if not signed_by or not signed_by.strip():
        raise ApprovalRefused(f"{why}: say which provider signed it (--signed-by NAME, signed_by)")
    _physician(signed_by, practice)


def _final(content: LetterContent, signature: Signature) -> LetterContent:
    return content.model_copy(update={"draft": False, "signature": signature})


def _physician(signed_by: str | None, practice: Practice) -> Provider | None:
    """Find who signed among the practice's providers; None where the practice names none at all."""
    if not signed_by or not signed_by.strip():
        raise ApprovalRefused(
            "a physician must sign this letter: say whose signature was obtained (--signed-by NAME, signed_by)"
        )
    if not practice.providers:
        return None
    found = [one for one in practice.providers if _words(one.name) == _words(signed_by)]
    if len(found) != 1:
        names = ", ".join(sorted(one.name for one in practice.providers))
        raise ApprovalRefused(f"{signed_by} is no provider of the practice; the letter can be signed by {names}")
    return found[0]


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", name.casefold())) - _TITLES
