"""One's own account, the users' page, one-time links, and deciding in one's own name."""

import re

import pyotp
import pytest
from door import HERE, PASSWORD, Door, page_token

from api.access.deciding import decider
from api.access.principal import DEMO_VISITOR, KEY_HOLDER, with_role
from api.problems import ProblemError

NEW = "glacier lantern zebra mint"


def test_from_one_time_link_to_recovery_code(door: Door) -> None:
    _, code = door.users().add("mara", "Mara Olin", "biller", None)
    assert code
    browser = door.browser()
    weak = browser.post("/sign-in/password", data={"code": code, "password": "password1234"})
    assert weak.status_code == 422
    assert browser.post("/sign-in/password", data={"code": code, "password": PASSWORD}).status_code == 303
    assert browser.post("/sign-in/password", data={"code": code, "password": NEW}).status_code == 422
    entered = browser.post("/sign-in", data={"login": "mara", "password": PASSWORD})
    assert entered.headers["location"] == "/account/second-factor"
    browser.headers["x-page-token"] = page_token(browser)
    assert browser.get("/v1/practices").status_code == 403  # nothing else before the second factor is set up
    assert browser.get("/users").headers["location"] == "/account/second-factor"
    page = browser.get("/account/second-factor").text
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', page)
    assert secret
    door.secrets["mara"] = secret.group(1).replace(" ", "")
    picture = browser.get("/account/second-factor/picture.svg")
    assert (picture.headers["content-type"], picture.status_code) == ("image/svg+xml", 200)
    assert browser.post("/account/second-factor", data={"code": "000000"}).status_code == 422
    done = browser.post("/account/second-factor", data={"code": door.code("mara")})
    codes = re.findall(r"<code>([a-z2-9]{5}-[a-z2-9]{5})</code>", done.text)
    assert len(set(codes)) == 10
    assert browser.get("/v1/practices").status_code == 200
    assert browser.get("/account/second-factor/picture.svg").status_code == 404
    for _ in range(2):
        again = door.browser()
        again.post("/sign-in", data={"login": "mara", "password": PASSWORD})
        last = again.post("/sign-in/code", data={"code": codes[0].upper().replace("-", " ")})
    assert last.status_code == 401  # each once
    assert "9 recovery codes left" in browser.get("/account").text


def test_a_link_is_good_for_a_day_and_not_after_a_newer_one(door: Door) -> None:
    user, first = door.users().add("mara", "Mara Olin", "biller", None)
    _, second = door.users().reset(user.user_id)
    browser = door.browser()
    assert browser.post("/sign-in/password", data={"code": first, "password": PASSWORD}).status_code == 422
    door.clock.pass_(hours=24)
    assert browser.post("/sign-in/password", data={"code": second, "password": PASSWORD}).status_code == 422


def test_a_new_password_ends_the_other_sessions_and_needs_the_old_one(door: Door) -> None:
    door.user("mara")
    browser, other = door.signed_in("mara"), door.signed_in("mara")
    for body in ({"present": "wrong", "password": NEW}, {"present": PASSWORD, "password": "password1234"}):
        assert browser.post("/account/password", data=body).status_code == 422
    assert browser.post("/account/password", data={"present": PASSWORD, "password": NEW}).status_code == 303
    assert (browser.get("/account").status_code, other.get("/account").status_code) == (200, 303)


def test_another_phone_needs_password_and_code(door: Door) -> None:
    door.user("mara")
    browser = door.signed_in("mara")
    for body in ({"present": PASSWORD, "code": "000000"}, {"present": "wrong", "code": door.code("mara")}):
        assert browser.post("/account/second-factor/anew", data=body).status_code == 422
    done = browser.post("/account/second-factor/anew", data={"present": PASSWORD, "code": door.code("mara")})
    assert done.headers["location"] == "/account/second-factor"
    assert browser.get("/v1/practices").status_code == 403
    door.clock.pass_(seconds=30)
    browser.headers["x-page-token"] = page_token(browser)
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', browser.get("/account/second-factor").text)
    assert secret
    assert secret.group(1).replace(" ", "") != door.secrets["mara"]
    code = pyotp.TOTP(secret.group(1).replace(" ", "")).at(int(door.clock().timestamp()))
    assert browser.post("/account/second-factor", data={"code": code}).status_code == 200


def test_the_last_administrator_stays(door: Door) -> None:
    boss = door.user("boss", "administrator")
    browser = door.signed_in("boss")
    for how, body in (("disable", {}), ("change", {"role": "biller", "every": "true"})):
        assert browser.post(f"/users/{boss.user_id}/{how}", data=body).status_code == 422
    assert browser.get("/users").status_code == 200
    added = browser.post(
        "/users", data={"login": "two@x.example", "name": "Two", "role": "administrator", "every": "1"}
    )
    assert added.status_code == 200
    assert re.search(r'class="secret">[\w-]{43}<', added.text)
    assert browser.post("/users", data={"login": "s", "name": "S", "role": "service", "every": "1"}).status_code == 422
    assert browser.post(f"/users/{boss.user_id}/disable").status_code == 303
    assert browser.get("/users").status_code == 303


def test_what_users_write_is_text_on_every_page(door: Door) -> None:
    door.user("boss", "administrator")
    browser = door.signed_in("boss")
    name = "<script>alert(1)</script>"
    page = browser.post("/users", data={"login": "x@x.example", "name": name, "role": "biller", "every": "1"})
    assert name not in page.text
    assert "&lt;script&gt;" in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert page.headers["referrer-policy"] == "same-origin"


def test_who_signs_in_decides_in_their_own_name_and_role() -> None:
    mara = with_role("usr_1", "user", "Mara Olin", "biller", None)
    assert decider(mara, None, None) == ("Mara Olin", "biller")
    assert decider(mara, "Mara Olin", "biller") == ("Mara Olin", "biller")
    for by, role in (("Otto", None), (None, "manager"), (None, "clinician")):
        with pytest.raises(ProblemError, match="you decide"):
            decider(mara, by, role)  # type: ignore[arg-type]
    pms = with_role("cli_1", "client", "PMS", "service", None)
    assert decider(pms, "Otto", None) == ("Otto (PMS)", None)
    with pytest.raises(ProblemError):
        decider(pms, "Otto", "manager")
    assert decider(KEY_HOLDER, "Otto", "manager") == ("Otto", "manager")
    with pytest.raises(ProblemError, match="say who decided"):
        decider(KEY_HOLDER, None, None)
    assert decider(DEMO_VISITOR, None, None) == ("Demo", "manager")


def test_pages_of_the_door_load_nothing_from_elsewhere(door: Door) -> None:
    browser = door.browser()
    for address in ("/sign-in", "/sign-in/password"):
        page = browser.get(address)
        assert not re.search(r"(src|href)=['\"]?(https?:)?//", page.text)
        for link in re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text):
            assert browser.get(link).status_code == 200
    assert HERE not in browser.get("/sign-in").text
