"""The watched folder: whole files, each once, whatever happens meanwhile."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from api_served import data_of, noon

from agent.office import Office
from api.offices import open_office
from api.watched import Watched

REMIT = data_of("remits/CHP_ERA_0403.txt")


@dataclass
class NoWorker:
    asked: list[str] = field(default_factory=list)

    def work(self, practice_id: str) -> None:
        self.asked.append(practice_id)


@pytest.fixture
def office(folder: Path, tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "home", make=True, clock=noon) as made:
        (tmp_path / "practice").mkdir()
        for part in ("practice.yaml", "payers.yaml"):
            (tmp_path / "practice" / part).write_bytes((folder / part).read_bytes())
        made.take_folder(tmp_path / "practice")
        yield made


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    (tmp_path / "drop").mkdir()
    return tmp_path / "drop"


def watched(office: Office, drop: Path, **how: bool) -> Watched:
    ((practice_id, _),) = office.practices()
    return Watched(drop, office, NoWorker(), practice_id, **how)  # type: ignore[arg-type]


def looks(one: Watched, times: int = 2) -> list[tuple[str, str]]:
    return [(told.name, told.outcome) for _ in range(times) for told in one.scan()]


def test_a_file_is_taken_when_it_stands_still_once_and_stays(office: Office, drop: Path) -> None:
    (drop / "era.835").write_bytes(REMIT)
    one = watched(office, drop)
    assert looks(one, 1) == []
    assert looks(one, 3) == [("era.835", "new")]
    assert one._worker.asked  # type: ignore[attr-defined]
    assert (drop / "era.835").read_bytes() == REMIT


def test_after_a_kill_it_is_known_by_its_content(office: Office, drop: Path) -> None:
    (drop / "era.835").write_bytes(REMIT)
    assert looks(watched(office, drop)) == [("era.835", "new")]
    (drop / "copy.835").write_bytes(REMIT)
    again = watched(office, drop)
    assert looks(again) == [("copy.835", "known"), ("era.835", "known")]
    assert again._worker.asked == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["era.835.part", "era.tmp", ".era.835", "era.835~", "era.filepart"])
def test_passing_names_are_left_alone_until_renamed(office: Office, drop: Path, name: str) -> None:
    (drop / name).write_bytes(REMIT)
    one = watched(office, drop)
    assert looks(one, 3) == []
    os.rename(drop / name, drop / "era.835")
    assert looks(one) == [("era.835", "new")]


@pytest.mark.parametrize("cut", [3, 50, 106, 400, len(REMIT) // 2, len(REMIT) - 5])
def test_half_a_file_is_never_taken_and_the_whole_is_once_it_is_there(office: Office, drop: Path, cut: int) -> None:
    (drop / "era.835").write_bytes(REMIT[:cut])
    one = watched(office, drop)
    assert looks(one, 4) == [("era.835", "refused")]
    assert "IEA" in one.refused()[0].says
    with (drop / "era.835").open("ab") as file:
        file.write(REMIT[cut:])
    assert looks(one) == [("era.835", "new")]
    assert one.refused() == ()


def test_a_file_that_grows_at_every_look_waits(office: Office, drop: Path) -> None:
    one = watched(office, drop)
    for end in range(200, len(REMIT), 400):
        (drop / "era.835").write_bytes(REMIT[:end])
        assert looks(one, 1) == []


def test_what_is_no_remittance_stays_and_is_said_once(office: Office, drop: Path) -> None:
    (drop / "a.pdf").write_bytes(b"%PDF-1.7")
    (drop / "b.835").write_bytes(b"")
    (drop / "c.835").write_bytes(REMIT.replace(b"ST*835", b"ST*820"))
    (drop / "d.835").symlink_to("/etc/hostname")
    (drop / "folder").mkdir()
    one = watched(office, drop)
    assert looks(one, 4) == [("a.pdf", "refused"), ("b.835", "refused"), ("c.835", "refused")]
    assert [told.name for told in one.refused()] == ["a.pdf", "b.835", "c.835"]
    assert {entry.name for entry in drop.iterdir()} == {"a.pdf", "b.835", "c.835", "d.835", "folder"}


def test_when_asked_taken_files_move_and_none_is_overwritten(office: Office, drop: Path) -> None:
    one = watched(office, drop, move=True)
    for content in (REMIT, REMIT + b"\n"):
        (drop / "era.835").write_bytes(content)
        assert len(looks(one)) == 1
    (drop / "bad.835").write_bytes(b"x")
    looks(one)
    assert sorted(entry.name for entry in (drop / "processed").iterdir()) == ["era-2.835", "era.835"]
    assert [entry.name for entry in drop.iterdir() if entry.is_file()] == ["bad.835"]
