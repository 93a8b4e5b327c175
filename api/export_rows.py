"""The denial record as one flat row, for a spreadsheet."""

from collections.abc import Iterable

from knowledge.types.record import DenialRecord, RecordLine

_LINE = tuple(name for name in RecordLine.model_fields if name != "modifiers")
_PRODUCTS = ("letter", "packet", "corrected_claim", "authorization_request", "peer_to_peer_brief")
_LINKS = ("claim_file", "claim_line", "auth_number", "chart", "policy_id")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

COLUMNS: tuple[str, ...] = (
    *("rank", "denial_id", "status", "route", "payer_id", "payer_name", "claim_id", "payer_claim_number"),
    *("claim_status", "trace_number", "paid_on", "remit_file", "hcpcs", "modifiers", "units", "service_date"),
    *("charge", "paid", "line_control", "adjustments", "remarks", "amount_at_stake", "rate_amount", "category"),
    *("root_cause", "says", "confidence", "remedy", "then", "deadline", "deadline_action", "days_left", "deadlines"),
    *("review_reasons", "missing", "expected_value", "series"),
    *_LINKS,
    *_PRODUCTS,
)
"""The columns, in order. Lists are joined by "; "; `deadline` is the binding one."""


def flat_row(record: DenialRecord) -> tuple[str, ...]:
    """Give the row of a denial, in the order of COLUMNS; unknown is blank."""
    first = record.deadlines[0] if record.deadlines else None
    remit, priority = record.remit, record.priority
    values: dict[str, object] = {
        **record.model_dump(include={"denial_id", "status", "route", "amount_at_stake", "rate_amount", "category"}),
        **record.model_dump(include={"root_cause", "says", "confidence", "remedy", "then", "series"}),
        **remit.model_dump(exclude={"file"}),
        **{name: getattr(record.line, name) if record.line else None for name in _LINE},
        **priority.model_dump(),
        "remit_file": remit.file,
        "modifiers": " ".join(record.line.modifiers) if record.line else None,
        "adjustments": _joined(f"{a.group}-{a.carc} {a.amount}" for a in record.adjustments),
        "remarks": _joined(record.remarks),
        "deadline": first.date if first else None,
        "deadline_action": first.action if first else None,
        "deadlines": _joined(f"{d.action} {d.date}" for d in record.deadlines),
        "review_reasons": _joined(f"{reason.code}: {reason.says}" for reason in record.review_reasons),
        "missing": _joined(record.missing),
    }
    for name in _LINKS:
        link = getattr(record.links, name)
        values[name] = link.value if link else None
    for name in _PRODUCTS:
        product = getattr(record.products, name)
        values[name] = product.path if product else None
    return tuple(spreadsheet_cell(values[column]) for column in COLUMNS)


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(texts)


def spreadsheet_cell(value: object) -> str:
    """Print a value; text that a spreadsheet would run as a formula is marked as text (numbers stay numbers)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return text[:1] in ("-", "+") and text[1:].replace(".", "", 1).isdecimal()
