"""Score the record's form: the contract's schema, and the rules of the contract that a record alone can break."""

import json
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import best_match

from evals.exported import Exported
from knowledge.types.record import DenialRecord

SCHEMA = Path(__file__).parents[1] / "denial-record.schema.json"
"""The contract's own schema, contract 1, copied as it stands."""

_PERSON_DECIDES = frozenset({"write_off", "refund", "bill_patient"})


def score_validity(exported: Exported, practice: dict[str, Any]) -> tuple[str, ...]:
    """Return what is wrong with the form of a record; nothing when it is sound. `practice` is practice.yaml."""
    # Of a choice ("null or an object"), the fault inside the nearest choice says more than the choice itself.
    errors = [best_match([error]) or error for error in _validator().iter_errors(exported.raw)]
    errors.sort(key=lambda error: list(map(str, error.absolute_path)))
    found = [
        f"schema: {'.'.join(map(str, error.absolute_path)) or 'record'}: {error.message[:200]}" for error in errors
    ]
    if exported.record is None:
        return (*found, f"unreadable: {exported.problem}")
    return (*found, *_rules(exported.record, practice.get("review") or {}))


def _rules(record: DenialRecord, limits: dict[str, Any]) -> list[str]:
    """Apply rule 2 of the contract (who must decide), and what the fields say of each other."""
    broken = []
    if record.route == "straight_through":
        if record.root_cause == "unknown":
            broken.append("rule 2: the cause is unknown, yet it goes straight through")
        if record.remedy in _PERSON_DECIDES:
            broken.append(f"rule 2: {record.remedy} goes straight through")
        if record.confidence < float(limits.get("min_confidence", 0)):
            broken.append(f"rule 2: confidence {record.confidence} is below the practice's limit, yet straight through")
        if _over(record.amount_at_stake, limits.get("max_amount_without_review")):
            broken.append(f"rule 2: {record.amount_at_stake} is above the practice's limit, yet straight through")
        if limits.get("straight_through") is False:
            broken.append("the practice lets nothing go straight through")
        if record.review_reasons:
            broken.append("straight through with review reasons")
    elif not record.review_reasons:
        broken.append("to review without a reason")
    if (record.category == "unknown") != (record.root_cause == "unknown"):
        broken.append(f"category {record.category} with root cause {record.root_cause}")
    ids = [item.id for item in record.evidence]
    if len(ids) != len(set(ids)):
        broken.append("two pieces of evidence share an id")
    return broken


def _over(amount: str, limit: object) -> bool:
    if limit is None:
        return False
    try:
        return Decimal(amount) > Decimal(str(limit))
    except InvalidOperation:
        return False


@cache
def _validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=FormatChecker())
