"""Keys changed, homes backed up and restored: whole, or not at all, and the old key opens nothing."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from api_served import noon
from typer.testing import CliRunner

from agent.home_lock import HomeClosed
from agent.office import Office
from agent.vault.backing_up import NotRestored, back_up, restore
from agent.vault.rotating import rotate
from api.cli import app
from api.offices import CannotOpen, open_office
from knowledge.records.audit_check import verify_audit
from knowledge.records.encryption import check_fits, connect
from knowledge.sealing import BadKey, BrokenSeal, HomeKey, WrongKey, key_in, seal, unseal

KEY, OTHER = HomeKey.read("6f" * 31 + "01"), HomeKey.read("11" * 31 + "02")


def opened(home: Path, key: HomeKey | None) -> Office:
    return open_office(home, clock=noon, environment={"OVERTURN_KEY": key.material.hex()} if key else {})


def dump(home: Path, key: HomeKey) -> list[str]:
    connection = connect(home / "overturn.db", key)
    try:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
        return [
            f"{name}: {row!r}"
            for name in names
            if not name.startswith("audit_")
            for row in sorted(connection.execute(f'SELECT * FROM "{name}"'), key=repr)
        ]
    finally:
        connection.close()


def products(office: Office) -> dict[str, str]:
    found = {}
    for practice_id, _ in office.practices():
        for record in office.records_of(practice_id):
            with office.records.reading() as repository:
                for product in repository.casework.products(practice_id, record.denial_id):
                    found[product.path] = hashlib.sha256(office.files.read_as(product.path, product.sha256)).hexdigest()
    return found


def test_the_wrong_key_and_no_key_say_so(home: Path) -> None:
    with pytest.raises(CannotOpen, match="encrypted with key"):
        opened(home, OTHER)
    with pytest.raises(CannotOpen, match="set OVERTURN_KEY"):
        opened(home, None)


def test_without_the_note_of_its_key_a_wrong_key_opens_nothing(home: Path) -> None:
    (home / "keys.json").unlink()
    with pytest.raises(CannotOpen, match="another key"):
        opened(home, OTHER)


def test_rotating_seals_everything_anew_and_changes_nothing(home: Path) -> None:
    before = dump(home, KEY)
    with opened(home, KEY) as office:
        made = products(office)
    assert rotate(home, KEY, OTHER) == len(list((home / "products").rglob("*.*")))
    assert dump(home, OTHER) == before
    with pytest.raises(CannotOpen, match="encrypted with key"):
        opened(home, KEY)
    with opened(home, OTHER) as office:
        assert products(office) == made
        assert office.records.auditing is not None
        with office.records.reading() as repository:
            assert verify_audit(repository, office.records.auditing).faults == ()


_KILLED = """
import os, sys
from pathlib import Path
from agent.vault.rotating import rotate
from knowledge.sealing import HomeKey
at = int(sys.argv[4])
def step(name):
    global at
    at -= 1
    if at < 0: os._exit(9)
rotate(Path(sys.argv[1]), HomeKey.read(sys.argv[2]), HomeKey.read(sys.argv[3]), step)
"""


@pytest.mark.parametrize("at", range(8))
def test_a_rotation_killed_at_any_step_goes_on(home: Path, at: int) -> None:
    before = dump(home, KEY)
    command = [sys.executable, "-c", _KILLED, str(home), KEY.material.hex(), OTHER.material.hex(), str(at)]
    ended = subprocess.run(command, check=False, timeout=1200)
    if ended.returncode == 9:
        for key in (KEY, OTHER):
            with pytest.raises(CannotOpen, match="rotat"):
                opened(home, key)
        rotate(home, KEY, OTHER)
    assert dump(home, OTHER) == before
    with opened(home, OTHER) as office:
        assert products(office)


def test_what_an_upgrade_set_aside_is_encrypted_anew_too_and_again_after_a_kill(home: Path) -> None:
    aside = [home / "overturn.version-4.db", home / "overturn.version-4.2.db"]
    for copy in aside:
        shutil.copy(home / "overturn.db", copy)
    before = rows_of(aside[0], KEY)
    seen: list[Path] = []

    def cut(step: str) -> None:
        if step == "aside":
            seen.append(aside[len(seen)])
            raise RotationCut

    with pytest.raises(RotationCut):
        rotate(home, KEY, OTHER, cut)
    rotate(home, KEY, OTHER)
    for copy in aside:
        assert rows_of(copy, OTHER) == before
        assert copy.stat().st_mode & 0o077 == 0
        with pytest.raises(WrongKey):
            check_fits(copy, KEY)
    assert not list(home.glob("*.rotating*"))


class RotationCut(Exception):
    """The process ends here."""


def rows_of(database: Path, key: HomeKey) -> list[object]:
    connection = connect(database, key)
    try:
        return list(connection.execute("SELECT * FROM denial ORDER BY denial_id"))
    finally:
        connection.close()


def test_a_home_in_use_is_not_rotated(home: Path) -> None:
    with opened(home, KEY), pytest.raises(HomeClosed, match="in use"):
        rotate(home, KEY, OTHER)


def test_a_backup_taken_while_open_restores_byte_for_byte(home: Path, tmp_path: Path) -> None:
    archive, again = tmp_path / "a.backup", tmp_path / "again"
    with opened(home, KEY) as office:
        made = products(office)
        manifest = back_up(home, KEY, archive, KEY, noon())
    assert restore(archive, KEY, KEY, again) == manifest
    for one in manifest.files:
        assert hashlib.sha256((again / one.path).read_bytes()).hexdigest() == one.sha256
    assert dump(again, KEY) == dump(home, KEY)
    assert {path: (home / path).read_bytes() for path in made} == {path: (again / path).read_bytes() for path in made}
    with opened(again, KEY) as office:
        assert products(office) == made
    assert not list(home.glob(".backup-*"))


def test_an_existing_home_is_never_written_over(home: Path, tmp_path: Path) -> None:
    back_up(home, KEY, tmp_path / "a.backup", KEY, noon())
    with pytest.raises(NotRestored, match="already"):
        restore(tmp_path / "a.backup", KEY, KEY, home)


@pytest.mark.parametrize("where", [0.0, 0.3, 0.6, 0.999])
def test_a_changed_or_cut_archive_is_not_restored(home: Path, tmp_path: Path, where: float) -> None:
    archive = tmp_path / "a.backup"
    back_up(home, KEY, archive, KEY, noon())
    whole = archive.read_bytes()
    at = max(40, int(len(whole) * where))
    for broken in (whole[:at] + bytes((whole[at] ^ 1,)) + whole[at + 1 :], whole[:at]):
        archive.write_bytes(broken)
        with pytest.raises(NotRestored):
            restore(archive, KEY, KEY, tmp_path / "again")
        assert not (tmp_path / "again").exists()


def test_another_key_opens_no_archive(home: Path, tmp_path: Path) -> None:
    back_up(home, KEY, tmp_path / "a.backup", KEY, noon())
    with pytest.raises(WrongKey):
        restore(tmp_path / "a.backup", OTHER, KEY, tmp_path / "again")


def test_a_sealed_file_opens_only_under_its_name_and_unchanged() -> None:
    sealed = seal(b"plain", KEY, "files", "products/a")
    assert unseal(sealed, KEY, "files", "products/a") == b"plain"
    for content, name in ((sealed, "products/b"), (sealed[:-1] + bytes((sealed[-1] ^ 1,)), "products/a")):
        with pytest.raises(BrokenSeal):
            unseal(content, KEY, "files", name)
    with pytest.raises(WrongKey):
        unseal(sealed, OTHER, "files", "products/a")


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(KEY.material.hex())
    os.chmod(path, 0o644)
    with pytest.raises(BadKey, match="chmod 600"):
        key_in({"OVERTURN_KEY_FILE": str(path)})
    os.chmod(path, 0o600)
    assert key_in({"OVERTURN_KEY_FILE": str(path)}) == KEY
    for bad in ("", "00" * 32, "zz", "6f" * 31):
        path.write_text(bad)
        with pytest.raises(BadKey):
            key_in({"OVERTURN_KEY_FILE": str(path)})


def test_one_product_is_taken_out_in_plain_for_its_taker_alone_and_on_the_record(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OVERTURN_KEY", KEY.material.hex())
    with opened(home, KEY) as office:
        made = products(office)
    path, sha256 = next((path, made[path]) for path in sorted(made) if path.endswith("/packet.pdf"))
    denial, to = path.split("/")[2], tmp_path / "packet.pdf"
    command = ["product", denial, "packet", "--output", str(to), "--home", str(home)]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    assert hashlib.sha256(to.read_bytes()).hexdigest() == sha256
    assert to.stat().st_mode & 0o777 == 0o600
    with opened(home, KEY) as office, office.records.reading() as repository:
        taken = [one.read() for one in repository.audit.stored()]
        said = [one for one in taken if one is not None and one.detail.get("product") == "packet"]
        assert [(one.does, one.subjects, one.detail["sha256"]) for one in said] == [("E", (denial,), sha256)]
    to.write_bytes(b"mine")
    again = CliRunner().invoke(app, command)
    assert (again.exit_code, to.read_bytes()) == (2, b"mine")
    assert "already" in again.output
    lacking = CliRunner().invoke(
        app, ["product", denial, "nothing", "--output", str(tmp_path / "n"), "--home", str(home)]
    )
    assert lacking.exit_code == 2
    assert "it has: " in lacking.output
