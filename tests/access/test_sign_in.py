"""Signing in by password and second factor, and what sessions then hold."""

import re

import pytest
from door import HERE, PASSWORD, Door, page_token

from api.access import passwords

COOKIE = "overturn"


def test_password_then_code_then_in(door: Door) -> None:
    door.user("mara")
    browser = door.browser()
    first = browser.post("/sign-in", data={"login": " Mara ", "password": PASSWORD, "next": "/account"})
    assert first.headers["location"] == "/sign-in/code?next=/account"
    assert browser.get("/account").headers["location"] == "/sign-in?next=/account"  # half in is not in
    second = browser.post("/sign-in/code", data={"code": door.code("mara"), "next": "/account"})
    assert second.headers["location"] == "/account"
    page = browser.get("/account")
    assert page.status_code == 200
    assert "Mara Olin" in page.text


def test_the_token_is_another_at_every_step_and_the_one_before_is_dead(door: Door) -> None:
    door.user("mara")
    browser = door.browser()
    browser.post("/sign-in", data={"login": "mara", "password": PASSWORD})
    half = browser.cookies[COOKIE]
    browser.post("/sign-in/code", data={"code": door.code("mara")})
    whole = browser.cookies[COOKIE]
    assert half != whole
    other = door.browser()
    other.cookies.set(COOKIE, half)
    assert other.get("/account").status_code == 303
    assert other.post("/sign-in/code", data={"code": "000000"}).headers["location"] == "/sign-in"


def test_on_this_machine_the_cookie_is_plain_beyond_it_bound_to_tls(door: Door) -> None:
    door.user("mara")
    answered = door.browser().post("/sign-in", data={"login": "mara", "password": PASSWORD})
    assert re.fullmatch(r"overturn=[\w-]{43}; HttpOnly; Path=/; SameSite=strict", answered.headers["set-cookie"])
    beyond = door.browser("https://overturn.example").post("/sign-in", data={"login": "mara", "password": PASSWORD})
    assert re.fullmatch(
        r"__Host-overturn=[\w-]{43}; HttpOnly; Path=/; SameSite=strict; Secure", beyond.headers["set-cookie"]
    )
    plain = door.browser("http://overturn.example")
    plain.cookies.set(COOKIE, door.signed_in("mara").cookies[COOKIE])
    assert plain.get("/account").status_code == 303


def test_a_code_is_taken_once_and_its_neighbours_only(door: Door) -> None:
    door.user("mara")
    code = door.code("mara")
    browser = door.browser()
    browser.post("/sign-in", data={"login": "mara", "password": PASSWORD})
    assert browser.post("/sign-in/code", data={"code": code}).status_code == 303
    again = door.browser()
    again.post("/sign-in", data={"login": "mara", "password": PASSWORD})
    replayed = again.post("/sign-in/code", data={"code": code})
    assert (replayed.status_code, COOKIE in replayed.cookies) == (401, False)
    door.clock.pass_(seconds=90)
    old = again.post("/sign-in/code", data={"code": code})
    assert old.status_code == 401
    assert again.post("/sign-in/code", data={"code": door.code("mara")}).status_code == 303


def test_wrong_is_wrong_in_the_same_words_whoever_it_is(door: Door) -> None:
    door.user("mara")
    door.user("gone")
    door.users().disable("gone")
    answers = {
        re.sub(r'value="\w+"', "", door.browser().post("/sign-in", data={"login": login, "password": password}).text)
        for login, password in (("mara", "wrong"), ("nobody", "wrong"), ("gone", PASSWORD), ("", ""))
    }
    assert len({text for text in answers if "No such login and password" in text}) == len(answers)


def test_a_user_that_is_not_there_takes_the_same_work(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    door.user("mara")
    verified: list[str] = []
    hasher = passwords._HASHER

    class Counting:
        def verify(self, stored: str, shown: str) -> bool:
            verified.append(stored)
            return hasher.verify(stored, shown)

        hash, check_needs_rehash = hasher.hash, hasher.check_needs_rehash

    monkeypatch.setattr(passwords, "_HASHER", Counting())
    for login in ("mara", "nobody"):
        door.browser().post("/sign-in", data={"login": login, "password": "wrong"})
    assert len(verified) == 2
    assert verified[0].split("$")[1:4] == verified[1].split("$")[1:4]  # the same parameters


def test_failures_close_a_login_for_longer_each_time(door: Door) -> None:
    door.user("mara")
    browser = door.browser()
    waits = []
    for _ in range(4):
        for _ in range(5):
            answered = browser.post("/sign-in", data={"login": "mara", "password": "wrong"})
            if answered.status_code == 429:
                break
        right = browser.post("/sign-in", data={"login": "mara", "password": PASSWORD})
        assert right.status_code == 429  # the right password is not looked at either
        waits.append(int(right.headers["retry-after"]))
        door.clock.pass_(seconds=waits[-1])
    assert waits == sorted(set(waits))
    assert waits[0] >= 30
    assert browser.post("/sign-in", data={"login": "mara", "password": PASSWORD}).status_code == 303


def test_failures_close_an_address_whatever_the_logins(door: Door) -> None:
    door.user("mara")
    browser = door.browser()
    for at in range(25):
        assert browser.post("/sign-in", data={"login": f"u{at}", "password": "wrong"}).status_code == 401
    assert browser.post("/sign-in", data={"login": "mara", "password": PASSWORD}).status_code == 429


def test_codes_are_not_guessed_either(door: Door) -> None:
    door.user("mara")
    browser = door.browser()
    browser.post("/sign-in", data={"login": "mara", "password": PASSWORD})
    answers = [browser.post("/sign-in/code", data={"code": f"{at:06}"}).status_code for at in range(7)]
    assert answers[-1] == 429
    assert browser.post("/sign-in/code", data={"code": door.code("mara")}).status_code == 429


def test_a_session_ends_unused_and_ends_at_last(door: Door) -> None:
    door.user("mara")
    browser = door.signed_in("mara")
    for _ in range(70):
        door.clock.pass_(minutes=10)
        assert browser.get("/account").status_code == 200
    door.clock.pass_(minutes=15)
    assert browser.get("/account").status_code == 303
    browser = door.signed_in("mara")
    for _ in range(71):
        door.clock.pass_(minutes=10)
        assert browser.get("/account").status_code == 200
    door.clock.pass_(minutes=10)
    assert browser.get("/account").status_code == 303


def test_signed_out_is_out_and_everywhere_is_everywhere(door: Door) -> None:
    door.user("mara")
    one, two = door.signed_in("mara"), door.signed_in("mara")
    kept = one.cookies[COOKIE]
    assert one.post("/sign-out").headers["location"] == "/sign-in"
    one.cookies.set(COOKIE, kept)
    assert one.get("/account").status_code == 303
    three = door.signed_in("mara")
    assert two.post("/sign-out/everywhere").status_code == 303
    assert (two.get("/account").status_code, three.get("/account").status_code) == (303, 303)


@pytest.mark.parametrize("how", ["role", "practice", "disable", "reset"])
def test_what_changes_a_user_ends_their_sessions_at_once(door: Door, how: str) -> None:
    user = door.user("mara", "biller", [door.practices["Cedar Oncology"]])
    browser = door.signed_in("mara")
    changes = {
        "role": lambda: door.users().change(user.user_id, "coder", user.practices),
        "practice": lambda: door.users().change(user.user_id, "biller", [door.practices["Aspen Oncology"]]),
        "disable": lambda: door.users().disable(user.user_id),
        "reset": lambda: door.users().reset(user.user_id),
    }
    changes[how]()
    assert browser.get("/account").status_code == 303


def test_programs_and_parts_of_pages_get_401_and_no_redirect(door: Door) -> None:
    browser = door.browser()
    assert browser.get("/v1/denials").status_code == 401
    assert browser.get("/account", headers={"hx-request": "true"}).status_code == 401
    assert browser.get("/account", headers={"accept": "application/json"}).status_code == 401


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "/sign-in", "x", "/\n"]
)
def test_after_signing_in_one_is_led_to_our_own_pages_only(door: Door, wanted: str) -> None:
    door.user("mara")
    browser = door.browser()
    browser.post("/sign-in", data={"login": "mara", "password": PASSWORD})
    led = browser.post("/sign-in/code", data={"code": door.code("mara"), "next": wanted})
    assert led.headers["location"] == "/"


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ({"origin": "https://evil.example"}, "origin-refused"),
        ({"origin": "null"}, "origin-refused"),
        ({"sec-fetch-site": "cross-site"}, "origin-refused"),
        ({"origin": ""}, "origin-refused"),
        ({"x-page-token": ""}, "page-outdated"),
        ({"x-page-token": "0" * 64}, "page-outdated"),
    ],
)
def test_another_sites_page_changes_nothing(door: Door, headers: dict[str, str], name: str) -> None:
    door.user("mara")
    browser = door.signed_in("mara")
    refused = browser.post("/sign-out", headers={"accept": "application/json", **headers})
    assert (refused.status_code, refused.json()["type"]) == (403, f"urn:overturn:problem:{name}")
    assert browser.get("/account").status_code == 200


def test_a_cookie_alone_without_origin_or_token_changes_nothing(door: Door) -> None:
    door.user("mara")
    browser = door.signed_in("mara")
    del browser.headers["origin"]
    assert browser.post("/sign-out").status_code == 403
    browser.headers["origin"] = HERE
    del browser.headers["x-page-token"]
    assert browser.post("/sign-out").status_code == 403
    assert browser.post("/v1/work").status_code == 403
    assert browser.post("/sign-out", json={"page_token": page_token(browser)}).status_code == 403
    assert browser.post("/sign-out", data={"page_token": page_token(browser)}).status_code == 303


def test_the_token_of_one_session_is_no_good_in_another(door: Door) -> None:
    door.user("mara")
    door.user("otto")
    mara, otto = door.signed_in("mara"), door.signed_in("otto")
    assert mara.post("/sign-out", headers={"x-page-token": page_token(otto)}).status_code == 403


def test_signing_in_from_another_sites_form_is_refused(door: Door) -> None:
    door.user("mara")
    browser = door.browser()
    body = {"login": "mara", "password": PASSWORD}
    assert browser.post("/sign-in", data=body, headers={"origin": "https://evil.example"}).status_code == 403
    del browser.headers["origin"]
    assert browser.post("/sign-in", data=body).status_code == 403
    assert browser.post("/sign-in", data=body, headers={"sec-fetch-site": "same-origin"}).status_code == 303
