"""837P files as practices send them, written out by hand: all people, numbers and payers are invented."""

from collections.abc import Sequence

from msgspec import Struct

STANDARD = "*:~^"
PIPES = "|>'!"
NEWLINES = "*:\n^"
RETURNS = "*:~^\r\n"

_HEADER = (
    "BHT*0019*00*BATCH17*20260320*0930*CH",
    "NM1*41*2*ALDER ONCOLOGY*****46*912345678",
    "PER*IC*BILLING OFFICE*TE*5035550100",
    "NM1*40*2*CASCADE HEALTH PLAN*****46*84001",
)
_PROVIDER = (
    "PRV*BI*PXC*207RX0202X",
    "NM1*85*2*ALDER ONCOLOGY*****XX*1999999992",
    "N3*12 ALDER ST",
    "N4*PORTLAND*OR*972010001",
    "REF*EI*912345678",
)
_PAY_TO = ("NM1*87*2", "N3*PO BOX 9", "N4*PORTLAND*OR*97208")
_PAYER = "NM1*PR*2*CASCADE HEALTH PLAN*****PI*CASC1"


class Sample(Struct, frozen=True):
    """A file, the claim of it to correct, and the lines of that claim to work on (LX01 of a drug line first)."""

    name: str
    data: bytes
    claim_id: str
    lines: tuple[str, ...]
    payer_claim_number: str = "26079CX4410"


def written(segments: Sequence[str], marks: str = STANDARD) -> bytes:
    """Write segments, spelled with `*`, `:` and `^`, in the delimiters of `marks` (element, component, end, ...).

    What follows the fourth character is put after each segment's terminator.
    """
    element, component, end, repetition = tuple(marks[:4])
    isa = (
        f"ISA*00*{' ' * 10}*00*{' ' * 10}*ZZ*{'ALDERONC'.ljust(15)}*ZZ*{'84001'.ljust(15)}"
        "*260320*0612*^*00501*000000017*0*P*:"
    )
    body = ("ST*837*0001*005010X222A1", *_HEADER, *segments)
    whole = (
        isa,
        "GS*HC*ALDERONC*84001*20260320*0612*17*X*005010X222A1",
        *body,
        f"SE*{len(body) + 1}*0001",
        "GE*1*17",
        "IEA*1*000000017",
    )
    table = str.maketrans({"*": element, ":": component, "^": repetition})
    return "".join(segment.translate(table) + end + marks[4:] for segment in whole).encode("utf-8")


def provider(number: int, extra: Sequence[str] = ()) -> list[str]:
    """Write a billing provider level (HL 20)."""
    return [f"HL*{number}**20*1", *_PROVIDER, *extra]


def subscriber(
    number: int, parent: int, last: str, member: str, dependents: bool = False, order: str = "P"
) -> list[str]:
    """Write a subscriber level (HL 22); with dependents the patient stands in a level of its own."""
    own = [] if dependents else [f"N3*{number} ELM ST", "N4*PORTLAND*OR*97201", "DMG*D8*19580412*F"]
    return [
        f"HL*{number}*{parent}*22*{int(dependents)}",
        f"SBR*{order}*{'' if dependents else '18'}*GRP77******CI",
        f"NM1*IL*1*{last}*MARTA****MI*{member}",
        *own,
        _PAYER,
    ]


def patient(number: int, parent: int, last: str) -> list[str]:
    """Write a patient level (HL 23)."""
    return [
        f"HL*{number}*{parent}*23*0",
        "PAT*19",
        f"NM1*QC*1*{last}*IVO",
        "N3*4 ELM ST",
        "N4*PORTLAND*OR*97201",
        "DMG*D8*20090714*M",
    ]


def claim(number: str, charge: str, lines: Sequence[str], head: Sequence[str] = (), place: str = "11:B:1") -> list[str]:
    """Write a claim (2300) with the usual HI and rendering provider unless `head` brings its own."""
    usual = ("HI*ABK:C3411*ABF:Z5111", "NM1*82*1*RUIZ*DANA****XX*1888888884", "PRV*PE*PXC*207RX0202X")
    return [f"CLM*{number}*{charge}***{place}*Y*A*Y*Y", *(head or usual), *lines]


def drug_line(number: int, control: str, service: str, ndc: str = "00006302602", quantity: str = "4*ML") -> list[str]:
    """Write a drug line (2400, 2410); `service` is SV101 to SV104."""
    return [
        f"LX*{number}",
        f"SV1*{service}***1",
        "DTP*472*D8*20260316",
        f"REF*6R*{control}",
        f"LIN**N4*{ndc}",
        f"CTP****{quantity}",
    ]


def service_line(number: int, control: str, service: str) -> list[str]:
    """Write a line that is no drug."""
    return [f"LX*{number}", f"SV1*{service}***1:2", "DTP*472*D8*20260316", f"REF*6R*{control}"]


def plain(marks: str = STANDARD) -> bytes:
    """One claim: pembrolizumab and its infusion."""
    lines = [
        *drug_line(1, "AL-1001-1", "HC:J9271:JZ*21800*UN*400", quantity="16*ML"),
        *service_line(2, "AL-1001-2", "HC:96413*412.5*UN*1"),
    ]
    return written([*provider(1), *subscriber(2, 1, "OKAFOR", "CHP1001"), *claim("AL-1001", "22212.5", lines)], marks)


def families() -> bytes:
    """Several billing levels, subscribers and dependents; the claim to correct is a dependent's second one."""
    small = drug_line(1, "L1", "HC:J9045*640*UN*12", "61703036018", "60*ML")
    named = drug_line(1, "AL-2003-1", "HC:J9263:JZ*1240*UN*400", "00409023301", "2*UN")
    return written(
        [
            *provider(1),
            *subscriber(2, 1, "LINDQVIST", "CHP2001"),
            *claim("AL-2001", "640", small),
            *claim("AL-2002", "640", small),
            *subscriber(3, 1, "MORALES", "CHP2003", dependents=True),
            *patient(4, 3, "MORALES"),
            *claim("AL-2004", "640", small),
            *claim("AL-2003", "1240", named),
            *patient(5, 3, "MORALES-REY"),
            *claim("AL-2005", "640", small),
            *provider(6, _PAY_TO),
            *subscriber(7, 6, "TANAKA", "CHP2006"),
            *claim("AL-2006", "640", drug_line(1, "AL-2006-1", "HC:J9045*640.00*UN*12", "61703036018", "60*ML")),
        ]
    )


def crowded() -> bytes:
    """A claim with nearly everything a professional claim can carry, in the guide's order."""
    head = [
        "DTP*431*D8*20260110",
        "DTP*435*D8*20260315",
        "PWK*OZ*EL***AC*ACN77",
        "AMT*F5*100",
        "REF*9F*RF5512",
        "REF*X4*38D0000001",
        "REF*D9*CLH889123",
        "REF*EA*MRN40077",
        "REF*P4*NCT04567890",
        "K3*STATE DATA",
        "NTE*ADD*SECOND CYCLE",
        "HI*ABK:C50911*ABF:Z5111*ABF:D701*ABF:C7951",
        "NM1*DN*1*PARK*JOON****XX*1777777775",
        "NM1*82*1*RUIZ*DANA****XX*1888888884",
        "PRV*PE*PXC*207RX0202X",
        "NM1*77*2*ALDER INFUSION CENTER*****XX*1666666666",
        "N3*99 RIVER RD",
        "N4*PORTLAND*OR*972020002",
        "NM1*DQ*1*HOLM*EVA****XX*1555555557",
    ]
    lines = [
        "LX*1",
        "SV1*HC:J9355:JZ*4998.33*UN*45*19**1:2",
        "PWK*M1*EL***AC*ACN78",
        "DTP*472*D8*20260316",
        "DTP*471*D8*20260302",
        "MEA*TR*R1*9.8",
        "REF*9B*RPL1",
        "REF*6R*AL-3001-LINE-CONTROL-NUMBER-30",
        "REF*X4*38D0000001",
        "NTE*ADD*DOSE ROUNDED TO VIAL",
        "LIN**N4*50242013201",
        "CTP****3*UN",
        "REF*XZ*RX5519",
        "NM1*82*1*OYELARAN*TUNDE****XX*1444444449",
        "PRV*PE*PXC*207RX0202X",
        "NM1*DK*1*PARK*JOON****XX*1777777775",
        "LX*2",
        "SV1*HC:J9999:::::TEBENTAFUSP 68 MCG*18000*UN*1***1",
        "DTP*472*RD8*20260316-20260316",
        "REF*G1*AUTH-LINE-2",
        "REF*6R*AL-3001-2",
        "NTE*ADD*TEBENTAFUSP 68 MCG VIAL",
        "LX*3",
        "SV1*HC:99214:25*310*UN*1***1:2:3",
        "DTP*472*D8*20260316",
        "REF*6R*AL-3001-3",
    ]
    body = [*provider(1, _PAY_TO), *subscriber(2, 1, "HAUGEN", "CHP3001")]
    return written([*body, *claim("AL-3001", "23308.33", lines, head, "19:B:1")])


def secondary() -> bytes:
    """A claim to a second payer, with the first one's adjudication at claim and line level."""
    head = [
        "HI*ABK:C8331*ABF:Z5112",
        "NM1*82*1*RUIZ*DANA****XX*1888888884",
        "PRV*PE*PXC*207RX0202X",
        "SBR*P*18*******MB",
        "AMT*D*2400",
        "AMT*EAF*600",
        "OI***Y***Y",
        "NM1*IL*1*BRANDT*MARTA****MI*1EG4TE5MK72",
        "N3*8 ELM ST",
        "N4*PORTLAND*OR*97201",
        "NM1*PR*2*MEDICARE*****PI*MEDB",
        "REF*G1*OTHERPAYERAUTH",
        "REF*F8*OTHERPAYERICN",
    ]
    lines = [
        *drug_line(1, "AL-4001-1", "HC:J9312:JZ*3000*UN*60", "50242005306", "60*ML"),
        "SVD*MEDB*2400*HC:J9312:JZ**60",
        "CAS*PR*2*600",
        "DTP*573*D8*20260401",
        *service_line(2, "AL-4001-2", "HC:96413*400*UN*1"),
    ]
    insured = subscriber(2, 1, "BRANDT", "CHP4001", order="S")
    return written([*provider(1), *insured, *claim("AL-4001", "3400", lines, head)])


def replaced_before() -> bytes:
    """A claim that was itself a replacement, with a line authorization that names another payer's too."""
    head = [
        "REF*G1*OLD-AUTH",
        "REF*F8*26079CX4410",
        "REF*EA*MRN5",
        "HI*ABK:C9000*ABF:Z5112",
        "NM1*82*1*RUIZ*DANA****XX*1888888884",
    ]
    lines = [
        "LX*1",
        "SV1*HC:J9145:JZ*9000*UN*160***1",
        "DTP*472*D8*20260316",
        "REF*G1*LINE-AUTH",
        "REF*6R*AL-5001-1",
        "LIN**N4*57894050220",
        "CTP****2*UN",
    ]
    return written(
        [
            *provider(1),
            *subscriber(2, 1, "NUNEZ", "CHP5001"),
            *claim("AL-5001", "9000", lines, head, "11:B:7"),
        ]
    )


def bare() -> bytes:
    """A claim with the least a claim can have: no REF, no NDC, no line control, one line."""
    lines = ["LX*1", "SV1*HC:J9171*512*UN*128***1", "DTP*472*D8*20260316"]
    return written(
        [*provider(1), *subscriber(2, 1, "EKBERG", "CHP6001"), *claim("AL-6001", "512", lines, ["HI*ABK:C61"])]
    )


def samples() -> tuple[Sample, ...]:
    """Return every sample file with the claim to correct."""
    return (
        Sample("plain", plain(), "AL-1001", ("1", "2")),
        Sample("plain, pipes and apostrophes", plain(PIPES), "AL-1001", ("1", "2")),
        Sample("plain, newlines as terminators", plain(NEWLINES), "AL-1001", ("1",)),
        Sample("plain, a newline after each terminator", plain(RETURNS), "AL-1001", ("1", "2")),
        Sample("a dependent among others", families(), "AL-2003", ("1",)),
        Sample("a second billing provider", families(), "AL-2006", ("1",)),
        Sample("crowded", crowded(), "AL-3001", ("1", "2", "3")),
        Sample("secondary", secondary(), "AL-4001", ("1", "2")),
        Sample("replaced before", replaced_before(), "AL-5001", ("1",)),
        Sample("bare", bare(), "AL-6001", ("1",)),
    )
