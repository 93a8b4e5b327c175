"""Opens a published file, alone or in its zip, and tells by its content which table it is."""

import io
import zipfile
from collections.abc import Callable
from pathlib import PurePosixPath

from knowledge.codes.loading.hcpcs_file import is_fixed, read_columns, read_fixed
from knowledge.codes.loading.mue_file import read_mue
from knowledge.codes.loading.ndc_file import other_method, read_ndc
from knowledge.codes.loading.parsed import Kind, LoadError, Parsed
from knowledge.codes.loading.reason_file import read_reasons
from knowledge.codes.loading.sheets import Sheet
from knowledge.codes.loading.workbook import is_workbook, read_workbook

_MOST_BYTES = 300_000_000
_TEXT = (".txt", ".csv", ".tsv")
_READ = (*_TEXT, ".xlsx")
_KINDS = "the alpha-numeric HCPCS file, an MUE table, the ASP NDC-HCPCS crosswalk, or a reason or remark list"


def parse_file(data: bytes, name: str, kind: Kind | None = None, known: frozenset[str] = frozenset()) -> Parsed:
    """Read a published file of any of the layouts; a zip is searched for the one table in it.

    Args:
        data: the file's bytes.
        name: its name, which may tell the quarter.
        kind: which table it is; None = told by its content.
        known: drug codes to keep from a HCPCS file whatever their type of service.

    Raises:
        LoadError: when it holds no such table, or several.
    """
    archive = _archive(data, name)
    if archive is None:
        return _one(name, _in_text(data, name, kind, known))
    if is_workbook(archive):
        return _one(name, _in_sheets(read_workbook(archive, name), kind, known))
    return _in_zip(archive, name, kind, known)


def _archive(data: bytes, name: str) -> zipfile.ZipFile | None:
    # A zip's end may be found in any bytes; its beginning tells.
    if not (data.startswith(b"PK") and zipfile.is_zipfile(io.BytesIO(data))):
        if data.startswith(b"\xd0\xcf\x11\xe0"):
            raise LoadError(f"{name}: this is an old workbook (.xls); save the sheet as CSV and load that")
        if data.startswith(b"%PDF"):
            raise LoadError(f"{name}: this is a PDF; load {_KINDS}")
        return None
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        raise LoadError(f"{name}: the zip is damaged ({error}); download it again") from error


def _in_text(data: bytes, name: str, kind: Kind | None, known: frozenset[str]) -> list[Parsed]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    lines = tuple(line.replace("\0", " ") for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    if kind in (None, "hcpcs") and is_fixed(lines):
        return [read_fixed(name, lines, known)]
    return _in_sheets((Sheet(name=name, lines=lines),), kind, known)


def _in_sheets(sheets: tuple[Sheet, ...], kind: Kind | None, known: frozenset[str]) -> list[Parsed]:
    found = []
    for sheet in sheets:
        readers: dict[Kind, Callable[[Sheet], Parsed | None]] = {
            "hcpcs": lambda one: read_columns(one, known),
            "mue": read_mue,
            "ndc": read_ndc,
            "carc": lambda one: read_reasons(one, "carc" if kind == "carc" else None),
            "rarc": lambda one: read_reasons(one, "rarc"),
        }
        if kind is None:
            del readers["rarc"]  # the reader of reasons tells the two apart
        for each, reader in readers.items():
            parsed = reader(sheet) if kind in (None, each) else None
            if parsed is not None:
                found.append(parsed)
                break
    return found


def _in_zip(archive: zipfile.ZipFile, name: str, kind: Kind | None, known: frozenset[str]) -> Parsed:
    found: dict[str, list[Parsed]] = {}
    for info in archive.infolist():
        path = PurePosixPath(info.filename)
        wanted = path.suffix.lower() in _READ and not path.name.startswith((".", "~")) and not info.is_dir()
        if not wanted or other_method(path.name):
            continue
        stem = path.with_suffix("").name
        if stem in found:  # the same table again in another form
            continue
        parsed = _member(_bytes(archive, info, name), path.name, kind, known)
        if parsed:
            found[stem] = [_named(one, name) for one in parsed]
    tables = [one for parsed in found.values() for one in parsed]
    text = [one for one in tables if one.member.lower().endswith(_TEXT)]
    return _one(name, text if text else tables)


def _member(data: bytes, name: str, kind: Kind | None, known: frozenset[str]) -> list[Parsed]:
    if data.startswith(b"PK") and zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as inner:
            return _in_sheets(read_workbook(inner, name), kind, known) if is_workbook(inner) else []
    return _in_text(data, name, kind, known)


def _bytes(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    if info.file_size > _MOST_BYTES:
        raise LoadError(f"{name}: {info.filename} is larger than any published table")
    try:
        return archive.read(info)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise LoadError(f"{name}: {info.filename} cannot be unpacked ({error}); unpack the zip and load it") from error


def _named(parsed: Parsed, archive: str) -> Parsed:
    return Parsed(
        kind=parsed.kind,
        member=parsed.member,
        rows=parsed.rows,
        faults=parsed.faults,
        part=parsed.part,
        passed_over=parsed.passed_over,
        names=(*parsed.names, archive),
    )


def _one(name: str, tables: list[Parsed]) -> Parsed:
    if not tables:
        raise LoadError(f"{name}: no table that is known here; load {_KINDS}")
    if len(tables) > 1:
        members = ", ".join(f"{one.member} ({one.kind})" for one in tables)
        raise LoadError(f"{name}: holds several tables: {members}; load the one you mean by itself, or give --kind")
    return tables[0]
