"""Read the segments of an 835 that stand between and after the claims: LX, TS3, TS2 and PLB."""

from decimal import Decimal

from knowledge.types.reading import Place
from knowledge.types.remit import ProviderAdjustment, ProviderSummary
from tools.x12.notes import Notes
from tools.x12.values import BadValueError, amount_of

OUTSIDE_SEGMENTS = frozenset(("LX", "TS3", "TS2", "PLB"))
"""The tags that end a claim."""


class Outside:
    """What one transaction says outside its claims; `header_number` is the LX in force."""

    def __init__(self, component: str, notes: Notes) -> None:
        self._component, self._notes = component, notes
        self.header_number = ""
        self.total = Decimal(0)
        self.readable = True
        self.summaries: list[ProviderSummary] = []
        self.unknown: list[str] = []

    def read(self, place: Place, elements: list[str], text: str) -> list[ProviderAdjustment]:
        """Take in one segment and return the provider adjustments it holds (only PLB has any)."""
        tag = elements[0]
        if tag == "PLB":
            return self._provider_adjustments(place, elements)
        if tag == "LX":
            self.header_number = elements[1] if len(elements) > 1 else ""
        elif tag in ("TS3", "TS2"):
            self.summaries.append(ProviderSummary(place, tag, self.header_number, tuple(elements[1:])))
        elif text.strip():
            self.unknown.append(text)
            self._notes.count("unknown-segment", f"{tag[:20]} stands outside any claim; kept as text", place)
        return []

    def _provider_adjustments(self, place: Place, elements: list[str]) -> list[ProviderAdjustment]:
        """Read PLB01 and PLB02, then up to six times a composite reason and an amount."""
        provider, period, *slots = [*elements[1:], "", ""][: max(len(elements) - 1, 2)]
        found: list[ProviderAdjustment] = []
        for at in range(0, len(slots), 2):
            composite = slots[at]
            amount = slots[at + 1] if at + 1 < len(slots) else ""
            if not (composite or amount):
                continue
            reason, _, reference = composite.partition(self._component)
            try:
                value = amount_of(amount)
            except BadValueError as error:
                self.readable = False
                says = f"PLB{at + 4:02d} {error}; the adjustment {composite} was not read"
                self._notes.add("error", "bad-amount", says, place, "PLB")
                continue
            self.total += value
            found.append(ProviderAdjustment(place, provider, period, reason, reference, value))
        return found
