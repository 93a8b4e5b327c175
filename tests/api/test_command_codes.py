import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.offices import open_office
from knowledge.codes import load_codes
from knowledge.types.record import DenialRecord

GOLDEN = Path(__file__).with_name("codes_list.txt")
MUE = (
    '"A notice.\n\nAll rights reserved.",,,\n"HCPCS/\nCPT Code",Practitioner Services MUE Values,'
    "MUE Adjudication Indicator,MUE Rationale\nJ9271,400,3 Clinical,x\n96413,1,3 Clinical,x\n"
)
MUE_NAME = "MCR_MUE_PractitionerServices_Eff_01-01-2026.csv"
NDC = (
    "January 2026 ASP NDC - HCPCS Crosswalk,,,,,,,,,\n_2026_CODE,Short Description,LABELER NAME,NDC2,Drug Name,"
    "HCPCS dosage,PKG SIZE,PKG QTY,BILLUNITS,BILLUNITSPKG\nJ9271,x,Invented,00006-3026-02,Keytruda,1 MG,4,1,100,100\n"
)


def run(*arguments: object, code: int = 0):
    result = CliRunner().invoke(app, ["codes", *(str(each) for each in arguments)], env={"COLUMNS": "120"})
    assert result.exit_code == code, result.output
    return result


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def records(home: Path) -> dict[str, DenialRecord]:
    with open_office(home) as office:
        found = [record for practice_id, _ in office.practices() for record in office.records_of(practice_id)]
    return {record.denial_id: record for record in found}


def test_the_list_shows_every_table_with_day_rows_origin_and_source(tmp_path: Path) -> None:
    home = tmp_path / "home"
    run("update", written(tmp_path, MUE_NAME, MUE), "--home", home)
    shown = run("list", "--home", home).stdout
    assert "\n".join(line.rstrip() for line in shown.splitlines()) + "\n" == GOLDEN.read_text(encoding="utf-8")


def test_every_shipped_table_is_listed_though_there_is_no_home(tmp_path: Path) -> None:
    shown = run("list", "--home", tmp_path / "nowhere").stdout
    for name, source in load_codes().sources.items():
        assert any(line.startswith(name) and str(source.as_of) in line for line in shown.splitlines())
    assert "ndc: none loaded" in shown
    assert not (tmp_path / "nowhere").exists()


def test_an_update_says_what_it_loaded_and_the_same_again_changes_nothing(tmp_path: Path) -> None:
    home, file = tmp_path / "home", written(tmp_path, MUE_NAME, MUE)
    assert "mue-practitioner-2026-01-01: 2 rows" in run("update", file, "--home", home).stdout
    before = {path.name: path.read_bytes() for path in (home / "codes").iterdir()}
    assert "nothing changed" in run("update", file, "--home", home).stdout
    assert {path.name: path.read_bytes() for path in (home / "codes").iterdir()} == before


def test_an_update_takes_the_zip_a_file_comes_in(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "mue.zip", "w") as archive:
        archive.writestr(MUE_NAME, MUE)
        archive.writestr("readme.txt", "Words.")
    assert "as of 2026-01-01" in run("update", tmp_path / "mue.zip", "--home", tmp_path / "home").stdout


def test_rows_left_out_are_told_by_file_row_and_column(tmp_path: Path) -> None:
    file = written(tmp_path, MUE_NAME, f"{MUE}J9305,many,3 Clinical,x\n")
    told = run("update", file, "--home", tmp_path / "home").stderr
    assert f"{MUE_NAME}:8: MUE value: 'many' is no whole number" in told


def test_reasons_the_product_cannot_place_are_named(tmp_path: Path) -> None:
    file = written(tmp_path, "carc_2026-11-01.csv", "code,start,meaning\n399,2026-11-01,New\n197,,Ours\n")
    assert "399" in run("update", file, "--home", tmp_path / "home").stdout


@pytest.mark.parametrize(
    ("name", "text", "options", "code", "says"),
    [
        ("letter.txt", "Dear sir", (), 2, "no table that is known here"),
        ("mue.csv", MUE, (), 2, "give --as-of YYYY-MM-DD"),
        ("mue.csv", MUE, ("--as-of", "soon"), 2, "--as-of"),
        ("mue.csv", MUE, ("--kind", "ndc"), 2, "no table that is known here"),
        (MUE_NAME, MUE.split("J9271")[0] + "x,1,3,x\n", (), 1, "no row of it can be used"),
    ],
)
def test_what_cannot_be_loaded_is_said_in_one_line(
    tmp_path: Path, name: str, text: str, options: tuple[str, ...], code: int, says: str
) -> None:
    file = written(tmp_path, name, text)
    assert says in run("update", file, *options, "--home", tmp_path / "home", code=code).stderr
    assert not (tmp_path / "home" / "codes").exists()


def test_a_file_or_a_home_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    assert "cannot be read" in run("update", tmp_path / "none.csv", "--home", tmp_path / "home", code=2).stderr
    taken = written(tmp_path, "taken", "")
    file = written(tmp_path, MUE_NAME, MUE)
    assert run("update", file, "--home", taken, code=2).stderr


def test_entries_of_a_home_that_cannot_be_read_are_said(tmp_path: Path) -> None:
    (tmp_path / "home" / "codes").mkdir(parents=True)
    written(tmp_path / "home" / "codes", "sources.yaml", "[")
    assert "sources.yaml" in run("list", "--home", tmp_path / "home", code=2).stderr


def test_denials_are_worked_anew_when_a_table_changes_and_only_then(folder: Path, home: Path, tmp_path: Path) -> None:
    work = ["work", str(folder), "--home", str(home), "--quiet"]

    def events() -> int:
        with open_office(home) as office:
            (practice_id, _), *_ = office.practices()
            return sum(len(office.timeline(practice_id, name)) for name in records(home))

    before, count = records(home), events()
    assert CliRunner().invoke(app, work).exit_code == 0
    assert events() == count
    run("update", written(tmp_path, "ndc.csv", NDC), "--home", home)
    assert CliRunner().invoke(app, work).exit_code == 0
    assert events() > count
    assert sorted(records(home)) == sorted(before)
    again = events()
    run("update", written(tmp_path, "ndc.csv", NDC), "--home", home)
    assert CliRunner().invoke(app, work).exit_code == 0
    assert events() == again
