"""Made-up files in the published layouts. The drugs that are not real are called so."""

import io
import zipfile

HCPCS_NAME = "HCPC2026_OCT_ANWEB_09232026.txt"
MUE_NAME = "MCR_MUE_PractitionerServices_Eff_10-01-2026.csv"
NDC_NAME = "section 508 version of October 2026 ASP NDC-HCPCS Crosswalk 091726.csv"
NOTICE = '"Codes are copyright of their owner.\r\n\r\nAll rights reserved.",,,\r\n'
NDC_HEADER = (
    "_2026_CODE,Short Description,LABELER NAME,NDC2,Drug Name,HCPCS dosage,PKG SIZE,PKG QTY,BILLUNITS,BILLUNITSPKG"
)


def record(
    code: str,
    description: str = "Injection, inventumab, 5 mg",
    *,
    kind: str = "3",
    betos: str = "O1D",
    added: str = "20261001",
    changed: str = "20261001",
    terminated: str = "",
    action: str = "N",
) -> str:
    """A line of the fixed-column HCPCS file."""
    line = [" "] * 293
    places = (
        (1, 5, code),
        (6, 10, "00100"),
        (11, 11, kind),
        (12, 91, description),
        (92, 119, "Short words"),
        (257, 259, betos),
        (269, 276, added),
        (277, 284, changed),
        (285, 292, terminated),
        (293, 293, action),
    )
    for first, last, text in places:
        line[first - 1 : last] = text.ljust(last - first + 1)[: last - first + 1]
    return "".join(line)


def hcpcs(*records: str) -> bytes:
    """The fixed-column file of these records."""
    return "".join(f"{each}\r\n" for each in records).encode("cp1252")


def mue(*rows: str, setting: str = "Practitioner Services") -> bytes:
    """An MUE table of these rows."""
    header = f'"HCPCS/\r\nCPT Code",{setting} MUE Values,MUE Adjudication Indicator,MUE Rationale\r\n'
    return (NOTICE + header + "".join(f"{row}\r\n" for row in rows)).encode("cp1252")


def ndc(*rows: str, title: str = "October 2026 ASP NDC - HCPCS Crosswalk") -> bytes:
    """A crosswalk of these rows."""
    return f"{title},,,,,,,,,\n,,,,,,,,,\n{NDC_HEADER}\n{''.join(f'{row}{chr(10)}' for row in rows)}".encode("cp1252")


def zip_of(members: dict[str, bytes]) -> bytes:
    """A zip of members by name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def workbook(rows: list[list[str | int]]) -> bytes:
    """A workbook of one sheet; text in shared strings, numbers as numbers."""
    strings: list[str] = []
    body = []
    for number, cells in enumerate(rows, start=1):
        written = []
        for place, cell in enumerate(cells):
            if cell == "":
                continue
            at = f"{chr(ord('A') + place)}{number}"
            if isinstance(cell, int):
                written.append(f'<c r="{at}"><v>{cell}</v></c>')
            else:
                strings.append(cell)
                written.append(f'<c r="{at}" t="s"><v>{len(strings) - 1}</v></c>')
        body.append(f'<row r="{number}">{"".join(written)}</row>')
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    shared = "".join(f"<si><t>{text}</t></si>" for text in strings)
    sheet = f"<worksheet {space}><sheetData>{''.join(body)}</sheetData></worksheet>"
    return zip_of(
        {
            "xl/workbook.xml": f"<workbook {space}/>".encode(),
            "xl/sharedStrings.xml": f"<sst {space}>{shared}</sst>".encode(),
            "xl/worksheets/sheet1.xml": sheet.encode(),
        }
    )
