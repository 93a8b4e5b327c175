"""Tokens for programs: secret or signed assertion, scopes, ends, errors of the standards."""

import json
from typing import Any

import pytest
from door import HERE, KEY, Door
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from api.access.clients import ASSERTION, BadClient

KEYS = ECKey.generate_key("P-256", {"kid": "one"})
JWKS = json.dumps(KeySet([KEYS]).as_dict(private=False))


def _ask(door: Door, **form: str) -> Any:
    return door.app.post("/oauth/token", data={"grant_type": "client_credentials", **form})


def _signed(door: Door, client_id: str, key: ECKey = KEYS, **claims: Any) -> str:
    now = int(door.clock().timestamp())
    body = {
        "iss": client_id, "sub": client_id, "aud": f"{HERE}/oauth/token", "jti": "assertion-1",
        "iat": now, "exp": now + 300, **claims,
    }  # fmt: skip
    return jwt.encode({"alg": "ES256", "kid": "one"}, {k: v for k, v in body.items() if v is not None}, key)


def test_a_secret_gets_a_token_that_opens_its_scopes_for_an_hour(door: Door) -> None:
    client, secret = door.clients().add("pms", {"denials.read", "files.write"}, None)
    assert secret
    for answered in (
        _ask(door, client_id=client.client_id, client_secret=secret),
        door.app.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=(client.client_id, secret)),
    ):
        given = answered.json()
        assert (answered.status_code, given["token_type"], given["expires_in"]) == (200, "Bearer", 3600)
        assert given["scope"] == "denials.read files.write"
        assert answered.headers["cache-control"] == "no-store"
    bearer = {"authorization": f"Bearer {given['access_token']}"}
    assert door.app.get("/v1/practices", headers=bearer).status_code == 200
    refused = door.app.get("/v1/outbox", headers=bearer)
    assert refused.status_code == 403
    assert refused.headers["www-authenticate"] == 'Bearer error="insufficient_scope", scope="sends.read"'
    door.clock.pass_(minutes=59)
    assert door.app.get("/v1/practices", headers=bearer).status_code == 200
    door.clock.pass_(minutes=1)
    ended = door.app.get("/v1/practices", headers=bearer)
    assert (ended.status_code, ended.headers["www-authenticate"]) == (401, 'Bearer error="invalid_token"')


def test_a_token_takes_fewer_scopes_never_more(door: Door) -> None:
    client, secret = door.clients().add("pms", {"denials.read", "files.write"}, None)
    fewer = _ask(door, client_id=client.client_id, client_secret=str(secret), scope="denials.read")
    assert fewer.json()["scope"] == "denials.read"
    more = _ask(door, client_id=client.client_id, client_secret=str(secret), scope="denials.read rules.read")
    assert (more.status_code, more.json()["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize("change", ["secret", "id", "none"])
def test_a_wrong_secret_is_invalid_client(door: Door, change: str) -> None:
    client, secret = door.clients().add("pms", {"denials.read"}, None)
    shown = {"client_id": client.client_id, "client_secret": str(secret)}
    wrong = {"secret": {**shown, "client_secret": "x"}, "id": {**shown, "client_id": "cli_0"}, "none": {}}[change]
    refused = _ask(door, **wrong)
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
    assert refused.headers["www-authenticate"].startswith("Basic")


def test_what_is_no_such_grant_is_said_in_the_standards_words(door: Door) -> None:
    client, secret = door.clients().add("pms", {"denials.read"}, None)
    auth = (client.client_id, str(secret))
    other = door.app.post("/oauth/token", data={"grant_type": "password"}, auth=auth)
    assert (other.status_code, other.json()["error"]) == (400, "unsupported_grant_type")
    assert door.app.post("/oauth/token", auth=auth).json()["error"] == "invalid_request"
    twice = {"grant_type": "client_credentials", "client_id": client.client_id, "client_secret": str(secret)}
    assert door.app.post("/oauth/token", data=twice, auth=auth).json()["error"] == "invalid_request"


def test_neither_secret_nor_token_stands_in_the_records(door: Door) -> None:
    client, secret = door.clients().add("pms", {"denials.read"}, None)
    token = _ask(door, client_id=client.client_id, client_secret=str(secret)).json()["access_token"]
    written = b"".join(path.read_bytes() for path in door.settings.home.glob("overturn.db*"))
    assert client.client_id.encode() in written
    assert str(secret).encode() not in written
    assert token.encode() not in written


def test_a_signed_assertion_counts_once(door: Door) -> None:
    client, secret = door.clients().add("pms", {"denials.read"}, None, JWKS)
    assert secret is None
    shown = {"client_assertion_type": ASSERTION, "client_assertion": _signed(door, client.client_id)}
    assert _ask(door, **shown).status_code == 200
    again = _ask(door, **shown)
    assert (again.status_code, again.json()["error"]) == (401, "invalid_client")
    fresh = {**shown, "client_assertion": _signed(door, client.client_id, jti="assertion-2")}
    assert _ask(door, **fresh).status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://other.example/oauth/token"}, {"aud": None}, {"sub": "cli_0"}, {"jti": None}, {"jti": 7},
        {"exp": None}, {"iat": None}, {"exp": 1}, {"iat": 9_999_999_999}, {"nbf": 9_999_999_999},
        {"exp": 9_999_999_999},
    ],
)  # fmt: skip
def test_an_assertion_that_does_not_hold_is_refused(door: Door, claims: dict[str, Any]) -> None:
    client, _ = door.clients().add("pms", {"denials.read"}, None, JWKS)
    shown = _signed(door, client.client_id, **claims)
    refused = _ask(door, client_assertion_type=ASSERTION, client_assertion=shown)
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


def test_an_assertion_signed_by_another_key_or_none_is_refused(door: Door) -> None:
    client, _ = door.clients().add("pms", {"denials.read"}, None, JWKS)
    strange = _signed(door, client.client_id, ECKey.generate_key("P-256", {"kid": "one"}))
    head, body, _ = _signed(door, client.client_id).split(".")
    unsigned = f"eyJhbGciOiJub25lIn0.{body}."
    for shown in (strange, unsigned, f"{head}.{body}.", "x", "a.b.c"):
        assert _ask(door, client_assertion_type=ASSERTION, client_assertion=shown).status_code == 401


def test_for_a_host_that_only_the_request_names_no_assertion_counts(door: Door) -> None:
    client, _ = door.clients().add("pms", {"denials.read"}, None, JWKS)
    shown = _signed(door, client.client_id, aud="https://other.example/oauth/token")
    form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION, "client_assertion": shown}
    assert door.app.post("/oauth/token", data=form, headers={"host": "other.example"}).status_code == 401


def test_private_keys_and_scopes_beyond_a_clients_are_not_taken(door: Door) -> None:
    for scopes, jwks in (
        ({"denials.read"}, json.dumps(KeySet([KEYS]).as_dict(private=True))),
        ({"users.manage"}, None),
    ):
        with pytest.raises(BadClient):
            door.clients().add("pms", scopes, None, jwks)
    for jwks in ("{}", "[]", "x", '{"keys": []}', '{"keys": [{"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQ"}]}'):
        with pytest.raises(BadClient):
            door.clients().add("pms", {"denials.read"}, None, jwks)


def test_revoked_and_ended_are_out_at_once(door: Door) -> None:
    client, secret = door.clients().add("pms", {"denials.read"}, None)
    auth = (client.client_id, str(secret))
    one, two = (_ask(door, client_id=auth[0], client_secret=auth[1]).json()["access_token"] for _ in range(2))
    other, hidden = door.clients().add("other", {"denials.read"}, None)
    door.app.post("/oauth/revoke", data={"token": one}, auth=(other.client_id, str(hidden)))
    assert door.app.get("/v1/practices", headers={"authorization": f"Bearer {one}"}).status_code == 200
    assert door.app.post("/oauth/revoke", data={"token": one}, auth=auth).status_code == 200
    assert door.app.get("/v1/practices", headers={"authorization": f"Bearer {one}"}).status_code == 401
    assert door.app.get("/v1/practices", headers={"authorization": f"Bearer {two}"}).status_code == 200
    door.clients().disable(client.client_id)
    assert door.app.get("/v1/practices", headers={"authorization": f"Bearer {two}"}).status_code == 401
    assert _ask(door, client_id=auth[0], client_secret=auth[1]).status_code == 401


def test_the_operators_key_stays_good(door: Door) -> None:
    for headers in ({"x-api-key": KEY}, {"authorization": f"Bearer {KEY}"}):
        assert door.app.get("/v1/practices", headers=headers).status_code == 200
