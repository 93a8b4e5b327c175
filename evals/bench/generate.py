"""Make a large, balanced and entirely invented 835 for the benchmark."""

import random
from collections.abc import Iterator
from decimal import Decimal

_CODES = ("J9271", "96413", "96415", "J1100", "J2469", "99214", "Q5107", "J9035", "J9299", "36591")
_FAMILY = ("ALDER", "BIRCH", "CEDAR", "DOGWOOD", "ELM", "FIR", "GINKGO", "HAZEL", "IRONWOOD", "JUNIPER")
_GIVEN = ("ADA", "BEN", "CLEO", "DEV", "EDA", "FINN", "GIA", "HUGO", "IDA", "JON")
_SEED = 835


def generate_remit(claims: int) -> bytes:
    """Return one interchange with one ST*835 of `claims` claims of four lines, about 750 bytes a claim.

    The same count gives the same bytes. Lines, claims and payment balance, so a reader that checks them
    does the work and finds nothing.
    """
    random_source = random.Random(_SEED)
    body: list[str] = []
    total = Decimal(0)
    for number in range(1, claims + 1):
        segments, paid = _claim(number, random_source)
        body.extend(segments)
        total += paid
    head = list(_head(total))
    count = len(head) - 2 + len(body) + 1
    tail = [f"SE*{count}*0001", "GE*1*1", "IEA*1*000000001"]
    return ("~\n".join([*head, *body, *tail]) + "~\n").encode("ascii")


def _head(total: Decimal) -> Iterator[str]:
    yield ("ISA*00*          *00*          *ZZ*CASCADEHP      *ZZ*CEDARONC       *260420*0900*^*00501*000000001*0*P*:")
    yield "GS*HP*CASCADEHP*CEDARONC*20260420*0900*1*X*005010X221A1"
    yield "ST*835*0001"
    yield f"BPR*I*{total}*C*ACH*CCP*01*999999992*DA*123456*1512345678**01*999988880*DA*98765*20260421"
    yield "TRN*1*EFT0000001*1512345678"
    yield "DTM*405*20260420"
    yield "N1*PR*CASCADE HEALTH PLAN"
    yield "N3*PO BOX 1"
    yield "N4*BOISE*ID*83701"
    yield "REF*2U*CASC1"
    yield "PER*BL*PROVIDER SERVICES*TE*2085550100"
    yield "N1*PE*CEDAR ONCOLOGY ASSOCIATES*XX*1999999992"
    yield "REF*TJ*841234567"
    yield "LX*1"


def _claim(number: int, source: random.Random) -> tuple[list[str], Decimal]:
    day = f"202603{source.randint(1, 28):02d}"
    lines: list[str] = []
    charge = paid = share = Decimal(0)
    for line_number in range(1, 5):
        line_charge = Decimal(source.randint(5_000, 900_000)) / 100
        contractual = (line_charge * source.randint(10, 40) / 100).quantize(Decimal("0.01"))
        patient = Decimal(source.randint(100, 2_000)) / 100
        line_paid = line_charge - contractual - patient
        units = source.randint(1, 400)
        lines += [
            f"SVC*HC:{source.choice(_CODES)}*{line_charge}*{line_paid}**{units}",
            f"DTM*472*{day}",
            f"CAS*CO*45*{contractual}",
            f"CAS*PR*2*{patient}",
            f"REF*6R*{number}L{line_number}",
            f"AMT*B6*{line_charge - contractual}",
        ]
        if source.random() < 0.3:
            lines.append("LQ*HE*N130")
        charge, paid, share = charge + line_charge, paid + line_paid, share + patient
    member = f"W{source.randint(10**8, 10**9 - 1)}"
    head = [
        f"CLP*C{number:07d}*1*{charge}*{paid}*{share}*12*2026{number:09d}*11*1",
        f"NM1*QC*1*{source.choice(_FAMILY)}*{source.choice(_GIVEN)}*Q***MI*{member}",
        "NM1*82*1*RUIZ*DANA****XX*1888888883",
        "MOA***MA01",
        f"REF*EA*MRN{number:06d}",
        f"DTM*232*{day}",
        f"DTM*233*{day}",
        "DTM*050*20260405",
        f"AMT*AU*{charge}",
    ]
    return head + lines, paid
