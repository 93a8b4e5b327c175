"""One source file without a patient: masked in place, so that places in it still hold, or emptied whole."""

import csv

from agent.erasure.masking_x12 import mask_x12
from agent.erasure.patient import Patient, name_of
from agent.erasure.traces import Traces
from knowledge.folder.csv_records import DELIMITERS, records, split
from knowledge.records.mentions import HeldContent, Mention
from tools.chart import read_chart
from tools.denials.identity import squeeze

_X12 = frozenset({"remit", "claim", "acknowledgement"})
_ROWS = frozenset({"authorization", "coverage"})
_NO_PERSON = frozenset({"practice", "payers", "policy", "contract"})


def without(file: HeldContent, patient: Patient, traces: Traces) -> bytes | None:
    """Return a file's bytes without the patient, as many as before; None where the file is theirs alone.

    A chart is one person's: it goes whole, also a version that was replaced or never read.
    """
    if file.kind == "chart":
        return None if _is_chart_of(file, patient, traces) else file.content
    content = file.content
    if file.kind in _NO_PERSON:
        return content
    if file.kind in _X12:
        content = mask_x12(content, patient)
    elif file.kind in _ROWS:
        content = _mask_rows(content, patient)
    return traces.masked_bytes(content)


def _is_chart_of(file: HeldContent, patient: Patient, traces: Traces) -> bool:
    if any(mention.kind == "chart" and mention.file_id == file.id and not file.job_id for mention in patient.theirs):
        return True
    if any(mention.kind == "chart" and mention.file_id == file.id and not file.job_id for mention in patient.others):
        return False
    chart, _ = read_chart(file.content, file.name)
    if chart is None:
        return traces.stand_in(file.content)
    person = chart.person
    mention = Mention(kind="chart", row=0, file_id=0, file=file.name, last=person.last, first=person.first)
    ids = {squeeze(name) for name in person.identifiers}
    named = name_of(mention) in patient.names
    return bool(ids & (patient.members - patient.shared)) or (named and bool(ids & patient.members))


def _mask_rows(content: bytes, patient: Patient) -> bytes:
    """Blank the patient's rows of a CSV: delimiters, quotes and line ends stay, so that rows keep their numbers."""
    text = content.decode("latin-1")
    lines = text.splitlines()
    head = next((line for line in lines if line.strip()), "")
    delimiter = max(DELIMITERS, key=head.count)
    try:
        width = len(split(head, delimiter))
    except csv.Error:
        return content
    masked = bytearray(content)
    starts = _line_starts(text)
    for record in records(text, delimiter, width):
        cells = record.cells or tuple(record.raw.split(delimiter))
        if _is_row_of(cells, patient):
            start = starts[record.line - 1]
            end = starts[min(record.line - 1 + record.raw.count("\n") + 1, len(starts) - 1)]
            end = end if end > start else len(content)
            for place in range(start, end):
                if chr(masked[place]) not in f'{delimiter}"\r\n':
                    masked[place] = ord(" ")
    return bytes(masked)


def _line_starts(text: str) -> list[int]:
    """Return where each line begins; lines end with CRLF, LF or CR. The last one is the end of the text."""
    starts, at = [0], 0
    while at < len(text):
        if text[at] == "\r" and text[at + 1 : at + 2] == "\n":
            at += 1
        if text[at] in "\r\n":
            starts.append(at + 1)
        at += 1
    return [*starts, len(text)]


def _is_row_of(cells: tuple[str, ...], patient: Patient) -> bool:
    held = {squeeze(cell) for cell in cells if cell.strip()}
    if held & (patient.members - patient.shared):
        return True
    if not held & patient.members:
        return False
    folded = {" ".join(_as_utf8(cell).casefold().split()) for cell in cells}
    if any(last in folded and first in folded for last, first in patient.names):
        return True
    return bool(held & patient.numbers)


def _as_utf8(cell: str) -> str:
    try:
        return cell.encode("latin-1").decode()
    except UnicodeError:
        return cell
