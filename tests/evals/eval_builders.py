"""Tiny practices with their truth: one remit, one claim, one authorization, one chart."""

import base64
import json
from pathlib import Path
from typing import Any

from evals.exported import as_exported
from evals.labels import Decoy, Label, LabelledPractice
from knowledge.types.record import DenialRecord

REMIT = (
    "ISA*00*          *00*          *ZZ*PAYER          *ZZ*OFFICE         *260403*0612*^*00501*000310003*0*P*:~"
    "GS*HP*PAYER*OFFICE*20260403*0612*1*X*005010X221A1~ST*835*0001~BPR*I*0*C*NON************20260403~TRN*1*T1*1~"
    "N1*PR*PAYER ONE*XV*P1~CLP*C-1*1*500*0**12*ICN1*11~SVC*HC:J9271:JZ*400*0**0**200~DTM*472*20260316~"
    "CAS*CO*197*400~REF*6R*L1~LQ*HE*N54~SVC*HC:96413*100*100**1~DTM*472*20260316~REF*6R*L2~"
    "CLP*C-2*1*50*0**12*ICN2*11~SVC*HC:J1100*50*0**1~CAS*CO*50*50~SE*17*0001~GE*1*1~IEA*1*000310003~"
)
CLAIM = (
    "ISA*00*          *00*          *ZZ*OFFICE         *ZZ*PAYER          *260318*0612*^*00501*000000001*0*P*:~"
    "GS*HC*OFFICE*PAYER*20260318*0612*1*X*005010X222A1~ST*837*0001*005010X222A1~BHT*0019*00*1*20260318*0612*CH~"
    "CLM*C-1*500***11:B:1*Y*A*Y*Y~REF*G1*A-1~LX*1~SV1*HC:J9271:JZ*400*UN*200***1~DTP*472*D8*20260316~REF*6R*L1~"
    "LX*2~SV1*HC:96413*100*UN*1***1~DTP*472*D8*20260316~REF*6R*L2~SE*13*0001~GE*1*1~IEA*1*000000001~"
)
AUTHS = "auth_number,payer_id,quantity\nA-1,P1,200\n"
PAYERS = """
- id: P1
  name: Payer One
  appeals:
    - {level: reconsideration, days: 180, from: remit_date}
  corrected_claim_days: 120
  retro_authorization_days: 60
  ndc_required: true
"""
PRACTICE = "contract: 1\nname: Office\nreview: {min_confidence: 0.9, max_amount_without_review: 1000.00}\n"
POLICY = "---\npolicy_id: POL-1\n---\n# Rules\n## Dosing\nGive no more than\n200 mg.\n"


def folder(root: Path) -> Path:
    """Write the little practice folder."""
    note = base64.b64encode(b"Seen today. PD-L1 TPS was 80% in January.").decode()
    bundle = {
        "resourceType": "Bundle",
        "entry": [
            {
                "resource": {
                    "resourceType": "MedicationAdministration",
                    "id": "m1",
                    "dosage": {"dose": {"value": 200.0}},
                }
            },
            {
                "resource": {
                    "resourceType": "DocumentReference",
                    "id": "d1",
                    "content": [{"attachment": {"contentType": "text/plain", "data": note}}],
                }
            },
            {
                "resource": {
                    "resourceType": "DocumentReference",
                    "id": "scan",
                    "content": [{"attachment": {"contentType": "application/pdf", "data": ""}}],
                }
            },
        ],
    }
    files = {
        "practice.yaml": PRACTICE,
        "payers.yaml": PAYERS,
        "remits/r1.835": REMIT,
        "claims/c1.837": CLAIM,
        "auths/a.csv": AUTHS,
        "contracts/k.csv": "payer_id,hcpcs,start_date,end_date,rate\nP1,J9271,2026-01-01,,24.50\n",
        "policies/p.md": POLICY,
        "charts/one.json": json.dumps(bundle),
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def key(**changed: Any) -> dict[str, Any]:
    """Return the keys of the first line of claim C-1; `line` fields are given by name."""
    line = {
        "hcpcs": "J9271",
        "modifiers": ["JZ"],
        "service_date": "2026-03-16",
        "charge": "400.00",
        "line_control": "L1",
    }
    line.update({name: changed.pop(name) for name in list(changed) if name in line})
    whole: dict[str, Any] = {
        "case": "one",
        "remit_files": ["r1.835"],
        "payer_id": "P1",
        "trace_number": "T1",
        "claim_id": "C-1",
        "payer_claim_number": "ICN1",
        "line": line,
        "why": "because",
    }
    return {**whole, **changed}


def decoy(**changed: Any) -> Decoy:
    """Return a line that is no denial."""
    return Decoy.model_validate_json(json.dumps(key(**changed)))


def label(**changed: Any) -> Label:
    """Return what is true of the denied line."""
    truth: dict[str, Any] = {
        "amount_at_stake": "400.00",
        "category": "authorization",
        "root_cause": "auth-valid-payer-error",
        "remedy": "reconsideration",
        "then": None,
        "route": "straight_through",
        "binding_deadline": {"action": "reconsideration", "date": "2026-09-30"},
        "auth_number": "A-1",
        "chart": "charts/one.json",
        "policy_id": None,
        "status": "new",
        "also_right": {},
    }
    truth.update({name: changed.pop(name) for name in list(changed) if name in truth})
    return Label.model_validate_json(json.dumps({**key(**changed), **truth}))


def raw_record(**changed: Any) -> dict[str, Any]:
    """Return a record that is right about `label()`, as it is exported. `remit__x` and `line__x` change a part."""
    record: dict[str, Any] = {
        "denial_id": "den_1",
        "remit": {
            "file": "remits/r1.835",
            "payer_id": "P1",
            "payer_name": "PAYER ONE",
            "trace_number": "T1",
            "paid_on": "2026-04-03",
            "claim_id": "C-1",
            "payer_claim_number": "ICN1",
            "claim_status": "1",
        },
        "line": {
            "hcpcs": "J9271",
            "modifiers": ["JZ"],
            "units": "200",
            "service_date": "2026-03-16",
            "charge": "400.00",
            "paid": "0.00",
            "line_control": "L1",
        },
        "adjustments": [{"group": "CO", "carc": "197", "amount": "400.00", "quantity": None}],
        "remarks": ["N54"],
        "amount_at_stake": "400.00",
        "links": {
            "claim_file": {"value": "claims/c1.837", "rule": "claim number"},
            "claim_line": {"value": "1", "rule": "line control"},
            "auth_number": {"value": "A-1", "rule": "on the claim"},
            "chart": {"value": "charts/one.json", "rule": "member id"},
            "policy_id": None,
        },
        "category": "authorization",
        "root_cause": "auth-valid-payer-error",
        "says": "A-1 was on the claim.",
        "confidence": 0.95,
        "alternatives": [],
        "remedy": "reconsideration",
        "then": None,
        "route": "straight_through",
        "review_reasons": [],
        "deadlines": [{"action": "reconsideration", "date": "2026-09-30", "rule": "payers.yaml P1 appeals[0]"}],
        "evidence": [evidence("remit", "remits/r1.835 segment 8", "CAS*CO*197*400", "CO-197 $400.00 on 2026-03-16")],
        "missing": [],
        "products": {},
        "priority": {"expected_value": "200.00", "days_left": 100, "rank": 1},
        "series": None,
        "status": "worked",
    }
    for name, value in changed.items():
        part, _, field = name.partition("__")
        if field:
            record[part] = {**record[part], field: value}
        else:
            record[name] = value
    return record


def record(**changed: Any) -> DenialRecord:
    """Return `raw_record` read."""
    found = as_exported(1, raw_record(**changed))
    assert found.record is not None, found.problem
    return found.record


def evidence(kind: str, source: str, quote: str | None = None, says: str = "", id: str = "E1") -> dict[str, Any]:
    """Return a citation as it is exported."""
    return {"id": id, "kind": kind, "source": source, "quote": quote, "says": says}


def practice(root: Path, labels: list[Label], decoys: list[Decoy] | None = None) -> LabelledPractice:
    """Return the little practice with the truth given."""
    return LabelledPractice(name="tiny", folder=folder(root), labels=tuple(labels), decoys=tuple(decoys or ()))
