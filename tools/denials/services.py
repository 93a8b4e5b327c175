"""What else was done for a patient on a day: bundling is only expected beside another service."""

from collections.abc import Iterable
from datetime import date

from knowledge.payers import PayerDirectory
from knowledge.types.claim import SubmittedClaim
from knowledge.types.remit import ClaimPayment, ServicePayment
from tools.denials.adjudication import is_reversal, line_codes
from tools.denials.fingerprint import Received
from tools.denials.identity import claim_payer, identify_payer, member_id, service_day, squeeze

_Day = tuple[str, str, date | None]


class ServicesOfDay:
    """The codes of each patient's days with each payer, from remits and from claims as submitted."""

    def __init__(
        self, received: Iterable[Received], directory: PayerDirectory, claims: Iterable[SubmittedClaim] = ()
    ) -> None:
        self._codes: dict[_Day, set[str]] = {}
        for one in received:
            payer = identify_payer(one.delivery.header, directory).key
            for claim in one.delivery.claims:
                if is_reversal(claim):
                    continue
                for line in claim.lines:
                    self._add(payer, member_id(claim), service_day(line, claim), line_codes(line))
        for submitted in claims:
            known = claim_payer(submitted, directory)
            if known is not None:
                for own in submitted.lines:
                    self._add(known.id, submitted.member_id, own.start_date, (own.hcpcs,))

    def of(self, payer: str, claim: ClaimPayment, line: ServicePayment) -> frozenset[str]:
        """Return every code of the line's patient, payer and day, the line's own and its claim's included."""
        day = service_day(line, claim)
        found = set(self._codes.get((payer, squeeze(member_id(claim)), day), ()))
        for sibling in claim.lines:
            if service_day(sibling, claim) == day:
                found.update(line_codes(sibling))
        return frozenset(found)

    def _add(self, payer: str, member: str, day: date | None, codes: tuple[str, ...]) -> None:
        if member and day is not None:
            self._codes.setdefault((payer, squeeze(member), day), set()).update(codes)
