"""Short cuts for tests that read: the typed facts of some bytes, by kind."""

from __future__ import annotations

from knowledge.types.reading import Place, ReadingFinding
from knowledge.types.remit import ClaimPayment, ProviderAdjustment, RemitHeader, RemitTrailer
from tools.x12.remits import read_remits


def claims(data: bytes) -> list[ClaimPayment]:
    return [event for event in read_remits(data, "f.835") if isinstance(event, ClaimPayment)]


def headers(data: bytes) -> list[RemitHeader]:
    return [event for event in read_remits(data, "f.835") if isinstance(event, RemitHeader)]


def trailers(data: bytes) -> list[RemitTrailer]:
    return [event for event in read_remits(data, "f.835") if isinstance(event, RemitTrailer)]


def provider_adjustments(data: bytes) -> list[ProviderAdjustment]:
    return [event for event in read_remits(data, "f.835") if isinstance(event, ProviderAdjustment)]


def findings(data: bytes, **known: frozenset[str]) -> list[ReadingFinding]:
    return [event for event in read_remits(data, "f.835", **known) if isinstance(event, ReadingFinding)]


def codes(data: bytes, **known: frozenset[str]) -> list[str]:
    return [finding.code for finding in findings(data, **known)]


def at(data: bytes, place: Place | None) -> bytes:
    """Return the first bytes of the place, to see that it points at the right segment."""
    assert place is not None
    return data[place.byte : place.byte + 12]
