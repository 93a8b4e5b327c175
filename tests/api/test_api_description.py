import base64
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
from fastapi.testclient import TestClient
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from api.app import create_app
from api.schemas import DenialDetail, ReviewRequest, Taken
from api.settings import Settings

GOLDEN = Path(__file__).parent / "openapi.json"


def _described() -> dict:
    return create_app(Settings(home=Path(), api_key=None, demo=True)).openapi()


def test_the_description_is_the_one_agreed() -> None:
    """After a change that is meant: overturn openapi --output tests/api/openapi.json"""
    assert _described() == json.loads(GOLDEN.read_text())


def test_every_address_says_what_it_does_and_how_it_fails() -> None:
    described = _described()
    for path, methods in described["paths"].items():
        for operation in methods.values():
            assert operation["summary"], path
            assert operation["description"], path
            if path.startswith("/v1/"):
                assert "401" in operation["responses"], path
            for status, answer in operation["responses"].items():
                if status >= "400":
                    assert set(answer["content"]) == {"application/problem+json"}, (path, status)


def test_every_reference_of_the_description_leads_somewhere() -> None:
    described = _described()
    text = json.dumps(described)
    names = set(re.findall(r'"#/components/schemas/([^"]+)"', text))
    assert names <= set(described["components"]["schemas"])


def test_examples_are_valid() -> None:
    for model in (DenialDetail, ReviewRequest, Taken):
        for example in model.model_config["json_schema_extra"]["examples"]:  # type: ignore[index,call-overload]
            model.model_validate(example)


def test_the_page_lists_every_address_and_loads_nothing(reader: TestClient) -> None:
    page = reader.get("/api")
    assert page.headers["content-type"].startswith("text/html")
    for path in _described()["paths"]:
        assert f"<code>{path}</code>" in page.text
    assert "<script" not in page.text
    assert not re.search(r"(src|href)=['\"]?(https?:)?//", page.text)
    (style,) = re.findall(r"<style>(.*?)</style>", page.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page.headers["content-security-policy"]
    assert reader.get("/docs").status_code == 404


def _shown(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every parameter, body and answer of an operation that is to have an example."""
    yield from ((one["name"], one) for one in operation.get("parameters", ()))
    yield from operation.get("requestBody", {}).get("content", {}).items()
    for status, answer in operation["responses"].items():
        yield from ((f"{status} {kind}", content) for kind, content in answer.get("content", {}).items())


def test_every_request_and_answer_has_an_example_of_its_schema() -> None:
    described = _described()
    registry = Registry().with_resource("urn:d", Resource(contents=described, specification=DRAFT202012))
    checked = 0
    for path, methods in described["paths"].items():
        for operation in methods.values():
            for name, part in _shown(operation):
                shown = [part["example"]] if "example" in part else [e["value"] for e in part["examples"].values()]
                schema = json.loads(json.dumps(part["schema"]).replace('"#/', '"urn:d#/'))
                for example in shown:
                    faults = jsonschema.Draft202012Validator(schema, registry=registry).iter_errors(example)
                    assert not [fault.message for fault in faults], (path, name)
                    checked += 1
                assert shown, (path, name)
    assert checked > 500


def test_every_change_of_the_api_says_how_repeats_rates_and_versions_are_answered() -> None:
    for path, methods in _described()["paths"].items():
        for method, operation in methods.items():
            if not path.startswith("/v1/"):
                continue
            names = {one["name"] for one in operation.get("parameters", ())}
            assert "429" in operation["responses"], path
            if method == "post":
                assert "Idempotency-Key" in names, path
                assert {"409", "422"} <= operation["responses"].keys(), path
            if path.endswith(("/review", "/letter.docx", "/accept")) and method == "post":
                assert "If-Match" in names, path
                assert {"412", "428"} <= operation["responses"].keys(), path
