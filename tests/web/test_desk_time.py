"""Minutes at the desk and what citations are called: counted by the browser, kept with the decision, added up."""

import re

import numpy as np
import pytest
from desk import office_of
from fastapi.testclient import TestClient

from api.web.citing import cited
from api.web.desk_time import LONGEST, HeldDeskTimes, seconds_of
from knowledge.records import WorklistFilter
from knowledge.types.evidence import Evidence, EvidenceKind


def waiting(client: TestClient) -> list[str]:
    office = office_of(client)
    (practice_id, _), *_ = office.practices()
    with office.records.reading() as tx:
        found = tx.worklist.page(practice_id, WorklistFilter(status=("in_review",)), limit=50).items
    return [item.denial_id for item in found]


def reject(client: TestClient, denial_id: str, desk: str) -> None:
    tag = client.get(f"/case/{denial_id}").text.split('name="tag" value="')[1].split('"')[0]
    data = {"tag": tag, "reason": "No case", "desk": desk}
    done = client.post(f"/case/{denial_id}/reject", data=data, follow_redirects=False)
    assert done.status_code == 303, done.text


def test_minutes_come_with_decisions_and_are_added_up_by_cause(client: TestClient) -> None:
    assert "No case was decided on its own page yet" in client.get("/dashboard").text
    ids = waiting(client)[:3]
    taken = ["60", "180", "nonsense"]
    for denial_id, desk in zip(ids, taken, strict=True):
        reject(client, denial_id, desk)
    rows = client.get("/dashboard/tables/desk.csv").text.splitlines()
    assert rows[0].lstrip("\ufeff").split(",") == ["Cause", "Cases", "Median", "Nine in ten within"]
    assert rows[-1].split(",") == ["All causes", "2", "2.00", f"{np.quantile([1, 3], 0.9):.2f}"]
    assert "Minutes at the desk" in client.get("/dashboard").text

    office = office_of(client)
    (practice_id, _), *_ = office.practices()
    held = HeldDeskTimes(office.records)
    assert dict(held.of(practice_id)) == {ids[0]: 60, ids[1]: 180}
    reject_again = f"/case/{ids[0]}/take-back"
    client.post(reject_again, data={})
    reject(client, ids[0], "90")
    assert held.of(practice_id)[ids[0]] == 90  # brought up to date by what changed


def test_minutes_follow_the_filter_of_the_page(client: TestClient) -> None:
    reject(client, waiting(client)[0], "60")
    assert "All causes" in client.get("/dashboard/tables/desk.csv").text
    assert "All causes" not in client.get("/dashboard/tables/desk.csv?payer_id=NOBODY").text


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("", None),
        ("0", None),
        ("61", 61),
        (str(LONGEST), LONGEST),
        (str(LONGEST + 1), None),
        ("-5", None),
        ("1e3", None),
    ],
)
def test_only_a_plausible_count_is_kept(told: str, seconds: int | None) -> None:
    assert seconds_of(told) == seconds


@pytest.mark.parametrize(
    ("id_", "kind", "source", "says", "name"),
    [
        ("E1", "remit", "remits/A.txt segment 37", "P denied J9299", "remittance segment 37"),
        ("E3", "claim", "claims/a.837 claim C1 line 2 (segment 26)", "Claim C1 line 2 bills", "claim line 2"),
        ("E2", "authorization", "auths/c.csv:3", "Authorization A-123, status approved", "authorization A-123"),
        ("E6", "chart", "c.json MedicationAdministration/m", "given on 2026-03-24", "chart: dose given 2026-03-24"),
        ("E9", "policy", "policies/p.md section Claims", "P asks", "policy: Claims"),
        ("E4", "calculation", "calculation units-given", "110 mg is 440 units", "units given"),
        ("E5", "code_table", "hcpcs table as of 2026-07-01, row J3263", "J3263", "code J3263"),
        ("E7", "contract", "payers.yaml:1 CASC1 timely_filing_days", "90 days", "payer rule: timely filing days"),
        ("E8", "coverage", "coverage/v.csv:25", "Coverage of member", "coverage row 25"),
    ],
)  # fmt: skip
def test_a_citation_says_what_it_is(id_: str, kind: EvidenceKind, source: str, says: str, name: str) -> None:
    found = cited(Evidence(id=id_, kind=kind, source=source, says=says, quote="SV1*HC"))
    assert (found.number, found.name) == (id_[1:], name)
    assert found.quote == f"{says}. It says: “SV1*HC”"


def test_no_citation_of_a_case_is_an_id_alone(reader: TestClient) -> None:
    page = reader.get(f"/case/{waiting(reader)[0]}").text
    chips = re.findall(r'class="cite"[^>]*>(.*?)</a>', page)
    assert chips
    assert not [one for one in chips if re.search(r">E\d|\bE\d+\b", one)]
