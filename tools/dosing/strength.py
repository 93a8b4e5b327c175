"""A vial's strength as a record of the day writes it: "two 5 mL vials (100 mg each)", "100 mg/5 mL vial".

Only where the words speak of a vial, ampul or syringe: "200 mg in 250 mL" is what was hung, not what was opened.
"""

import re
from collections.abc import Iterable
from decimal import Decimal

_N = r"(\d+(?:\.\d+)?)"
_HOLDER = r"(?:single[- ](?:dose|use) )?(?:vial|ampu?le?|ampoule|prefilled syringe|syringe)s?"
_ML_FIRST = re.compile(
    rf"{_N} ?-?ml {_HOLDER}\s*(?:\(|of\b|with\b|containing\b|each\b|,|:)?\s*{_N} ?mg\b", re.IGNORECASE
)
_MG_FIRST = re.compile(rf"{_N} ?mg ?(?:/|per|in) ?(?:{_N} ?)?ml (?:\w+ ){{0,2}}?{_HOLDER}", re.IGNORECASE)
_HOLDER_FIRST = re.compile(rf"{_HOLDER}\s*(?:\(|of\b|,|:)?\s*{_N} ?mg ?(?:/|per|in) ?(?:{_N} ?)?ml\b", re.IGNORECASE)


def noted_strengths(texts: Iterable[str]) -> frozenset[Decimal]:
    """Return every strength, in mg per mL, that the texts give to a vial; more than one is for a person to settle.

    >>> sorted(noted_strengths(["two 5 mL vials (100 mg each)"]))
    [Decimal('20')]
    """
    found = set()
    for text in texts:
        found |= {Decimal(mg) / Decimal(ml) for ml, mg in _ML_FIRST.findall(text) if Decimal(ml)}
        pairs = (*_MG_FIRST.findall(text), *_HOLDER_FIRST.findall(text))
        found |= {Decimal(mg) / Decimal(ml or 1) for mg, ml in pairs if Decimal(ml or 1)}
    return frozenset(found)
