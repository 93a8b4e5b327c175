"""What a product is made as: a solution of one strength, or a powder in vials (`product_forms.csv`).

Only drugs sold in one form and, as solutions, in one strength: where labels differ, the product's own NDC must tell.
The NDC quantity of a solution is in millilitres, that of a powder in vials (domain facts 4.6).
"""

import csv
import re
from collections.abc import Collection
from decimal import Decimal
from functools import cache
from importlib.resources import files

from tools.dosing.ndc_quantity import Item

_BIOSIMILAR = re.compile(r"-[a-z]{4}\b")  # the suffix FDA gives biologics: pembrolizumab has none, -awwb is one
_MAKER = re.compile(r"\s*\([^)]*\)")


@cache
def _forms() -> dict[str, tuple[str, Decimal | None]]:
    text = files(__package__).joinpath("product_forms.csv").read_text(encoding="ascii")
    rows = csv.DictReader(text.splitlines())
    return {row["name"]: (row["unit"], Decimal(row["mg_per_ml"]) if row["mg_per_ml"] else None) for row in rows}


def plain_name(generic: str) -> str:
    """Return a drug's name without maker, route and biosimilar suffix.

    >>> plain_name("bevacizumab-awwb"), plain_name("daratumumab + hyaluronidase-fihj (SC)")
    ('bevacizumab', 'daratumumab + hyaluronidase')
    """
    return _BIOSIMILAR.sub("", _MAKER.sub("", generic.lower())).strip()


def form_of(generic: str) -> str:
    """Return the unit of a drug's NDC quantity, ML or UN; blank where the table does not have it."""
    return _forms().get(plain_name(generic), ("", None))[0]


def product_item(generic: str, vials: Collection[Decimal], used: Decimal, exactly: bool) -> Item | None:
    """Return one item of the drug's product, in mg; None where it cannot be told.

    `vials` are the sizes sold, in mg, `used` what was given and discarded, in mg. `exactly`: the chart accounts for
    what was discarded, so `used` fills whole vials. Powders are sold in several sizes and one NDC is one size: with
    several, the one is taken that alone fills up to what was used.
    """
    unit, strength = _forms().get(plain_name(generic), ("", None))
    if unit == "ML" and strength is not None:
        return Item(amount=strength, contents=Decimal(1), unit="ML")
    if unit != "UN" or used <= 0:
        return None
    sizes = sorted(set(vials))
    if exactly:
        sizes = [size for size in sizes if size > 0 and used % size == 0]
    return Item(amount=sizes[0], contents=Decimal(1), unit="UN") if len(sizes) == 1 else None
