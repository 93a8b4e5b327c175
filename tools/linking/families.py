"""Which codes are the same drug: a biosimilar and its reference product, one maker's product and another's."""

import re
from datetime import date

from knowledge.codes import HcpcsTable

# A biological product's own suffix: four letters after a hyphen (bevacizumab-bvzr). "protein-bound" is none.
_SUFFIX = re.compile(r"-[a-z]{4}\b")
_MAKER_OR_ROUTE = re.compile(r"\s*\(.*?\)|\s+NOS\b|\s+(?:non-)?ESRD\b")


def drug_family(hcpcs: str, on: date, table: HcpcsTable) -> str | None:
    """Return the drug a code stood for on a day, without product suffix, maker and added hyaluronidase.

    None when the table does not hold the code, or holds it for no one drug (unclassified codes).
    """
    drug = table.lookup(hcpcs, on)
    if drug is None or not drug.generic or drug.code in table.unclassified:
        return None
    name = _MAKER_OR_ROUTE.sub("", drug.generic)
    return _SUFFIX.sub("", name.split(" + ")[0]).strip().casefold() or None
