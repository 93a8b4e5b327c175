"""Guessing at the door: slowed down for whoever guesses, and for nobody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from door import HERE, PASSWORD, Door, add_practice, opened_door
from fastapi.testclient import TestClient

from api.access import passwords


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Door]:
    add_practice(tmp_path / "home", "Cedar Oncology", "841234567")
    with opened_door(tmp_path / "home") as made:
        yield made


def _from(door: Door, address: str) -> TestClient:
    return TestClient(
        door.app.app, base_url=HERE, headers={"origin": HERE, "accept": "text/html"}, follow_redirects=False,
        raise_server_exceptions=False, client=(address, 40000),
    )  # fmt: skip


def _tried(browser: TestClient, login: str, password: str) -> int:
    return browser.post("/sign-in", data={"login": login, "password": password}).status_code


def test_who_fails_at_a_login_from_elsewhere_keeps_its_owner_out_of_nothing(opened: Door) -> None:
    opened.user("mara")
    stranger = _from(opened, "203.0.113.7")
    answers = [_tried(stranger, "mara", f"wrong {at}") for at in range(40)]
    assert answers[:5] == [401] * 5
    assert set(answers[5:]) == {429}
    assert _tried(stranger, "mara", PASSWORD) == 429
    assert _tried(_from(opened, "198.51.100.2"), "mara", PASSWORD) == 303


def test_many_addresses_together_are_slowed_down_at_one_login(opened: Door) -> None:
    opened.user("mara")
    answers = [_tried(_from(opened, f"203.0.113.{at % 250}"), "mara", f"wrong {at}") for at in range(110)]
    assert answers.count(401) <= 100
    assert answers[-1] == 429


def test_right_passwords_between_wrong_ones_do_not_pay_for_codes(opened: Door) -> None:
    """Whoever has the password alone gets no more tries at the code by giving the password again."""
    opened.user("mara")
    browser = _from(opened, "203.0.113.7")
    answers = []
    for at in range(12):
        _tried(browser, "mara", PASSWORD)
        answers.append(browser.post("/sign-in/code", data={"code": f"{at:06}"}).status_code)
    assert answers.count(401) <= 5
    assert answers[-1] in (303, 429)


def test_codes_of_links_that_do_not_hold_cost_no_hash(opened: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    monkeypatch.setattr(passwords, "hashed", lambda password: hashed.append(password) or "x")
    for at in range(5):
        given = {"code": f"guess {at}", "password": PASSWORD}
        assert _from(opened, "203.0.113.7").post("/sign-in/password", data=given).status_code == 422
    assert hashed == []


def test_a_weak_password_leaves_the_link_as_it_was(opened: Door) -> None:
    _, code = opened.users().add("mara", "Mara Olin", "biller", None)
    browser = _from(opened, "203.0.113.7")
    own = browser.post("/sign-in/password", data={"code": code, "password": "Mara Olin mara olin 1"})
    assert own.status_code == 422
    assert browser.post("/sign-in/password", data={"code": code, "password": PASSWORD}).status_code == 303
    assert browser.post("/sign-in/password", data={"code": code, "password": PASSWORD}).status_code == 422


def test_a_code_that_was_taken_opens_no_second_session(opened: Door) -> None:
    opened.user("mara")
    one, two = _from(opened, "203.0.113.7"), _from(opened, "198.51.100.2")
    code = opened.code("mara")
    assert [_tried(each, "mara", PASSWORD) for each in (one, two)] == [303, 303]
    assert one.post("/sign-in/code", data={"code": code}).status_code == 303
    assert two.post("/sign-in/code", data={"code": code}).status_code == 401
    assert two.post("/sign-in/code", data={"code": f" {code[:3]} {code[3:]} "}).status_code == 401


def test_a_session_given_by_somebody_else_is_not_the_one_signed_in_with(opened: Door) -> None:
    """Fixation: a token planted in a browser is none after its owner has signed in."""
    opened.user("mara")
    browser = _from(opened, "198.51.100.2")
    browser.cookies.set("overturn", "planted-by-somebody", domain="127.0.0.1", path="/")
    _tried(browser, "mara", PASSWORD)
    browser.post("/sign-in/code", data={"code": opened.code("mara")})
    other = _from(opened, "203.0.113.7")
    other.cookies.set("overturn", "planted-by-somebody")
    assert other.get("/account").status_code == 303


def test_who_asks_for_signing_in_without_end_is_held_back_and_nobody_else_is(opened: Door) -> None:
    stranger = _from(opened, "203.0.113.7")
    answers = [stranger.get("/sign-in/with/nowhere") for _ in range(310)]
    assert [one.status_code for one in answers].count(429) == 10
    refused = answers[-1]
    assert refused.headers["content-type"].startswith("text/html")
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert stranger.get("/sign-in/return").status_code == 429
    assert _from(opened, "198.51.100.2").get("/sign-in").status_code == 200
