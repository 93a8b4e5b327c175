"""Whether a document that its author must sign is signed: what it says, an empty line for the name, its status."""

import re

from knowledge.types.chart import Document

_SIGNED = re.compile(
    r"\b(?:electronically|digitally|e-?)\s?-?signed\b|\bsigned (?:by|electronically)\b|\bsigned:?\s+[A-Z]"
    r"|\bauthenticated by\b|/s/|\battested by\b",
    re.IGNORECASE,
)
_UNSIGNED = re.compile(
    r"\b(?:unsigned|not (?:yet )?(?:been )?signed|awaiting (?:\w+ )?signature|signature (?:is )?(?:pending"
    r"|missing)|pending signature"
    r"|needs? (?:\w+ )?signature|never signed|without (?:a )?signature|unauthenticated|draft,? not signed"
    r"|preliminary,? not authenticated)\b",
    re.IGNORECASE,
)
_EMPTY_LINE = re.compile(
    r"^[ \t]*(?:(?:ordering |treating |attending |authorizing |prescribing )?(?:provider|physician"
    r"|practitioner|prescriber|clinician|md)(?:'?s)? ?(?:signature|name)?"
    r"|(?:electronic )?signature|signed(?: by)?|sign(?:ed)? off(?: by)?|authenticated by|electronically signed(?: by)?)"
    r"[ \t]*:[ \t_.]*(?:(?:credentials?|date|time|date/time|dated|date signed)[ \t]*:?[ \t_./]*)*$",
    re.IGNORECASE | re.MULTILINE,
)


def signature_fault(document: Document) -> str:
    """Return the words that show a document is not signed, "" when it is signed or does not tell.

    A line for the signature that is left empty, words that say so, or a status of `preliminary`; a document without
    any of them may have been signed elsewhere.
    """
    says = _UNSIGNED.search(document.text)
    empty = _EMPTY_LINE.search(document.text)
    if empty is not None and not _SIGNED.search(document.text[: empty.start()] + document.text[empty.end() :]):
        return empty.group().strip()
    if says is not None and not _SIGNED.search(document.text):
        return says.group()
    return ""


def is_signed(document: Document) -> bool:
    """Tell whether a document carries a signature in its text."""
    return _SIGNED.search(document.text) is not None and not signature_fault(document)
