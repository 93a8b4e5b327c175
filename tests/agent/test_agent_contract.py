"""Records keep the contract: its schema, and the schema agrees with the model in every field and word."""

import json
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import jsonschema
import pytest
from pydantic import BaseModel

from knowledge.causes import load_catalogue
from knowledge.types.record import DenialRecord, RecordModel, RecordPriority, RecordProducts

SCHEMA: dict[str, Any] = json.loads(Path(__file__).with_name("denial-record.schema.json").read_text())
WORTH = RecordPriority.model_fields.keys() - {"expected_value", "days_left", "rank"}
CONTRACTED = {"letter", "packet", "corrected_claim", "authorization_request", "peer_to_peer_brief"}
PRODUCTS = RecordProducts.model_fields.keys() - CONTRACTED
ADDED = {
    ("notes",),
    *(("rate_amount",), ("model",)),
    *(("model", name) for name in RecordModel.model_fields),
    *(("priority", name) for name in WORTH),
    *(("products", name) for name in PRODUCTS),
    *(("products", name, part) for name in PRODUCTS for part in ("path", "sha256")),
}
"""Fields the contract allows beside its own."""


def test_every_record_of_the_sample_practice_fits_the_schema(cedar_records: tuple[DenialRecord, ...]) -> None:
    check = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker(["date"]))
    faults = [
        f"{record.denial_id} {'/'.join(map(str, fault.absolute_path))}: {fault.message}"
        for record in cedar_records
        for fault in check.iter_errors(json.loads(record.model_dump_json()))
    ]
    assert faults == []


def test_a_record_without_any_one_field_does_not_fit(cedar_records: tuple[DenialRecord, ...]) -> None:
    check = jsonschema.Draft202012Validator(SCHEMA)
    whole = json.loads(cedar_records[0].model_dump_json())
    for name in SCHEMA["required"]:
        assert not check.is_valid({key: value for key, value in whole.items() if key != name}), name


def in_schema(schema: dict[str, Any], at: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    for part in (schema, schema.get("items", {}), *schema.get("oneOf", ())):
        for name, field in part.get("properties", {}).items():
            found |= {(*at, name)} | in_schema(field, (*at, name))
    return found


def in_model(model: type[BaseModel], at: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    for name, field in model.model_fields.items():
        found.add((*at, name))
        for part in models_in(field.annotation):
            found |= in_model(part, (*at, name))
    return found


def models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in models_in(part)]


def test_schema_and_model_name_the_same_fields() -> None:
    assert in_model(DenialRecord) - in_schema(SCHEMA) == ADDED
    assert in_schema(SCHEMA) - in_model(DenialRecord) == set()


def words_in(annotation: Any) -> set[Any]:
    """The words a field may have; None with them where it may be missing."""
    if get_origin(annotation) is Literal:
        return set(get_args(annotation))
    if get_origin(annotation) in (Union, UnionType):
        return {word for part in get_args(annotation) for word in words_in(part)}
    return {None} if annotation is type(None) else set()


@pytest.mark.parametrize("name", ["category", "remedy", "then", "route", "status"])
def test_schema_and_model_know_the_same_words(name: str) -> None:
    assert words_in(DenialRecord.model_fields[name].annotation) == set(SCHEMA["properties"][name]["enum"])


def test_schema_and_model_know_the_same_kinds_of_evidence() -> None:
    (model,) = models_in(DenialRecord.model_fields["evidence"].annotation)
    kinds = SCHEMA["properties"]["evidence"]["items"]["properties"]["kind"]["enum"]
    assert words_in(model.model_fields["kind"].annotation) == set(kinds)


def test_the_catalogue_names_the_causes_of_the_contract_and_no_other() -> None:
    named = set(SCHEMA["properties"]["root_cause"]["enum"])
    assert {cause.id for cause in load_catalogue().causes} | {"unknown"} == named


def test_what_the_contract_calls_a_persons_decision_is_always_a_review(
    cedar_records: tuple[DenialRecord, ...],
) -> None:
    persons = {"write_off", "refund", "bill_patient"}
    for record in cedar_records:
        if record.root_cause == "unknown":
            assert record.route == "review", record.denial_id
        if record.status in ("won", "lost"):
            continue
        if record.remedy in persons:
            assert record.route == "review", record.denial_id
        assert (record.route == "review") == bool(record.review_reasons)
        assert (record.status == "in_review") == (record.route == "review")


def test_the_binding_deadline_stands_first_and_is_the_one_counted(cedar_records: tuple[DenialRecord, ...]) -> None:
    for record in cedar_records:
        if not record.deadlines:
            assert record.priority.days_left is None
    ranks = [record.priority.rank for record in cedar_records]
    assert ranks == list(range(1, len(ranks) + 1))
