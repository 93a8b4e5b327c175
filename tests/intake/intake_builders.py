"""A small made-up practice folder, written as files."""

from pathlib import Path

PRACTICE_YAML = """contract: 1
name: Larkspur Oncology
tax_id: "840000001"
billing_npi: "1999999992"
as_of: 2026-05-01
"""

PAYERS_YAML = """- id: CASC1
  aliases: ["84001"]
  name: Cascade Health Plan
  line_of_business: commercial
  contracted: true
"""

AUTHS_HEADER = (
    "auth_number,payer_id,member_id,status,hcpcs,diagnosis_codes,quantity,quantity_basis,per,doses,"
    "start_date,end_date,servicing_npi,place_of_service,decided_on,denial_reason,document"
)

CHART = """{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {
  "resourceType": "Patient", "id": "p1", "identifier": [{"value": "M1"}],
  "name": [{"family": "Voss", "given": ["Ada"]}], "birthDate": "1960-02-29"}}]}"""

POLICY = """---
policy_id: CHP-ONC-014
title: Pembrolizumab
payer_id: CASC1
drugs: [J9271]
effective_from: 2026-01-01
---
# Coverage
Covered for the indications listed.
"""


def auths(*numbers: str, payer: str = "CASC1") -> str:
    rows = [
        f"{n},{payer},M1,approved,J9271,C349,200,billing_units,dose,,2026-01-01,2026-12-31,,,2026-01-02,,"
        for n in numbers
    ]
    return "\n".join([AUTHS_HEADER, *rows, ""])


def remit(
    claims: tuple[tuple[str, str], ...] = (("C1", "ICN1"),),
    trace: str = "T1",
    control: str = "000000001",
    element: str = "*",
    terminator: str = "~\n",
    payer: str = "CASC1",
) -> bytes:
    """An 835 of one ST in which every claim's one line is denied with CO-197."""
    body = [
        ["ST", "835", control[-4:]],
        ["BPR", "I", "0", "C", "NON", "", "", "", "", "", "", "", "", "", "", "", "20260330"],
        ["TRN", "1", trace, "1840000009"],
        ["DTM", "405", "20260330"],
        ["N1", "PR", "CASCADE HEALTH PLAN", "XV", payer],
        ["N1", "PE", "LARKSPUR ONCOLOGY", "XX", "1999999992"],
        ["LX", "1"],
    ]
    for claim_id, number in claims:
        body += [
            ["CLP", claim_id, "1", "10.50", "0", "", "12", number, "11", "1"],
            ["NM1", "QC", "1", "VOSS", "ADA", "", "", "", "MI", "M1"],
            ["SVC", "HC:J9271:JZ", "10.50", "0", "", "400"],
            ["DTM", "472", "20260316"],
            ["CAS", "CO", "197", "10.50", "400"],
            ["REF", "6R", f"{claim_id}-1"],
            ["LQ", "HE", "N54"],
        ]
    body.append(["SE", str(len(body) + 1), control[-4:]])
    return enveloped(body, "HP", "005010X221A1", control, element, terminator)


def claims(*claim_ids: str, units: str = "400", control: str = "000000011") -> bytes:
    """An 837P of one subscriber with these claims."""
    body = [
        ["ST", "837", "0001", "005010X222A1"],
        ["BHT", "0019", "00", "B1", "20260318", "1200", "CH"],
        ["NM1", "41", "2", "LARKSPUR", "", "", "", "", "46", "840000001"],
        ["NM1", "40", "2", "CASCADE", "", "", "", "", "46", "CASC1"],
        ["HL", "1", "", "20", "1"],
        ["NM1", "85", "2", "LARKSPUR ONCOLOGY", "", "", "", "", "XX", "1999999992"],
        ["HL", "2", "1", "22", "0"],
        ["SBR", "P", "18", "", "", "", "", "", "", "CI"],
        ["NM1", "IL", "1", "VOSS", "ADA", "", "", "", "MI", "M1"],
        ["DMG", "D8", "19600229", "F"],
        ["NM1", "PR", "2", "CASCADE HEALTH PLAN", "", "", "", "", "PI", "CASC1"],
    ]
    for claim_id in claim_ids:
        body += [
            ["CLM", claim_id, "10.50", "", "", "11:B:1", "Y", "A", "Y", "Y"],
            ["HI", "ABK:C3490"],
            ["LX", "1"],
            ["SV1", "HC:J9271:JZ", "10.50", "UN", units, "", "", "1"],
            ["DTP", "472", "D8", "20260316"],
            ["REF", "6R", f"{claim_id}-1"],
        ]
    body.append(["SE", str(len(body) + 1), "0001"])
    return enveloped(body, "HC", "005010X222A1", control, "*", "~")


def enveloped(body: list[list[str]], group: str, version: str, control: str, element: str, terminator: str) -> bytes:
    isa = ["ISA", "00", " " * 10, "00", " " * 10, "ZZ", "SENDER".ljust(15), "ZZ", "RECEIVER".ljust(15)]
    isa += ["260330", "1200", "^", "00501", control, "0", "P", ":"]
    segments = [
        isa,
        ["GS", group, "SENDER", "RECEIVER", "20260330", "1200", control.lstrip("0"), "X", version],
        *body,
        ["GE", "1", control.lstrip("0")],
        ["IEA", "1", control],
    ]
    return "".join(element.join(segment) + terminator for segment in segments).encode()


def write_folder(folder: Path, **extra: bytes | str) -> Path:
    """Write the small practice; `extra` are more files, with `__` for the slash and `_dot_` for the dot."""
    files: dict[str, bytes | str] = {
        "practice.yaml": PRACTICE_YAML,
        "payers.yaml": PAYERS_YAML,
        "remits/a.835": remit(),
        "claims/a.837": claims("C1"),
        "auths/a.csv": auths("A-1"),
        "charts/ada.json": CHART,
        "policies/p.md": POLICY,
    }
    files |= {name.replace("__", "/").replace("_dot_", "."): content for name, content in extra.items()}
    for name, content in files.items():
        put(folder, name, content)
    return folder


def put(folder: Path, name: str, content: bytes | str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
