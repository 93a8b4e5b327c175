"""A practice's own sign-on, against a provider of our own that signs like a real one."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2 as httpx
import pytest
from door import Clock, Door, opened_door
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from pydantic import SecretStr

from api.access.providers import BadProviders, Provider, read_providers
from api.access.settings import AccessSettings
from knowledge.records.access import User

ISSUER = "https://login.example/cedar"
KEYS = ECKey.generate_key("P-256", {"kid": "one"})


class FakeProvider:
    """Answers as OpenID Connect asks; `claims` change what it says of who signed in."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.claims, self.key = clock, {}, KEYS
        self.asked: dict[str, str] = {}
        self.sign: Callable[[dict[str, Any], dict[str, Any], Any], str] = jwt.encode
        self.document = {
            "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/authorize", "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
        }  # fmt: skip

    def answer(self, request: httpx.Request) -> httpx.Response:
        address = str(request.url)
        if address == f"{ISSUER}/.well-known/openid-configuration":
            return self._json(self.document)
        if address == f"{ISSUER}/keys":
            return self._json(KeySet([KEYS]).as_dict(private=False))
        return self.token(request) if address == f"{ISSUER}/token" else httpx.Response(404)

    def token(self, request: httpx.Request) -> httpx.Response:
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        made = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if form["code"] != "the-code" or made != self.asked["code_challenge"]:
            return httpx.Response(400, json={"error": "invalid_grant"})
        assert request.headers["authorization"].startswith("Basic ")
        now = int(self.clock().timestamp())
        claims: dict[str, Any] = {
            "iss": ISSUER, "aud": "overturn", "sub": "s-1", "iat": now, "exp": now + 300, "nonce": self.asked["nonce"],
            "email": "mara@cedar.example", "email_verified": True, "name": "Mara Olin", **self.claims,
        }  # fmt: skip
        signed = self.sign({"alg": "ES256", "kid": "one"}, claims, self.key)
        return self._json({"access_token": "x", "token_type": "Bearer", "id_token": signed})

    def _json(self, body: object) -> httpx.Response:
        return httpx.Response(200, json=body)


@pytest.fixture
def elsewhere(home: Path) -> Iterator[tuple[Door, FakeProvider]]:
    clock = Clock()
    with opened_door(home, clock=clock) as first:
        cedar = first.practices["Cedar Oncology"]
    provider = Provider(
        id="cedar", name="Cedar Oncology", issuer=ISSUER, client_id="overturn", practices=frozenset((cedar,))
    ).model_copy(update={"client_secret": SecretStr("a-secret")})
    fake = FakeProvider(clock)
    with opened_door(home, AccessSettings(providers=(provider,)), clock) as door:
        door.app.app.state.sign_on_transport = httpx.MockTransport(fake.answer)  # type: ignore[attr-defined]
        yield door, fake


def _member(door: Door, practices: list[str] | None, login: str = "mara@cedar.example") -> User:
    return door.users().add(login, "Mara Olin", "biller", practices)[0]


def _go(door: Door, fake: FakeProvider, **returned: str) -> tuple[Any, Any]:
    browser = door.browser()
    left = browser.get("/sign-in/with/cedar")
    assert left.status_code == 303, left.text
    fake.asked = {name: values[0] for name, values in parse_qs(urlsplit(left.headers["location"]).query).items()}
    answer = {"state": fake.asked["state"], "code": "the-code", **returned}
    return browser, browser.get("/sign-in/return", params={k: v for k, v in answer.items() if v})


def test_a_member_is_signed_in_and_known_by_sub_from_then_on(elsewhere: tuple[Door, FakeProvider]) -> None:
    door, fake = elsewhere
    _member(door, [door.practices["Cedar Oncology"]])
    browser, back = _go(door, fake)
    assert back.status_code == 200
    assert fake.asked["code_challenge_method"] == "S256"
    assert fake.asked["redirect_uri"].endswith("/sign-in/return")
    assert "Mara Olin" in browser.get("/account").text
    fake.claims = {"email": "renamed@cedar.example"}
    browser, _ = _go(door, fake)
    assert browser.get("/account").status_code == 200
    fake.claims = {"sub": "s-2"}  # somebody else who got the address later
    browser, back = _go(door, fake)
    assert (back.status_code, browser.get("/account").status_code) == (401, 303)


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False}, {"email": "nobody@cedar.example"}, {"email": None}, {"nonce": "another"},
        {"aud": "another"}, {"iss": "https://evil.example"}, {"exp": 1}, {"azp": "another"}, {"sub": None},
    ],
)  # fmt: skip
def test_who_cannot_be_relied_on_is_not_signed_in(elsewhere: tuple[Door, FakeProvider], claims: dict[str, Any]) -> None:
    door, fake = elsewhere
    _member(door, [door.practices["Cedar Oncology"]])
    fake.claims = claims
    browser, back = _go(door, fake)
    assert back.status_code in (401, 502)
    assert browser.get("/account").status_code == 303


def test_a_practices_sign_on_signs_in_nobody_of_another_practice(elsewhere: tuple[Door, FakeProvider]) -> None:
    door, fake = elsewhere
    both = [door.practices["Cedar Oncology"], door.practices["Aspen Oncology"]]
    for practices in (both, [both[1]], None):
        user = _member(door, practices, f"m{len(practices or [])}{(practices or ['x'])[-1][-2:]}@cedar.example")
        fake.claims = {"email": user.login}
        browser, back = _go(door, fake)
        assert (back.status_code, browser.get("/account").status_code) == (401, 303)


def test_signed_by_another_key_or_answered_by_another_issuer_is_refused(elsewhere: tuple[Door, FakeProvider]) -> None:
    door, fake = elsewhere
    _member(door, [door.practices["Cedar Oncology"]])
    fake.key = ECKey.generate_key("P-256", {"kid": "one"})
    assert _go(door, fake)[1].status_code == 502
    fake.key = KEYS
    assert _go(door, fake, iss="https://evil.example")[1].status_code == 502
    assert _go(door, fake, code="stolen")[1].status_code == 502
    assert _go(door, fake, code="", error="access_denied")[1].status_code == 502
    assert _go(door, fake)[1].status_code == 200


def _unsigned(claims: dict[str, Any], header: dict[str, str], signature: bytes = b"") -> str:
    parts = (json.dumps(header).encode(), json.dumps(claims).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


@pytest.mark.parametrize("how", ["none", "None", "hs256-of-the-public-key", "key-of-its-own-in-the-head"])
def test_signatures_of_other_ways_than_agreed_count_for_nothing(
    elsewhere: tuple[Door, FakeProvider], monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    door, fake = elsewhere
    _member(door, [door.practices["Cedar Oncology"]])

    def forged(header: dict[str, Any], claims: dict[str, Any], _key: object) -> str:
        if how == "hs256-of-the-public-key":
            head = {"alg": "HS256", "kid": "one"}
            signed = _unsigned(claims, head).rpartition(".")[0]
            return f"{signed}." + base64.urlsafe_b64encode(
                hmac.digest(KEYS.as_pem(private=False), signed.encode(), "sha256")
            ).decode().rstrip("=")
        if how == "key-of-its-own-in-the-head":
            own = ECKey.generate_key("P-256", {"kid": "one"})
            return jwt.encode({"alg": "ES256", "kid": "one", "jwk": own.as_dict(private=False)}, claims, own)
        return _unsigned(claims, {"alg": how, "kid": "one"})

    monkeypatch.setattr(fake, "sign", forged)
    browser, back = _go(door, fake)
    assert (back.status_code, browser.get("/account").status_code) == (502, 303)


def test_a_sign_on_that_names_itself_in_its_answers_must_do_so(elsewhere: tuple[Door, FakeProvider]) -> None:
    """RFC 9207: else the answer of one sign-on could be taken for another's."""
    door, fake = elsewhere
    _member(door, [door.practices["Cedar Oncology"]])
    fake.document = {**fake.document, "authorization_response_iss_parameter_supported": True}
    assert _go(door, fake)[1].status_code == 502
    assert _go(door, fake, iss="https://evil.example")[1].status_code == 502
    assert _go(door, fake, iss=ISSUER)[1].status_code == 200


def test_the_cookie_of_a_sign_on_is_this_hosts_own(elsewhere: tuple[Door, FakeProvider]) -> None:
    door, _ = elsewhere
    left = door.browser("https://overturn.example").get("/sign-in/with/cedar")
    cookie = left.headers["set-cookie"]
    assert cookie.startswith("__Host-overturn-sign-on=")
    assert {"secure", "httponly", "path=/", "samesite=lax"} <= {part.strip().lower() for part in cookie.split(";")}
    assert "domain" not in cookie.lower()


def test_a_return_counts_once_in_its_own_browser_in_time(elsewhere: tuple[Door, FakeProvider]) -> None:
    door, fake = elsewhere
    _member(door, [door.practices["Cedar Oncology"]])
    browser, back = _go(door, fake)
    assert back.status_code == 200
    assert browser.get("/sign-in/return", params={"state": fake.asked["state"], "code": "the-code"}).status_code == 401
    assert _go(door, fake, state="made-up")[1].status_code == 401
    victim, attacker = door.browser(), door.browser()
    left = attacker.get("/sign-in/with/cedar").headers["location"]
    fake.asked = {name: values[0] for name, values in parse_qs(urlsplit(left).query).items()}
    victim.get("/sign-in/with/cedar")
    lured = victim.get("/sign-in/return", params={"state": fake.asked["state"], "code": "the-code"})
    assert (lured.status_code, victim.get("/account").status_code) == (401, 303)


def test_a_sign_on_that_changes_its_name_or_answers_without_tls_is_left(elsewhere: tuple[Door, FakeProvider]) -> None:
    door, fake = elsewhere
    for change in ({"issuer": "https://evil.example"}, {"token_endpoint": "http://login.example/token"}):
        before, fake.document = fake.document, {**fake.document, **change}
        assert door.browser().get("/sign-in/with/cedar").status_code == 502
        fake.document = before
    assert door.browser().get("/sign-in/with/nowhere").status_code == 502


def test_the_file_of_sign_ons_holds_no_secret_and_says_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "sign_on.yaml"
    good = (
        "providers:\n  - {id: cedar, name: Cedar, issuer: 'https://login.example', client_id: o, practices: [prc_1], "
        "client_secret_variable: CEDAR_SECRET}\n"
    )
    path.write_text(good)
    (found,) = read_providers(path, {"CEDAR_SECRET": "s3cret"})
    assert found.client_secret is not None
    assert "s3cret" not in repr(found)
    with pytest.raises(BadProviders, match="CEDAR_SECRET is not set"):
        read_providers(path, {})
    for change in (("https://", "http://"), ("practices: [prc_1]", "practices: []"), ("client_id: o", "x: y")):
        path.write_text(good.replace(*change))
        with pytest.raises(BadProviders):
            read_providers(path, {"CEDAR_SECRET": "s3cret"})
