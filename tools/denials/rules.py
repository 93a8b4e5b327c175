"""What one adjustment means: the code tables asked the questions that adjudication asks."""

from dataclasses import dataclass

from knowledge.codes import Codes
from knowledge.codes.carc import Nature
from knowledge.codes.non_denials import NonDenial

# CARC 45 has a rule of its own (it may not take the whole charge), and it and 131 are disputed when the payer
# files them as payer-initiated without a contract: domain 1.1 rule 4 and the edge under 1.2.
FEE_SCHEDULE = "45"
DISCOUNTS = frozenset({FEE_SCHEDULE, "131"})


@dataclass(frozen=True, slots=True)
class AdjustmentRules:
    """The code tables, asked about adjustments and remarks."""

    codes: Codes

    def nature(self, carc: str) -> Nature | None:
        """Return what a reason is by itself; None when the table does not hold it.

        A retired reason is what its successors are when they agree; else it counts as the denial it was.
        """
        row = self.codes.carc.lookup(carc)
        if row is None:
            return None
        meant = {found.nature for found in self.codes.carc.classify_as(carc)}
        if not meant:
            return row.nature
        return meant.pop() if len(meant) == 1 else "denial"

    def category(self, carc: str) -> str:
        """Return the reason's category (`duplicate`, `bundling`, ...), "" when unknown or not one."""
        found = {row.category for row in self.codes.carc.classify_as(carc)}
        return found.pop() if len(found) == 1 else ""

    def excuse(self, group: str, carc: str) -> NonDenial | None:
        """Return why a group and reason pair is not worked as a denial, and on which condition."""
        return self.codes.non_denials.lookup(group, carc)

    def needs_remark(self, carc: str) -> bool:
        """Tell whether the reason says nothing without a remark that is not an alert (domain 1.1 rule 5)."""
        return any(row.remark_required for row in self.codes.carc.classify_as(carc))

    def explains(self, rarc: str) -> bool:
        """Tell whether a remark may explain a denial: an alert never does, an unlisted one may."""
        return self.codes.rarc.is_alert(rarc) is not True

    def contestable(self, carc: str) -> bool:
        """Tell whether a reduction is answered (a level or service cut down), not only posted."""
        rows = self.codes.carc.classify_as(carc)
        return any(row.action not in ("post_only", "post_or_review") for row in rows)

    def is_fee_schedule(self, carc: str) -> bool:
        """Tell whether the reason is CARC 45 or a retired one that became it."""
        return [row.code for row in self.codes.carc.classify_as(carc)] == [FEE_SCHEDULE]

    def is_bundled(self, hcpcs: str) -> bool:
        """Tell whether a code is paid only within another service of the day.

        Port draws and flushes, and supplies: what is incident to a physician's service is part of it, a visit as
        well as an infusion (MBPM 15, 60.1; status B of the physician fee schedule).
        """
        return self.codes.non_denials.expected_bundle(hcpcs) is not None
