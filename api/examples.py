"""Examples for the API's description. The people and numbers are invented."""

from typing import Any

TAKEN: dict[str, Any] = {
    "practice_id": "prc_9da833d6cd81",
    "file": "remits/chp_20260403.835",
    "outcome": "new",
    "facts": 9,
    "findings": [],
    "worked": True,
    "new": ["den_9521f2aa9451e870bc0e"],
    "changed": [],
    "work": {"state": "idle", "practice_id": None, "done": 0, "total": 0, "failed": None},
}

REVIEW: dict[str, Any] = {
    "decision": "edit",
    "reason": "The plan wants the second level for this code",
    "by": "Maria Lopez",
    "changes": {"remedy": "appeal", "then": None},
}

DENIAL: dict[str, Any] = {
    "denial_id": "den_9521f2aa9451e870bc0e",
    "remit": {
        "file": "remits/chp_20260403.835",
        "payer_id": "CASC1",
        "payer_name": "CASCADE HEALTH PLAN",
        "trace_number": "CHP2604030402",
        "paid_on": "2026-04-03",
        "claim_id": "CED26-0316",
        "payer_claim_number": "26C260316",
        "claim_status": "1",
    },
    "line": {
        "hcpcs": "J9271",
        "modifiers": ["JZ"],
        "units": "400",
        "service_date": "2026-03-16",
        "charge": "22800.00",
        "paid": "0.00",
        "line_control": "CED26-0316L1",
    },
    "adjustments": [{"group": "CO", "carc": "198", "amount": "22800.00", "quantity": None}],
    "remarks": ["N54"],
    "amount_at_stake": "22800.00",
    "rate_amount": None,
    "links": {
        "claim_file": {"value": "claims/casc1_20260319.837", "rule": "CLM01 equals CLP01"},
        "claim_line": {"value": "1", "rule": "REF*6R equals 2400 REF*6R"},
        "auth_number": {"value": "A-1", "rule": "REF*G1 of the claim (2300)"},
        "chart": {"value": "charts/okafor.json", "rule": "member id"},
        "policy_id": None,
    },
    "category": "authorization",
    "root_cause": "auth-units-mismatch",
    "says": "J9271 billed and given 400 units (400 mg, 2026-03-16); authorization A-1 allows 200 units a dose.",
    "confidence": 0.95,
    "alternatives": [],
    "remedy": "authorization_fix",
    "then": "reconsideration",
    "route": "straight_through",
    "review_reasons": [],
    "deadlines": [
        {
            "action": "authorization_fix",
            "date": "2026-05-15",
            "rule": "payers.yaml CASC1 retro_authorization_days: 60 days from service_date 2026-03-16",
        }
    ],
    "evidence": [
        {
            "id": "E1",
            "kind": "remit",
            "source": "remits/chp_20260403.835 segment 22",
            "quote": "CAS*CO*198*22800",
            "says": "Cascade Health Plan denied J9271 of 2026-03-16: CO-198 $22,800.00, remarks N54",
        }
    ],
    "missing": [],
    "products": {
        "letter": None,
        "packet": {
            "path": "products/prc_9da833d6cd81/den_9521f2aa9451e870bc0e/packet.pdf",
            "sha256": "da3bb9d9e503f93f0e5efac1b6f2c135",
        },
        "corrected_claim": None,
        "authorization_request": None,
        "peer_to_peer_brief": None,
    },
    "priority": {"expected_value": "10700.00", "days_left": 14, "rank": 5},
    "series": None,
    "status": "worked",
    "facts": [
        {
            "name": "authorization-units-enough",
            "truth": "refuted",
            "says": "400 units billed, 200 units authorized a dose",
            "evidence": ["E2", "E3"],
            "missing": [],
            "values": {"billed_units": "400", "auth_units": "200"},
        }
    ],
    "tables": [],
    "changes": [],
    "timeline": [
        {
            "at": "2026-05-01T09:00:00Z",
            "kind": "worked",
            "says": "auth-units-mismatch: authorization_fix, straight through",
        }
    ],
}
