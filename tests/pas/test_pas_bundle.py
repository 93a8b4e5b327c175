"""An authorization request as a bundle: whole, closed in itself, every value sourced, or not written at all."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st

from knowledge.causes import load_catalogue
from knowledge.types.practice import Address
from tools.authorization_request.bundle import PasRequest, build_request, certifications, dotted, json_number
from tools.authorization_request.request import (
    Clinician,
    ConditionPart,
    DocumentPart,
    Office,
    OrderPart,
    PatientPart,
    RequestParts,
    Sourced,
)


def said(value: str, source: str = "claims/a.837 claim C1") -> Sourced:
    return Sourced(value=value, source=source)


ORDER = OrderPart(
    resource="MedicationRequest/o1",
    source="charts/ada.json MedicationRequest/o1",
    hcpcs="J9271",
    drug="pembrolizumab",
    ordered_on=date(2026, 3, 2),
    dose=Decimal(400),
    dose_unit="mg",
    interval_days=42,
    text="400 mg IV every 6 weeks",
    requester="Dana Ruiz MD",
    status="active",
)
NOTE = DocumentPart(
    resource="DocumentReference/n1",
    source="charts/ada.json DocumentReference/n1",
    kind="Progress note",
    title="",
    day=date(2026, 3, 16),
    media_type="text/plain",
    content=b"Seen today. ref: earlier letter",
)


def parts(**changed: Any) -> RequestParts:
    office = "practice.yaml"
    given_: dict[str, Any] = {
        "denial_id": "den_1",
        "on": date(2026, 5, 1),
        "root_cause": "auth-units-mismatch",
        "related": said("A-1", "auths/a.csv:2"),
        "patient": PatientPart(
            last=said("Voss"),
            first=said("Ada"),
            birth_date=said("1960-02-29"),
            sex=said("F"),
            member_id=said("CHP1"),
        ),
        "payer_id": said("CASC1", "payers.yaml"),
        "payer_name": said("Cascade Health Plan", "payers.yaml"),
        "office": Office(
            name=said("Larkspur Oncology", office),
            npi=said("1999999992", office),
            tax_id=said("841234567", office),
            address=Address(street="12 Main St", city="Denver", state="CO", zip="80202"),
            address_source=office,
            contact=said("Billing Office", office),
            phone=said("3035550100", office),
            fax=said("3035550101", office),
        ),
        "clinician": Clinician(npi=said("1888888884"), name=said("Dana Ruiz MD", office)),
        "diagnoses": (said("C3411"), said("C7951")),
        "hcpcs": said("J9271"),
        "units": said("400"),
        "units_given": said("400"),
        "service_date": said("2026-03-16"),
        "place_of_service": said("11"),
        "order": ORDER,
        "order_due": True,
        "documents": (NOTE,),
        "says": said("We ask that the authorization be amended.", "the letter's request"),
    }
    return RequestParts.model_validate({**given_, **changed})


def another() -> RequestParts:
    """A request with no value in common with `parts()`."""
    office = "practice.yaml"
    order = ORDER.model_copy(
        update={
            "hcpcs": "Q5107",
            "drug": "bevacizumab",
            "ordered_on": date(2025, 11, 9),
            "dose": Decimal(735),
            "dose_unit": "g",
            "interval_days": 14,
            "text": "words",
            "requester": "Lee Park DO",
            "status": "completed",
        }
    )
    return RequestParts(
        denial_id="den_2",
        on=date(2026, 6, 2),
        root_cause="auth-expired",
        related=said("B-9"),
        patient=PatientPart(
            last=said("Quill"), first=said("Otto"), birth_date=said("1971-01-03"), sex=said("M"), member_id=said("Z9")
        ),
        payer_id=said("MEDX"),
        payer_name=said("Another Plan"),
        office=Office(
            name=said("Other Office", office),
            npi=said("1777777775", office),
            tax_id=said("990000001", office),
            address=Address(street="9 Elm", city="Reno", state="NV", zip="89501"),
            address_source=office,
            contact=said("Desk", office),
            phone=said("7755550100", office),
            fax=said("7755550101", office),
        ),
        clinician=Clinician(npi=said("1666666664"), name=said("Lee Park DO", office)),
        diagnoses=(said("D709"),),
        hcpcs=said("Q5107"),
        units=said("73"),
        units_given=said("73"),
        service_date=said("2026-01-08"),
        place_of_service=said("22"),
        order=order,
        order_due=True,
        documents=(
            NOTE.model_copy(
                update={"kind": "CT report", "content": b"x", "day": date(2026, 1, 1), "media_type": "a/b"}
            ),
        ),
        says=said("Other words."),
    )


def bundle(made: PasRequest) -> dict[str, Any]:
    assert made.bundle is not None, made.missing
    read: dict[str, Any] = json.loads(made.bundle)
    return read


def claim_of(data: dict[str, Any]) -> dict[str, Any]:
    claim: dict[str, Any] = data["entry"][0]["resource"]
    return claim


def leaves(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from leaves(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item, key)
    else:
        yield key, value


def references(value: Any) -> set[str]:
    return {str(item) for key, item in leaves(value) if key == "reference"}


def test_it_is_a_valid_r4_bundle_with_the_claim_first() -> None:
    made = build_request(parts())
    assert made.bundle is not None
    read = Bundle.model_validate_json(made.bundle)
    assert read.type == "collection"
    assert claim_of(bundle(made))["resourceType"] == "Claim"
    assert claim_of(bundle(made))["use"] == "preauthorization"


@pytest.mark.parametrize(
    "name",
    [
        "identifier",
        "status",
        "type",
        "use",
        "patient",
        "created",
        "insurer",
        "provider",
        "priority",
        "insurance",
        "item",
    ],
)
def test_the_claim_has_what_the_profile_must_have(name: str) -> None:
    assert claim_of(bundle(build_request(parts())))[name]


@pytest.mark.parametrize(
    "name", ["category", "productOrService", "servicedDate", "locationCodeableConcept", "quantity"]
)
def test_the_item_has_what_the_profile_must_have(name: str) -> None:
    assert claim_of(bundle(build_request(parts())))["item"][0][name]


def test_every_reference_is_answered_in_the_bundle_and_no_entry_is_without_one() -> None:
    data = bundle(build_request(parts(conditions=(condition(),))))
    addresses = [entry["fullUrl"] for entry in data["entry"]]
    assert len(addresses) == len(set(addresses))
    assert references(data) <= set(addresses)
    reached, waiting = set(), {addresses[0]}
    by_address = {entry["fullUrl"]: entry["resource"] for entry in data["entry"]}
    while waiting:
        reached |= waiting
        waiting = {item for address in waiting for item in references(by_address[address])} - reached
    assert reached == set(addresses)
    assert all(entry["fullUrl"] == f"urn:uuid:{entry['resource']['id']}" for entry in data["entry"])


def condition() -> ConditionPart:
    return ConditionPart(
        resource="Condition/c1", source="charts/ada.json Condition/c1", code="C3411", text="NSCLC", status="active"
    )


def test_every_value_is_fixed_by_the_profile_or_has_a_source() -> None:
    made = build_request(parts())
    fixed = {value for _, value in leaves(bundle(build_request(another())))}
    traced = {item.value for item in made.trace}
    assert all(item.source for item in made.trace)
    free = [
        (key, value)
        for key, value in leaves(bundle(made))
        if value not in fixed
        and str(value) not in traced
        and key not in ("id", "fullUrl", "reference", "sequence", "diagnosisSequence", "informationSequence")
    ]
    # The day it is made, the denial's own id, and codes that say what kind of request, document or service it is.
    own = {"2026-05-01", "2026-05-01T00:00:00Z", "den_1", "S", "78", "mg", "09", "11506-3", "active", "female"}
    assert [pair for pair in free if pair[1] not in own] == []


@pytest.mark.parametrize(
    ("cause", "code", "carries"),
    [("auth-never-obtained", "I", False), ("auth-units-mismatch", "S", True), ("auth-expired", "4", True)],
)
def test_the_kind_of_request_and_the_number_it_changes(cause: str, code: str, carries: bool) -> None:
    item = claim_of(bundle(build_request(parts(root_cause=cause))))["item"][0]
    told = {extension["url"].rsplit("-", 1)[1]: extension for extension in item["extension"]}
    assert told["certificationType"]["valueCodeableConcept"]["coding"][0]["code"] == code
    assert ("authorizationNumber" in told) is carries
    assert "serviceItemRequestType" in told


def test_no_display_text_of_a_code_list_is_written() -> None:
    assert "display" not in {key for key, _ in leaves(claim_of(bundle(build_request(parts()))))}


EMPTY = said("")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"payer_id": EMPTY}, "payer's id"),
        ({"hcpcs": EMPTY}, "code of the service"),
        ({"units": EMPTY}, "units"),
        ({"service_date": EMPTY}, "date of service"),
        ({"place_of_service": EMPTY}, "place of service"),
        ({"diagnoses": ()}, "diagnoses"),
        ({"related": EMPTY}, "number of the authorization"),
        ({"order": None}, "order for J9271"),
        ({"units_given": said("200")}, "400 units billed or 200 units given"),
        ({"root_cause": "filed-late"}, "kind of request"),
        ({"clinician": Clinician(npi=EMPTY, name=EMPTY)}, "rendering provider's NPI"),
        ({"patient": parts().patient.model_copy(update={"sex": EMPTY})}, "sex"),
        ({"patient": parts().patient.model_copy(update={"birth_date": EMPTY})}, "birth date"),
        ({"patient": parts().patient.model_copy(update={"dependent": True})}, "subscriber"),
    ],
)
def test_with_anything_missing_there_is_no_bundle_and_it_is_named(changed: dict[str, Any], says: str) -> None:
    made = build_request(parts(**changed))
    assert made.bundle is None
    assert any(says in one for one in made.missing)


def test_a_new_request_needs_no_earlier_number() -> None:
    assert build_request(parts(root_cause="auth-never-obtained", related=EMPTY)).bundle is not None


def test_a_service_without_an_order_of_its_own_needs_none() -> None:
    made = build_request(parts(hcpcs=said("96413"), order=None, order_due=False, units_given=EMPTY))
    item = claim_of(bundle(made))["item"][0]
    assert item["productOrService"]["coding"][0]["system"] == "http://www.ama-assn.org/go/cpt"
    assert not any("requestedService" in extension["url"] for extension in item["extension"])


def test_words_of_the_chart_are_never_taken_for_addresses() -> None:
    data = bundle(build_request(parts(order=ORDER.model_copy(update={"text": "ref:patient"}))))
    order = next(e["resource"] for e in data["entry"] if e["resource"]["resourceType"] == "MedicationRequest")
    assert order["dosageInstruction"][0]["text"] == "ref:patient"


def test_the_same_request_is_the_same_bytes_in_another_process() -> None:
    code = (
        "import sys; sys.path.insert(0, 'tests/pas'); from test_pas_bundle import parts, build_request;"
        "import hashlib; print(hashlib.sha256(build_request(parts()).bundle).hexdigest())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True, text=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1


def test_every_cause_with_a_kind_of_request_is_a_known_cause() -> None:
    known = {cause.id for cause in load_catalogue().causes}
    assert set(certifications()) <= known


@given(st.from_regex(r"[A-Z][0-9][0-9A-Z][0-9A-Z]{0,4}", fullmatch=True))
def test_a_diagnosis_code_gets_its_dot_and_loses_nothing(code: str) -> None:
    assert dotted(code).replace(".", "") == code
    assert dotted(dotted(code)) == dotted(code)


@given(st.decimals(min_value=0, max_value=10**6, places=2))
def test_a_quantity_is_the_same_number_in_json(value: Decimal) -> None:
    assert Decimal(str(json_number(str(value)))) == value
