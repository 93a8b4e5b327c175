"""National drug codes: the 11-digit form on a claim, and what cannot be told from ten digits."""

import re

NDC_UNITS = ("UN", "ML", "GR", "ME", "F2")
"""CTP05-1 of loop 2410: each, millilitre, gram, milligram, international unit (837P guide, loop 2410)."""

_PADDED = {(4, 4, 2): (5, 4, 2), (5, 3, 2): (5, 4, 2), (5, 4, 1): (5, 4, 2), (5, 4, 2): (5, 4, 2)}


def normalize_ndc(text: str) -> str | None:
    """Return the 11 digits of an NDC in 5-4-2 form, without dashes.

    4-4-2, 5-3-2 and 5-4-1 with dashes are padded in the short segment; 11 digits stand as they are. Ten
    digits without dashes fit three forms, so they are None here: see `ndc_candidates`. Anything else is
    None.
    """
    written = text.strip()
    if re.fullmatch(r"\d{11}", written):
        return written
    parts = re.split(r"[-\s]", written)
    if len(parts) != 3 or not all(re.fullmatch(r"[0-9]+", part) for part in parts):
        return None
    labeler, product, package = parts
    lengths = (len(labeler), len(product), len(package))
    if lengths not in _PADDED:
        return None
    return f"{labeler:0>5}{product:0>4}{package:0>2}"


def ndc_candidates(text: str) -> tuple[str, ...]:
    """Return every 11-digit NDC `text` can stand for: one when certain, up to three for ten digits."""
    certain = normalize_ndc(text)
    if certain is not None:
        return (certain,)
    digits = text.strip()
    if not re.fullmatch(r"[0-9]{10}", digits):
        return ()
    forms = (
        f"0{digits}",
        f"{digits[:5]}0{digits[5:]}",
        f"{digits[:9]}0{digits[9:]}",
    )
    return tuple(dict.fromkeys(forms))


def is_claim_ndc(text: str) -> bool:
    """Tell whether `text` may stand in LIN03 as it is: exactly 11 digits, no dashes, not all zeros."""
    return bool(re.fullmatch(r"[0-9]{11}", text)) and text.strip("0") != ""


def is_ndc_unit(text: str) -> bool:
    """Tell whether `text` is a unit loop 2410 accepts for an NDC quantity."""
    return text in NDC_UNITS


def same_product(one: str, other: str) -> bool:
    """Tell whether two NDCs of 11 digits are one product: labeler and product alike, whatever the package."""
    return len(one) == len(other) == 11 and one[:9] == other[:9]
