"""Later remits of the seed claim (CED26-0316, pembrolizumab 400 units, denied CO-198 in CHP_ERA_0403.txt)."""

SEED_CLAIM = "CED26-0316"

_REVERSAL = """CLP*CED26-0316*22*-23580*-157.12*-39.28*12*26C260316*11*1
NM1*QC*1*OKAFOR*GRACE****MI*CHP400118
SVC*HC:J9271:JZ*-22800*0**0**400
DTM*472*20260316
CAS*CO*198*-22800
REF*6R*CED26-0316L1
SVC*HC:96413*-780*-157.12**1
DTM*472*20260316
CAS*CO*45*-583.6
CAS*PR*2*-39.28
REF*6R*CED26-0316L2"""

_PAID = """CLP*CED26-0316*1*23580*19877.12*39.28*12*26C260316A*11*7
NM1*QC*1*OKAFOR*GRACE****MI*CHP400118
SVC*HC:J9271:JZ*22800*19720**400
DTM*472*20260316
CAS*CO*45*3080
REF*6R*CED26-0316L1
SVC*HC:96413*780*157.12**1
DTM*472*20260316
CAS*CO*45*583.6
CAS*PR*2*39.28
REF*6R*CED26-0316L2"""


def paying_remit() -> bytes:
    """The payer reverses its answer to the seed claim and pays it."""
    return _enveloped(f"{_REVERSAL}\n{_PAID}", "CHP2604240777", "19720")


def _enveloped(claims: str, trace: str, paid: str) -> bytes:
    body = [
        "ST*835*0001",
        f"BPR*I*{paid}*C*ACH*CCP*01*124000054*DA*55512077*1820551200**01*102000076*DA*90417733*20260424",
        f"TRN*1*{trace}*1820551200",
        "DTM*405*20260424",
        "N1*PR*CASCADE HEALTH PLAN*XV*CASC1",
        "N1*PE*CEDAR ONCOLOGY ASSOCIATES*XX*1999999992",
        "LX*1",
        *claims.splitlines(),
    ]
    segments = [
        "ISA*00*          *00*          *ZZ*84001          *ZZ*CEDARONC       *260424*0612*^*00501*000310099*0*P*:",
        "GS*HP*84001*CEDARONC*20260424*0612*310099*X*005010X221A1",
        *body,
        f"SE*{len(body) + 1}*0001",
        "GE*1*310099",
        "IEA*1*000310099",
    ]
    return "".join(f"{segment}~\n" for segment in segments).encode()


def re_enveloped(remit: bytes) -> bytes:
    """The same remit from another interchange: other delimiters, control numbers and line ends."""
    text = remit.decode()
    segments = [segment.strip() for segment in text.split(text[105]) if segment.strip()]
    isa, gs = segments[0].split("*"), segments[1].split("*")
    isa[9:11], isa[13] = ["260502", "0700"], "000999999"
    gs[4:7] = ["20260502", "0700", "999999"]
    rest = [segment.split("*") for segment in segments[2:]]
    for segment in rest:
        if segment[0] in ("GE", "IEA"):
            segment[2] = "999999" if segment[0] == "GE" else "000999999"
    return "".join("|".join(segment) + "~\r\n" for segment in [isa, gs, *rest]).encode()
