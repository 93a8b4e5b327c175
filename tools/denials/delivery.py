"""One remittance as it arrived: the header, its claims and its provider adjustments."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from knowledge.types.remit import ClaimPayment, ProviderAdjustment, RemitHeader


class Delivery(Struct, frozen=True):
    """One ST*835 with everything in it. A file holds one or more."""

    header: RemitHeader
    claims: tuple[ClaimPayment, ...] = ()
    provider_adjustments: tuple[ProviderAdjustment, ...] = ()


def deliveries(events: Iterable[object]) -> Iterator[Delivery]:
    """Gather the events of a remit reader, in file order, into whole deliveries.

    A header opens a delivery; claims and provider adjustments join the open one. Trailers and findings are
    not part of a delivery. A claim with no header before it (a fragment without ST and BPR) belongs to
    none: nobody knows who paid it, and it is left out here; the reader's own findings say so.
    """
    header: RemitHeader | None = None
    claims: list[ClaimPayment] = []
    adjustments: list[ProviderAdjustment] = []
    for event in events:
        if isinstance(event, RemitHeader):
            if header is not None:
                yield Delivery(header, tuple(claims), tuple(adjustments))
            header, claims, adjustments = event, [], []
        elif isinstance(event, ClaimPayment):
            claims.append(event)
        elif isinstance(event, ProviderAdjustment):
            adjustments.append(event)
    if header is not None:
        yield Delivery(header, tuple(claims), tuple(adjustments))
