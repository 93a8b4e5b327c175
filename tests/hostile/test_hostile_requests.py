"""Requests made by hand to take the server down or out of its words: each is refused as a request, none is an error."""

import base64
import json

import pytest
from door import HERE, KEY, Door

from api.access.clients import ASSERTION

FORM = "application/x-www-form-urlencoded"


def _token(payload: bytes) -> dict[str, str]:
    body = base64.urlsafe_b64encode(payload).decode().rstrip("=")
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION,
        "client_assertion": f"e30.{body}.c2ln",
    }


@pytest.mark.parametrize("host", ["[", "]", "[::1", "a b", "127.0.0.1:99999999", "", "//", "[v1.x]"])
def test_a_host_that_is_none_is_no_error_of_ours(door: Door, host: str) -> None:
    for path in ("/", "/health", "/sign-in", "/queue", "/v1/denials"):
        answered = door.app.get(path, headers={"host": host, "cookie": "overturn=x; __Host-overturn=x"})
        assert answered.status_code < 500, path
        assert "x-request-id" in answered.headers


@pytest.mark.parametrize("origin", ["http://[", "null", "", "[", "http://127.0.0.1:8710@evil.example", "file://"])
def test_an_origin_that_is_none_is_another_sites(door: Door, origin: str) -> None:
    answered = door.browser().post("/sign-in", data={"login": "a", "password": "b"}, headers={"origin": origin})
    assert answered.status_code == 403


def test_no_origin_is_ours_for_want_of_a_host(door: Door) -> None:
    headers = {"origin": "null", "host": ""}
    assert door.browser().post("/sign-in", data={"login": "a"}, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "payload",
    [
        *(b"[" * 7000, b'{"a":' * 1400, b'{"iss":"\\ud800"}', b'{"iss":"\\u0000"}', b'{"iss":1}', b"null", b"\xff"),
        *(b'{"iss":' + b"9" * 6000 + b"}", '{"iss":"é"}'.encode()),
    ],
)
def test_an_assertion_that_is_none_is_refused_in_the_standards_words(door: Door, payload: bytes) -> None:
    answered = door.app.post("/oauth/token", data=_token(payload))
    assert (answered.status_code, answered.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("shown", [b"Basic \xe9", b"Basic ====", b"Basic YQ", b"Basic gICA", b"Basic"])
def test_credentials_that_cannot_be_read_are_refused(door: Door, shown: bytes) -> None:
    asked = {"grant_type": "client_credentials"}
    answered = door.app.post("/oauth/token", data=asked, headers={"authorization": shown})  # type: ignore[dict-item]
    assert (answered.status_code, answered.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    "keys", ["[" * 15_000, '{"keys":' * 2000, '{"keys":[{"kty":"\\ud800"}]}', "null", '{"keys":{}}']
)
def test_keys_that_are_none_make_no_client(door: Door, keys: str) -> None:
    named = {"name": "pms", "scopes": "denials.read", "every": "true", "jwks": keys}
    answered = door.app.post("/clients", data=named, headers={"x-api-key": KEY})
    assert answered.status_code == 422, answered.text


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/code", "/sign-in/password", "/oauth/token", "/oauth/revoke"])
def test_nobody_sends_more_than_a_form(door: Door, path: str) -> None:
    for form in (b"login=" + b"a" * 1_100_000, b"a=&" * 400_000):
        answered = door.browser().post(path, content=form, headers={"content-type": FORM})
        assert answered.status_code == 413
        chunks = iter([form])  # without saying how long it is
        answered = door.browser().post(path, content=chunks, headers={"content-type": FORM})
        assert answered.status_code == 413


@pytest.mark.parametrize("body", [b"[" * 200_000, b'{"files":' + b"[" * 100_000, b'"\\ud800"', b"\x00", b"NaN"])
def test_json_made_to_break_its_reader_is_a_request_refused(door: Door, body: bytes) -> None:
    practice = next(iter(door.practices.values()))
    headers = {"x-api-key": KEY, "content-type": "application/json", "if-match": '"x"'}
    for path in ("/v1/jobs", "/v1/denials/den_x/review", "/v1/webhooks", "/v1/rules", "/queue/find"):
        answered = door.app.post(path, params={"practice": practice}, content=body, headers=headers)
        assert 400 <= answered.status_code < 500, (path, answered.text[:200])


def test_words_no_database_can_hold_are_refused_by_name(door: Door) -> None:
    practice = next(iter(door.practices.values()))
    said = json.dumps({"url": "https://receiver.example/\ud800", "kinds": []}).encode()
    headers = {"x-api-key": KEY, "content-type": "application/json", "idempotency-key": "words"}
    answered = door.app.post("/v1/webhooks", params={"practice": practice}, content=said, headers=headers)
    assert answered.status_code == 422


@pytest.mark.parametrize(
    "wanted",
    [
        *("//evil.example", "/\\evil.example", "\\/evil.example", "https://evil.example", "javascript:alert(1)"),
        *("/\t/evil.example", "/\n//evil.example", "/%0d%0aset-cookie:a=b\r\nset-cookie:c=d", "/sign-in/with/x"),
        *("///evil.example", " //evil.example", "/\u2028/evil", "@evil.example"),
    ],
)
def test_after_signing_in_no_address_leads_out(door: Door, wanted: str) -> None:
    login = f"u{abs(hash(wanted)) % 10**12}"
    door.user(login, practices=[next(iter(door.practices.values()))])
    browser = door.browser()
    first = browser.post("/sign-in", data={"login": login, "password": "maple otter crayon vivid", "next": wanted})
    second = browser.post("/sign-in/code", data={"code": door.code(login), "next": wanted})
    for answered in (first, second):
        assert answered.status_code == 303, answered.text
        leads = answered.headers["location"]
        assert leads.startswith("/")
        assert not leads.startswith(("//", "/\\"))
        assert "evil" not in leads.partition("?")[0].removeprefix("/%0d%0a")
        assert "c=d" not in answered.headers.get("set-cookie", "")
    assert HERE.startswith("http://127.0.0.1")
