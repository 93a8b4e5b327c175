"""Sum up a remittance file: what it counts and adds to, and, in full, every fact of it.

The counts come straight from the segments of each ST*835, not from the typed facts: a claim that cannot be
read is counted all the same, and the two can be held against each other. A file that is cut off is summed up
as far as it goes; its first finding, `truncated`, says that it is quarantined for work.
"""

from decimal import Decimal

from msgspec import Struct, field, to_builtins

from knowledge.types.reading import ReadingFinding
from knowledge.types.remit import ClaimPayment, ProviderAdjustment, RemitHeader, RemitTrailer
from tools.x12.remits import read_remits
from tools.x12.transactions import Transaction, open_file, raw_segments
from tools.x12.values import BadValueError, amount_of

_REVERSAL = "22"
_CAS_SLOT, _PLB_SLOT = 3, 2


class RemitSummary(Struct, frozen=True):
    """What a remittance file holds. Amounts are decimal strings in dollars, counts are of ST*835 only.

    A CAS or PLB slot counts when its reason or its amount is not blank. `reversals` are claims with CLP02 22.
    Amounts that are no numbers add nothing; a finding names each.
    """

    interchanges: int
    transactions: int
    claims: int
    service_lines: int
    cas_adjustments: int
    lq_remarks: int
    reversals: int
    plb_adjustments: int
    sum_clp03: str
    sum_clp04: str
    sum_bpr02: str
    sum_cas: str
    findings: tuple[ReadingFinding, ...]


class _Tally(Struct):
    transactions: int = 0
    claims: int = 0
    service_lines: int = 0
    cas_adjustments: int = 0
    lq_remarks: int = 0
    reversals: int = 0
    plb_adjustments: int = 0
    sum_clp03: Decimal = Decimal(0)
    sum_clp04: Decimal = Decimal(0)
    sum_bpr02: Decimal = Decimal(0)
    sum_cas: Decimal = Decimal(0)


class _Remit(Struct):
    """One ST*835 of a full reading."""

    header: RemitHeader
    claims: list[ClaimPayment] = field(default_factory=list)
    provider_adjustments: list[ProviderAdjustment] = field(default_factory=list)
    trailer: RemitTrailer | None = None


def summarize(
    data: bytes,
    file: str,
    *,
    known_carcs: frozenset[str] | None = None,
    known_rarcs: frozenset[str] | None = None,
) -> RemitSummary:
    """Return the counts, sums and findings of a remittance file. Never raises, whatever the bytes are."""
    events = read_remits(data, file, known_carcs=known_carcs, known_rarcs=known_rarcs, quarantine=False)
    findings = tuple(event for event in events if isinstance(event, ReadingFinding))
    return _summary(data, file, findings)


def full(
    data: bytes,
    file: str,
    *,
    known_carcs: frozenset[str] | None = None,
    known_rarcs: frozenset[str] | None = None,
) -> dict[str, object]:
    """Return the summary and every fact of the file as plain values ready for JSON.

    Beside the summary's keys stand `quarantined` (the file is cut off) and `remits`: for each ST*835 its
    `header`, `claims` (with their lines), `provider_adjustments` and `trailer`. Money is a string, a date
    YYYY-MM-DD.
    """
    findings: list[ReadingFinding] = []
    remits: list[_Remit] = []
    for event in read_remits(data, file, known_carcs=known_carcs, known_rarcs=known_rarcs, quarantine=False):
        match event:
            case RemitHeader():
                remits.append(_Remit(event))
            case ClaimPayment():
                remits[-1].claims.append(event)
            case ProviderAdjustment():
                remits[-1].provider_adjustments.append(event)
            case RemitTrailer():
                remits[-1].trailer = event
            case ReadingFinding():
                findings.append(event)
    facts: dict[str, object] = to_builtins(_summary(data, file, tuple(findings)))
    facts["quarantined"] = any(finding.code == "truncated" for finding in findings)
    facts["remits"] = to_builtins(remits)
    return facts


def _summary(data: bytes, file: str, findings: tuple[ReadingFinding, ...]) -> RemitSummary:
    opened = open_file(data, file)
    tally = _Tally()
    for transaction in opened.transactions:
        if transaction.kind == "835":
            tally.transactions += 1
            _count(transaction, tally)
    return RemitSummary(
        opened.interchanges,
        tally.transactions,
        tally.claims,
        tally.service_lines,
        tally.cas_adjustments,
        tally.lq_remarks,
        tally.reversals,
        tally.plb_adjustments,
        _money(tally.sum_clp03),
        _money(tally.sum_clp04),
        _money(tally.sum_bpr02),
        _money(tally.sum_cas),
        findings,
    )


def _count(transaction: Transaction, tally: _Tally) -> None:
    mark = transaction.interchange.delimiters.element
    for text in raw_segments(transaction):
        tag = text[:4].partition(mark)[0]
        if tag == "SVC":
            tally.service_lines += 1
        elif tag == "LQ":
            tally.lq_remarks += 1
        elif tag in ("CAS", "CLP", "PLB", "BPR"):
            _add(tag, text.split(mark), tally)


def _add(tag: str, elements: list[str], tally: _Tally) -> None:
    match tag:
        case "CAS":
            slots = [elements[at : at + 2] for at in range(2, len(elements), _CAS_SLOT)]
            tally.cas_adjustments += sum(1 for slot in slots if any(slot))
            for slot in slots:
                tally.sum_cas += _amount(slot, 1)
        case "PLB":
            tally.plb_adjustments += sum(
                1 for at in range(3, len(elements), _PLB_SLOT) if any(elements[at : at + _PLB_SLOT])
            )
        case "CLP":
            tally.claims += 1
            tally.reversals += elements[2:3] == [_REVERSAL]
            tally.sum_clp03 += _amount(elements, 3)
            tally.sum_clp04 += _amount(elements, 4)
        case _:
            tally.sum_bpr02 += _amount(elements, 2)


def _amount(elements: list[str], index: int) -> Decimal:
    """Return the amount at `index`; a blank or bad one adds nothing (reading it made the finding)."""
    try:
        return amount_of(elements[index]) if index < len(elements) and elements[index] else Decimal(0)
    except BadValueError:
        return Decimal(0)


def _money(amount: Decimal) -> str:
    """Print dollars with two decimals, more only when the file has more."""
    return f"{amount:.2f}" if amount == round(amount, 2) else f"{amount:f}"
