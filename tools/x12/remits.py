"""Read remittances (835, 005010X221A1 and tolerable 4010) as a stream of typed, frozen facts.

In file order each ST*835 gives a `RemitHeader`, then its claims and provider adjustments, then a
`RemitTrailer`. What was wrong comes between them as `ReadingFinding`, right after the claim it is about. No
bytes make it raise.

A claim whose money (CLP, SVC or CAS) or number (CLP01) cannot be read is not handed on: an error finding with
its place stands for it. Anything less (a date, an AMT, an element too many) leaves the claim in, with a
warning, and the segment as it stood in `unknown`.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from knowledge.types.reading import Place, ReadingFinding
from knowledge.types.remit import ClaimPayment, ProviderAdjustment, RemitHeader, RemitTrailer
from tools.x12.notes import Notes
from tools.x12.outside import Outside
from tools.x12.remit_claims import ClaimBlocks
from tools.x12.remit_header import HeaderReader
from tools.x12.transactions import Transaction, open_file, segments, select_transactions

RemitEvent = RemitHeader | ClaimPayment | ProviderAdjustment | RemitTrailer | ReadingFinding

_BLOCK = 1 << 13  # bytes, about ten claims: their facts stay in the processor's cache until they are used


def check_whole(data: bytes, file: str) -> ReadingFinding | None:
    """Return the `truncated` finding of a file that is cut off, None for a whole one.

    The rule, the same for 835, 837 and 277CA, stands in `tools.x12.transactions`.
    """
    return open_file(data, file).truncated


def read_remits(
    data: bytes,
    file: str,
    *,
    known_carcs: frozenset[str] | None = None,
    known_rarcs: frozenset[str] | None = None,
    quarantine: bool = True,
) -> Iterator[RemitEvent]:
    """Yield what a remittance file says, claim by claim.

    A file that is cut off is quarantined: one error finding (`truncated`) is all it gives. With
    `quarantine=False` the finding comes first and then everything that can be read up to the cut.
    `known_carcs` and `known_rarcs` are the codes in force; others are counted as warnings.

    Python's cyclic collector is off from the first claim until the stream ends or is closed: read it to its end
    (or close it) before turning to other long work.
    """
    opened = open_file(data, file)
    if opened.truncated is not None:
        yield opened.truncated
        if quarantine:
            return
    yield from opened.findings
    transactions, findings = select_transactions(opened, "835")
    yield from findings
    with _collector_off():
        for transaction in transactions:
            yield from _read_transaction(transaction, file, known_carcs, known_rarcs)


def _read_transaction(
    transaction: Transaction,
    file: str,
    known_carcs: frozenset[str] | None,
    known_rarcs: frozenset[str] | None,
) -> Iterator[RemitEvent]:
    notes = Notes(file)
    outside = Outside(transaction.interchange.delimiters.component, notes)
    first_claim = _first_claim(transaction)
    reader = HeaderReader(transaction, notes)
    extra: list[ProviderAdjustment] = []
    number = transaction.segment
    for segment in segments(transaction, first_claim):
        number = segment.number + 1
        if segment.elements[0] in ("LX", "TS3", "TS2", "PLB"):
            extra += outside.read(Place(segment.number, segment.byte), segment.elements, segment.text)
        else:
            reader.read(segment)
    header, payment_known = reader.header()
    yield header
    yield from extra
    yield from notes.take()
    claims = ClaimBlocks(transaction.interchange, notes, outside, known_carcs, known_rarcs)
    at = first_claim
    while at < transaction.end:
        end = _block_end(transaction, at)
        events, number = claims.read(at, end, number)
        yield from events
        at = end + len(transaction.interchange.separator)
    if payment_known and outside.readable:
        _check_payment(header, claims, outside, notes)
    yield from notes.take()
    yield from notes.counted()
    yield _trailer(transaction, claims, outside)


@contextmanager
def _collector_off() -> Iterator[None]:
    """Switch the cyclic collector off: it would walk the young facts again and again, and none is in a cycle."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _first_claim(transaction: Transaction) -> int:
    """Return where the first CLP stands, or the transaction's end when it has none."""
    source = transaction.interchange
    mark = b"CLP" + source.delimiters.element.encode("latin-1")
    if source.body.startswith(mark, transaction.start):
        return transaction.start
    found = source.body.find(source.separator + mark, transaction.start, transaction.end)
    return transaction.end if found < 0 else found + len(source.separator)


def _block_end(transaction: Transaction, at: int) -> int:
    """Return where a block that starts at `at` ends: at the first CLP after `_BLOCK` bytes."""
    source = transaction.interchange
    mark = source.separator + b"CLP" + source.delimiters.element.encode("latin-1")
    found = source.body.find(mark, min(at + _BLOCK, transaction.end), transaction.end)
    return transaction.end if found < 0 else found


def _check_payment(header: RemitHeader, claims: ClaimBlocks, outside: Outside, notes: Notes) -> None:
    expected = claims.paid - outside.total
    if header.paid == expected:
        return
    says = f"BPR02 {header.paid} is not claims {claims.paid} less provider adjustments {outside.total}"
    if claims.unread_claims:
        says += f"; {claims.unread_claims} claims could not be read"
    notes.add("error", "payment-out-of-balance", says, header.place)


def _trailer(transaction: Transaction, claims: ClaimBlocks, outside: Outside) -> RemitTrailer:
    place = transaction.closing_at
    if place is None:
        source = transaction.interchange
        place = Place(transaction.segment + transaction.segments - 1, source.layout.locate(transaction.end))
    closing = transaction.closing or ()
    declared = closing[1].strip() if len(closing) > 1 else ""
    return RemitTrailer(
        place,
        claims.claims,
        claims.paid,
        outside.total,
        transaction.segments + (transaction.closing is not None),
        int(declared) if declared.isascii() and declared.isdecimal() and len(declared) < 12 else None,
        tuple(outside.summaries),
        tuple(outside.unknown),
    )
