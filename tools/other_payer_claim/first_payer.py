"""What a second plan is told of the first: who it was and how it adjudicated (loops 2320, 2330A, 2330B, 2430)."""

from decimal import Decimal

from msgspec import Struct

from knowledge.types.remit import ServicePayment
from tools.corrected_claim.draft import Draft, DraftLine, element
from tools.corrected_claim.order import Segment
from tools.other_payer_claim.balance import answered_lines, cas_segments, plain
from tools.other_payer_claim.plan import FirstAnswer

_SELF = "18"
_LONGEST_NAME = 60  # NM103


class Told(Struct, frozen=True):
    """The segments that go onto the claim (after loop 2310) and onto each line (after loop 2420)."""

    claim: list[Segment]
    lines: list[tuple[DraftLine, list[Segment]]]


def first_payer(draft: Draft, answer: FirstAnswer) -> Told:
    """Tell of the first payer what the claim as sent says, and what its remittance says, to the cent.

    Raises CorrectionRefused when the claim was not sent to it as primary, or its answer does not fit the claim.
    """
    level = draft.levels[1]
    sent = next((segment for segment in level if segment[0] == "SBR"), [])
    if element(sent, 1) != "P":
        what = f"the claim was sent with sequence {element(sent, 1)!r}, not to the first payer (P)"
        raise draft.refusal("not-sent-first", what, "a person must put the payers in order", "2000B")
    pairs = answered_lines(draft, answer)
    return Told(
        claim=[
            _cover(draft, sent),
            *cas_segments(draft, answer.claim.adjustments, "2320"),
            ["AMT", "D", plain(answer.claim.paid)],
            ["OI", "", "", element(draft.head[0], 8) or "Y", "", "", element(draft.head[0], 9) or "Y"],
            *_insured(level),
            *_payer(level, answer),
        ],
        lines=[(line, _line(draft, line, service, answer)) for line, service in pairs],
    )


def _cover(draft: Draft, sent: Segment) -> Segment:
    """Write SBR of the first plan: the patient's relation to its member is that of the claim as sent."""
    relation = element(sent, 2)
    for level in draft.levels[2:]:
        relation = next((element(segment, 1) for segment in level if segment[0] == "PAT"), relation)
    return ["SBR", "P", relation or _SELF, element(sent, 3), element(sent, 4), "", "", "", "", element(sent, 9)]


def _insured(level: list[Segment]) -> list[Segment]:
    """Copy the first plan's member with address (2330A)."""
    start = next(at for at, segment in enumerate(level) if segment[:2] == ["NM1", "IL"])
    after = (segment for segment in level[start + 1 : start + 3] if segment[0] in ("N3", "N4"))
    return [list(level[start]), *(list(segment) for segment in after)]


def _payer(level: list[Segment], answer: FirstAnswer) -> list[Segment]:
    """Copy the first payer as billed, under the id that the lines name it by, with its number of the claim (2330B)."""
    named = next(list(segment) for segment in level if segment[:2] == ["NM1", "PR"])
    named = (named + [""] * 10)[:10]
    named[3], named[8], named[9] = named[3][:_LONGEST_NAME].rstrip(), "PI", answer.payer_id
    number = answer.claim.payer_claim_number
    return [named, *([["REF", "F8", number]] if number else [])]


def _line(draft: Draft, line: DraftLine, service: ServicePayment, answer: FirstAnswer) -> list[Segment]:
    """Write how the first payer adjudicated one line (2430)."""
    code = draft.component.join((service.code_qualifier or "HC", service.hcpcs, *service.modifiers))
    units = service.units_paid if service.units_paid is not None else draft.amount(line.service, 4, line.loop)
    share = sum((a.amount for a in service.adjustments if a.group == "PR"), Decimal(0))
    return [
        ["SVD", answer.payer_id, plain(service.paid), code, "", plain(units)],
        *cas_segments(draft, service.adjustments, f"2430 line {line.number}"),
        ["DTP", "573", "D8", answer.adjudicated_on.strftime("%Y%m%d")],
        *([["AMT", "EAF", plain(share)]] if share else []),
    ]
