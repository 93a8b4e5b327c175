"""The same delivery is known again by what it says."""

from datetime import date
from decimal import Decimal

import msgspec
from denial_builders import DIRECTORY, clp, remit, svc
from hypothesis import given
from hypothesis import strategies as st

from knowledge.types.reading import Place
from knowledge.types.remit import RemitTrailer
from tools.denials.delivery import Delivery, deliveries
from tools.denials.fingerprint import classify_delivery, distinct, fingerprint, trace_key

LINE = svc(adjustments="CO-197 1000")


def known(*arrived: Delivery) -> dict[object, set[str]]:
    found: dict[object, set[str]] = {}
    for delivery in arrived:
        found.setdefault(trace_key(delivery.header, DIRECTORY), set()).add(fingerprint(delivery))
    return found


@given(segment=st.integers(1, 9999), byte=st.integers(0, 10**6), name=st.text(max_size=20), control=st.text(max_size=9))
def test_place_file_and_control_numbers_leave_the_fingerprint_alone(
    segment: int, byte: int, name: str, control: str
) -> None:
    moved = msgspec.structs.replace(LINE, place=Place(segment, byte))
    again = remit(clp(moved, segment=segment), file=name, control=control)
    assert fingerprint(again) == fingerprint(remit(clp(LINE)))


def test_the_order_of_claims_leaves_the_fingerprint_alone() -> None:
    one, two = clp(LINE), clp(LINE, claim_id="C2", number="ICN2")
    assert fingerprint(remit(one, two)) == fingerprint(remit(two, one))


def test_amount_reason_remark_date_and_recovery_each_change_the_fingerprint() -> None:
    others = [
        remit(clp(svc(charge=1001, adjustments="CO-197 1001"))),
        remit(clp(svc(adjustments="CO-198 1000"))),
        remit(clp(svc(adjustments="CO-197 1000", remarks="N54"))),
        remit(clp(LINE), day=date(2026, 4, 2)),
        remit(clp(LINE), plb=(("WO", "X", 5),)),
        remit(clp(LINE), clp(LINE)),
    ]
    marks = {fingerprint(d) for d in (remit(clp(LINE)), *others)}
    assert len(marks) == len(others) + 1


def test_amounts_written_without_cents_are_the_same_amounts() -> None:
    claim = clp(svc(charge="1000.50", adjustments="CO-197 1000.50"))
    line = claim.lines[0]
    short = msgspec.structs.replace(line, charge=Decimal("1000.5"), paid=Decimal(0))
    again = msgspec.structs.replace(claim, charge=Decimal("1000.5"), paid=Decimal("0.0"), lines=(short,))
    assert fingerprint(remit(again)) == fingerprint(remit(claim))


def test_a_delivery_is_new_the_same_or_in_conflict() -> None:
    first = remit(clp(LINE))
    taken = known(first)
    assert classify_delivery({}, first, DIRECTORY) == "new"  # type: ignore[arg-type]
    assert classify_delivery(taken, remit(clp(LINE), file="x"), DIRECTORY) == "same"  # type: ignore[arg-type]
    assert classify_delivery(taken, remit(), DIRECTORY) == "conflict"  # type: ignore[arg-type]
    assert classify_delivery(taken, remit(trace="EFT2"), DIRECTORY) == "new"  # type: ignore[arg-type]


def test_without_a_trace_number_only_equal_content_is_the_same() -> None:
    first = remit(clp(LINE), trace="")
    assert trace_key(first.header, DIRECTORY) is None
    assert not any(r.conflict for r in distinct([first, remit(trace="")], DIRECTORY))


def test_the_payer_of_a_trace_is_known_by_any_of_its_names() -> None:
    by_name = remit(clp(LINE))
    header = msgspec.structs.replace(by_name.header, payer_ids=())
    assert trace_key(header, DIRECTORY) == trace_key(by_name.header, DIRECTORY)


def test_events_are_gathered_by_header_and_foreign_events_passed_over() -> None:
    one, two = remit(clp(LINE)), remit(trace="EFT2", plb=(("WO", "X", 5),))
    trailer = RemitTrailer(Place(9, 0), 1, one.header.paid, one.header.paid, 1, 1)
    events = [clp(LINE), one.header, *one.claims, trailer, two.header, *two.provider_adjustments]
    assert list(deliveries(events)) == [one, two]
