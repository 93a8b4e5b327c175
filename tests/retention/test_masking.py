"""A masked file is as long as it was; whoever else stands in it stands where they stood, byte by byte."""

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.erasure.masking import without
from agent.erasure.patient import Patient
from agent.erasure.traces import Traces
from knowledge.records.mentions import HeldContent, Mention
from tools.x12.acknowledgements import read_acknowledgements
from tools.x12.claims import read_claims

ISA = (
    "ISA*00*          *00*          *ZZ*CEDARONC       *ZZ*84001          *260319*0612*^*00501*000520016*0*P*:~"
    "GS*HC*CEDARONC*84001*20260319*0612*520016*X*005010X222A1~ST*837*0001*005010X222A1~"
    "BHT*0019*00*520016*20260319*0930*CH~NM1*41*2*CEDAR*****46*841234567~NM1*40*2*CASCADE*****46*84001~"
    "HL*1**20*1~NM1*85*2*CEDAR*****XX*1999999992~N3*12 MAIN ST~N4*DENVER*CO*80202~REF*EI*841234567~"
)
END = "SE*34*0001~GE*1*520016~IEA*1*000520016~"


def subscriber(number: int, last: str, first: str, member: str, *claims: str) -> str:
    return (
        f"HL*{number}*1*22*0~SBR*P*18*******CI~NM1*IL*1*{last}*{first}****MI*{member}~N3*2210 LARIMER ST~"
        f"N4*DENVER*CO*80205~DMG*D8*19580412*F~NM1*PR*2*CASCADE*****PI*CASC1~{''.join(claims)}"
    )


def claim(name: str) -> str:
    return (
        f"CLM*{name}*23580***11:B:1*Y*A*Y*Y~HI*ABK:C3411~NM1*82*1*RUIZ*DANA****XX*1888888884~LX*1~"
        f"SV1*HC:J9271:JZ*22800*UN*400***1~DTP*472*D8*20260316~REF*6R*{name}L1~"
    )


def dependent(last: str, first: str, *claims: str) -> str:
    return f"HL*9*2*23*0~PAT*01~NM1*QC*1*{last}*{first}~DMG*D8*20100412*F~{''.join(claims)}"


def patient(*members: str, claims: tuple[str, ...] = ("C-100001",), shared_with: str = "") -> Patient:
    theirs = [
        Mention(kind="claim", row=n, file_id=1, file="f", members=members, last="Okafor", first="Grace", claim=name)
        for n, name in enumerate(claims)
    ]
    other = Mention(kind="coverage", row=90, file_id=1, file="f", members=(shared_with,), last="Okafor", first="Sam")
    return Patient("p", tuple(theirs), (other,) if shared_with else (), ())


def masked(kind: str, text: str, who: Patient) -> bytes:
    held = HeldContent(
        id=1, job_id=None, practice_id="p", kind=kind, name="f", state="accepted", content=text.encode("latin-1")
    )
    left = without(held, who, Traces.of(who, ()))
    assert left is not None
    assert len(left) == len(held.content)
    return left


def test_of_a_claim_file_of_two_people_the_others_claim_reads_the_same() -> None:
    ours = subscriber(2, "OKAFOR", "GRACE", "CHP400118", claim("C-100001"))
    text = ISA + ours + subscriber(3, "BIANCHI", "PAOLO", "CHP400731", claim("C-200002")) + END
    left = masked("claim", text, patient("CHP400118"))
    before = [one for one in read_claims(text.encode(), "f") if getattr(one, "claim_id", "") == "C-200002"]
    after = [one for one in read_claims(left, "f") if getattr(one, "claim_id", "") == "C-200002"]
    assert before == after != []
    start = len(ISA)
    told = left[start : start + len(ours)].decode()
    assert all(word not in told for word in ("OKAFOR", "GRACE", "LARIMER", "19580412", "C-100001", "C3411", "J9271"))
    assert left[:start] == text.encode()[:start]
    assert left[start + len(ours) :] == text.encode()[start + len(ours) :]


def test_of_a_family_the_dependents_claim_stays_when_the_subscriber_goes() -> None:
    head = subscriber(2, "OKAFOR", "GRACE", "FAM100200")
    text = ISA + head + dependent("OKAFOR", "SAM", claim("C-200002")) + END
    left = masked("claim", text, patient("FAM100200", claims=("C-100001",), shared_with="FAM100200")).decode()
    assert "GRACE" not in left
    assert left[len(ISA + head) :] == text[len(ISA + head) :]


def test_of_a_family_the_subscriber_stays_when_the_dependent_goes() -> None:
    head = subscriber(2, "OKAFOR", "SAM", "FAM100200", claim("C-200002"))
    gone = dependent("OKAFOR", "GRACE", claim("C-100001"))
    left = masked("claim", ISA + head + gone + END, patient("FAM100200", shared_with="FAM100200")).decode()
    assert left[: len(ISA + head)] == ISA + head
    assert "GRACE" not in left
    assert "C-100001" not in left


def test_an_acknowledgement_is_masked_by_level() -> None:
    def level(number: int, last: str, member: str, name: str) -> str:
        return f"HL*{number}*3*PT~NM1*QC*1*{last}*A****MI*{member}~TRN*2*{name}~STC*A2:20:PR*20260119*WQ*10~"

    start = ISA.replace("HL*1**20*1", "HL*1**20*1~NM1*PR*2*CASCADE*****46*CASC1").replace("837", "277")
    text = start + level(4, "NAKAMURA", "CHP400652", "C-200002") + level(5, "OKAFOR", "CHP400118", "C-100001") + END
    left = masked("acknowledgement", text, patient("CHP400118"))
    names = {getattr(one, "claim_id", "") for one in read_acknowledgements(left, "f")}
    assert "C-200002" in names
    assert "C-100001" not in names
    assert b"OKAFOR" not in left


CSV = 'auth_number;member_id;note\r\nA-1;CHP400118;"two\nlines; ""quoted"""\r\nA-2;CHP400731;Käthe\r\nA-3;CHP400118;x'


def test_rows_of_a_table_are_blanked_where_they_stood() -> None:
    left = masked("authorization", CSV, patient("CHP400118")).decode("latin-1")
    lines = left.split("\r\n")
    assert [line.replace(" ", "") for line in lines] == [
        "auth_number;member_id;note",
        ';;"\n;"""""',
        "A-2;CHP400731;Käthe",
        ";;",
    ]


def test_a_row_of_a_familys_id_goes_by_name_or_number() -> None:
    text = "member_id,last,first\nFAM100200,Okafor,Grace\nFAM100200,Okafor,Sam\n"
    left = masked("coverage", text, patient("FAM100200", shared_with="FAM100200")).decode()
    assert "Grace" not in left
    assert "FAM100200,Okafor,Sam" in left


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400) | st.text("ISA*~HL22CLMNM1QC\r\n:^0\"',;", max_size=200).map(str.encode))
def test_whatever_stands_in_a_file_its_length_stays(content: bytes) -> None:
    for kind in ("remit", "claim", "acknowledgement", "authorization", "coverage"):
        masked(kind, content.decode("latin-1"), patient("CHP400118"))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(("CHP400118", "Okafor, Grace", "GRACE OKAFOR", "grace period", "é", '"', "CHP4001189")))
)
def test_text_stays_json_and_as_long_and_tells_nothing(words: list[str]) -> None:
    import json

    traces = Traces.of(patient("CHP400118"), ())
    text = json.dumps({"a": words, "n": 400118, "CHP400118": 1.5}, ensure_ascii=False, separators=(",", ":"))
    left = traces.masked(text)
    assert len(left.encode()) == len(text.encode())
    held = json.loads(left)
    assert held["n"] == 400118
    assert not any(traces.pattern.search(word) for word in held["a"])
    assert [word for word in held["a"] if word in ("grace period", "CHP4001189")] == [
        word for word in words if word in ("grace period", "CHP4001189")
    ]


def test_a_name_that_others_or_the_practice_go_by_is_not_searched_for() -> None:
    assert Traces.of(patient("CHP400118"), (), ("Grace Okafor, MD",)).names == ()
    assert Traces.of(patient("CHP400118"), (), ("Dana Ruiz",)).names == (("Okafor", "Grace"),)
