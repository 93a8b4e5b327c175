"""Measure many denials in flight at once: `python -m evals.bench.in_flight [--denials N] [--seconds S]`.

An invented practice of N denials, each with a letter only a reader understands, is worked against a scripted model on
loopback that takes S seconds an answer. The ideal is N askings, `concurrency` at a time, S seconds each, and nothing
else. Writes one JSON object: seconds, the ideal, their ratio, askings.
"""

import argparse
import base64
import json
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from agent.model.client import EndpointModel
from agent.office import Office
from agent.reader import Reader
from evals.fake_model import FakeModel, Received, Response, answer_of

CONCURRENCY = 8
BAR = 1.3
_EMPTY: dict[str, list[str]] = {"facts": [], "criteria": [], "ranking": []}
_LETTER = "The patient spent the night of the fifteenth to the eighteenth of March on our ward."
_PRACTICE = "contract: 1\nname: Bench Oncology\nbilling_npi: '1999999992'\nas_of: 2026-05-01\nproviders: []\n"
_PAYERS = """
- id: P1
  name: Bench Plan
  line_of_business: commercial
  appeals: [{level: reconsideration, days: 180, from: remit_date}]
"""


def write_folder(folder: Path, denials: int) -> None:
    """Write a practice folder of so many denials, a patient each: claim, remit and chart."""
    for part in ("remits", "claims", "charts"):
        (folder / part).mkdir(parents=True)
    (folder / "practice.yaml").write_text(_PRACTICE)
    (folder / "payers.yaml").write_text(_PAYERS)
    (folder / "remits" / "r.835").write_text(_remit(denials))
    (folder / "claims" / "c.837").write_text(_claims(denials))
    for number in range(denials):
        (folder / "charts" / f"p{number}.json").write_text(json.dumps(_chart(number)))


def _isa(kind: str, sender: str, receiver: str) -> str:
    names = f"ISA*00*          *00*          *ZZ*{sender:15}*ZZ*{receiver:15}*260403*0612*^*00501*000000001*0*P*:~"
    return f"{names}GS*{kind}*{sender}*{receiver}*20260403*0612*1*X*"


def _remit(denials: int) -> str:
    claims = "".join(
        f"CLP*B-{n}*1*500*0**12*ICN{n}*11~NM1*QC*1*BENCH{n}*PAT****MI*M{n}~SVC*HC:J9263:JZ*500*0**0**400~"
        f"DTM*472*20260316~CAS*CO*60*500~REF*6R*L{n}~LQ*HE*MA133~"
        for n in range(denials)
    )
    head = "005010X221A1~ST*835*0001~BPR*I*0*C*NON************20260403~TRN*1*T1*1~N1*PR*BENCH PLAN*XV*P1~"
    count = 5 + 7 * denials
    return f"{_isa('HP', 'PAYER', 'OFFICE')}{head}{claims}SE*{count}*0001~GE*1*1~IEA*1*000000001~"


def _claims(denials: int) -> str:
    claims = "".join(
        f"HL*{n + 2}*1*22*0~SBR*P*18*******CI~NM1*IL*1*BENCH{n}*PAT****MI*M{n}~DMG*D8*19600101*F~"
        f"NM1*PR*2*BENCH PLAN*****PI*P1~CLM*B-{n}*500***11:B:1*Y*A*Y*Y~HI*ABK:C182~LX*1~SV1*HC:J9263:JZ*500*UN*400***1~"
        f"DTP*472*D8*20260316~REF*6R*L{n}~"
        for n in range(denials)
    )
    head = (
        "005010X222A1~ST*837*0001*005010X222A1~BHT*0019*00*1*20260318*0612*CH~HL*1**20*1~"
        "NM1*85*2*BENCH ONCOLOGY*****XX*1999999992~"
    )
    count = 5 + 11 * denials
    return f"{_isa('HC', 'OFFICE', 'PAYER')}{head}{claims}SE*{count}*0001~GE*1*1~IEA*1*000000001~"


def _chart(number: int) -> dict[str, object]:
    letter = base64.b64encode(_LETTER.encode()).decode()
    patient = {
        "resourceType": "Patient",
        "id": f"p{number}",
        "identifier": [{"value": f"M{number}"}],
        "name": [{"family": f"Bench{number}", "given": ["Pat"]}],
        "birthDate": "1960-01-01",
    }
    document = {
        "resourceType": "DocumentReference",
        "id": f"d{number}",
        "status": "current",
        "type": {"text": "Letter"},
        "date": "2026-03-20",
        "content": [{"attachment": {"contentType": "text/plain", "data": letter}}],
    }
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": patient}, {"resource": document}],
    }


def measure(denials: int, seconds: float) -> dict[str, float]:
    """Work the folder and return seconds, the ideal, their ratio and askings."""

    def slow(_request: Received) -> Response:
        time.sleep(seconds)
        return answer_of(_EMPTY)

    with tempfile.TemporaryDirectory(prefix="overturn-bench-") as place, FakeModel(slow) as fake:
        folder, home = Path(place) / "folder", Path(place) / "home"
        write_folder(folder, denials)
        settings = fake.settings(concurrency=CONCURRENCY)
        with (
            EndpointModel(settings) as model,
            Office.open(home, lambda: datetime.now(UTC), reader=Reader(model, settings)) as office,
        ):
            report = office.take_folder(folder)
            if report.practice_id is None:
                raise SystemExit("the bench's folder could not be taken in")
            started = time.perf_counter()
            office.work(report.practice_id)
            took = time.perf_counter() - started
            askings = sum(r.model.calls for r in office.records_of(report.practice_id) if r.model is not None)
    ideal = -(-askings // CONCURRENCY) * seconds
    return {"seconds": took, "ideal": ideal, "ratio": took / ideal if ideal else 0.0, "askings": askings}


def main() -> None:
    """Measure and write one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m evals.bench.in_flight", description=__doc__)
    parser.add_argument("--denials", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=2.0)
    asked = parser.parse_args()
    sys.stdout.write(json.dumps(measure(asked.denials, asked.seconds)) + "\n")


if __name__ == "__main__":
    main()
