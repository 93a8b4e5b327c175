"""Whether a charted drug is the drug asked about: by code, or by name where no code is charted."""

import re
from collections.abc import Iterable

from knowledge.types.practice import Frozen


class DrugAsked(Frozen):
    """A drug to look for: `hcpcs` ("" = any code) and its names, generic and brand, in any case.

    A resource with another HCPCS code never matches by name when a code is asked for: one substance may have
    several codes, and which was given is the question. Ask by names alone to see all of them.
    """

    hcpcs: str = ""
    names: tuple[str, ...] = ()

    def matches(self, hcpcs: str, drug: str) -> bool:
        """Tell whether a resource with this code and this name is the drug asked about."""
        if self.hcpcs and hcpcs:
            return hcpcs.upper() == self.hcpcs.upper()
        return names_in(drug, self.names) != ()


def names_in(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the names that stand in `text` as whole words, in any case, each as it was asked for."""
    return tuple(
        name
        for name in dict.fromkeys(names)
        if name.strip() and re.search(rf"(?<![\w-]){re.escape(name.strip())}(?!\w)", text, re.IGNORECASE)
    )
