"""Rules over the API and by command: who may, what is unknown, what stands against each other, two at once, cut off."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from learning_home import DOSE, LATER, WASTE, Home, clock
from typer.testing import CliRunner

from agent.learning.deciding import accept
from agent.office import Office
from api.app import create_app
from api.cli import app as commands
from api.settings import Settings

KEY = "a-key-that-is-long-enough"
MANAGER = {"by": "Max Ode", "role": "manager", "reason": "by phone"}


@pytest.fixture
def client(root: Path) -> Iterator[TestClient]:
    app = create_app(Settings(home=root, api_key=KEY, patience=60.0), lambda given: Office.open(given.home, clock))
    with TestClient(
        app, base_url="http://127.0.0.1:8710", headers={"X-API-Key": KEY}, raise_server_exceptions=False
    ) as made:
        yield made


def proposed(client: TestClient, denial_id: str = DOSE, **change: Any) -> str:
    body = {"denial_id": denial_id, "change": change, "by": "Ana Ruiz", "reason": "their letter"}
    answer = client.post("/v1/rules", json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["rule_id"])


def decided(client: TestClient, rule: str, what: str, **more: Any) -> Any:
    """Decide on a rule as it stands now."""
    tag = client.get(f"/v1/rules/{rule}").headers.get("etag", '"none"')
    return client.post(f"/v1/rules/{rule}/{what}", json={**MANAGER, **more}, headers={"If-Match": tag})


def problem(answer: Any) -> str:
    return str(answer.json()["type"]).rpartition(":")[2]


def test_a_rule_is_accepted_by_who_may_and_withdrawn_again(client: TestClient) -> None:
    rule = proposed(client, remedy="appeal")
    refused = decided(client, rule, "accept", role="biller")
    assert (problem(refused), client.get(f"/v1/rules/{rule}").json()["state"]) == ("rule-refused", "proposed")
    assert decided(client, rule, "accept").json()["state"] == "in_force"
    assert decided(client, rule, "accept").json()["version"] == 1
    assert decided(client, rule, "withdraw").json()["state"] == "withdrawn"


def test_rules_that_may_want_otherwise_name_each_other(client: TestClient) -> None:
    first, second = proposed(client, remedy="appeal"), proposed(client, WASTE, remedy="reconsideration")
    assert decided(client, first, "accept", scope="any-code").status_code == 200
    assert client.get(f"/v1/rules/{second}").json()["conflicts"] == [first]


@pytest.mark.parametrize("what", ["accept", "withdraw"])
def test_a_rule_that_is_none_is_unknown(client: TestClient, what: str) -> None:
    answer = decided(client, "R-nothing", what)
    assert (answer.status_code, problem(answer)) == (404, "rule-unknown")


def test_the_command_accepts_reworks_and_says_what_changed(root: Path) -> None:
    with Office.open(root, clock) as office:
        rule = Home(office).propose(DOSE, remedy="appeal").rule_id
    run = CliRunner()
    told = ["--reason", "by phone", "--by", "Max Ode", "--home", str(root)]
    assert run.invoke(commands, ["rules", "accept", rule, "--as", "biller", *told]).exit_code != 0
    assert run.invoke(commands, ["rules", "accept", "R-nothing", "--as", "manager", *told]).exit_code != 0
    done = run.invoke(commands, ["rules", "accept", rule, "--as", "manager", *told])
    assert done.exit_code == 0, done.output
    listed = json.loads(run.invoke(commands, ["rules", "list", "--format", "json", "--home", str(root)]).stdout)
    assert [(one["rule_id"], one["state"]) for one in listed] == [(rule, "in_force")]
    with Office.open(root, clock) as office:
        assert Home(office).answer(DOSE)[1] == "appeal"


def test_cut_off_between_accepting_and_working_the_next_run_works_what_the_rule_is_about(root: Path) -> None:
    with Office.open(root, clock) as office:
        home = Home(office)
        home.accept(home.propose(DOSE, remedy="appeal").rule_id)
        assert home.answer(DOSE)[1] != "appeal"  # and here the process is gone
    with Office.open(root, clock) as office:
        home = Home(office)
        home.work()
        assert home.answer(DOSE)[1] == "appeal"
        before = home.worked(DOSE)
        home.work()
        assert home.worked(DOSE) == before


def test_two_people_accepting_at_once_put_it_in_force_once(root: Path) -> None:
    with Office.open(root, clock) as office:
        rule = Home(office).propose(DOSE, remedy="appeal").rule_id

    def one(by: str) -> None:
        with Office.open(root, clock) as office, office.at_desk(Home(office).practice_id) as desk:
            accept(desk, rule, by=by, role="manager", why="by phone", at=LATER)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, ("Max Ode", "Eva Lind")))
    with Office.open(root, clock) as office:
        accepted = [entry for entry in Home(office).rule().entries if entry.action == "accepted"]
    assert len(accepted) == 1
