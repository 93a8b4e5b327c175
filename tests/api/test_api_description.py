import base64
import hashlib
import json
import re
from pathlib import Path

from fastapi.testclient import TestClient

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
