"""An entry of the audit trail as a FHIR R4 AuditEvent."""

from typing import Any

from fhir.resources.R4B.auditevent import AuditEvent

from knowledge.records.audit import AuditEntry

_OUTCOMES = {"done": "0", "refused": "4", "failed": "8"}
_DICOM = "http://dicom.nema.org/resources/ontology/DCM"
_TYPES = {"R": ("110112", "Query"), "E": ("110100", "Application Activity")}
_CHANGE = ("110103", "DICOM Instances Accessed")
_REST = {"C": "create", "R": "read", "U": "update", "D": "delete", "E": "operation"}
_INTERACTION = "http://hl7.org/fhir/restful-interaction"
_OURS = "urn:overturn:"


def audit_event(entry: AuditEntry, sha256: str) -> str:
    """Return the entry as one line of NDJSON; `sha256` is the entry's hash in the chain."""
    code, display = _TYPES.get(entry.does, _CHANGE)
    agent: dict[str, Any] = {
        "type": {"text": entry.actor_kind},
        "who": {"identifier": {"system": f"{_OURS}{entry.actor_kind}", "value": entry.actor}},
        "requestor": entry.actor_kind != "system",
    }
    if entry.role:
        agent["role"] = [{"text": entry.role}]
    if entry.address:
        machine = entry.address == "command line"
        agent["network"] = {"address": entry.address, "type": "1" if machine else "2"}
    event = {
        "resourceType": "AuditEvent",
        "id": f"audit-{entry.number}",
        "type": {"system": _DICOM, "code": code, "display": display},
        "subtype": [
            {"system": _INTERACTION, "code": _REST[entry.does]},
            {"system": f"{_OURS}action", "code": entry.action.replace(" ", "-")},
        ],
        "action": entry.does,
        "recorded": entry.at.isoformat(),
        "outcome": _OUTCOMES[entry.outcome],
        "agent": [agent],
        "source": {"observer": {"identifier": {"system": _OURS + "product", "value": "overturn"}}},
        "entity": list(_entities(entry, sha256)),
    }
    return str(AuditEvent.model_validate(event).model_dump_json(exclude_none=True))


def _entities(entry: AuditEntry, sha256: str) -> list[dict[str, Any]]:
    chain = [
        {"type": "entry", "valueString": f"{entry.number}"},
        {"type": "sha256", "valueString": sha256},
        {"type": "previous", "valueString": entry.previous},
        {"type": "subjects", "valueString": f"{entry.count}"},
    ]
    chain += [{"type": "request", "valueString": entry.request_id}] if entry.request_id else []
    chain += [{"type": name, "valueString": f"{value}"} for name, value in sorted(entry.detail.items()) if value != []]
    found: list[dict[str, Any]] = [
        {"what": {"identifier": {"system": f"{_OURS}audit", "value": "entry"}}, "detail": chain}
    ]
    if entry.practice_id:
        found.append({"what": {"identifier": {"system": f"{_OURS}practice", "value": entry.practice_id}}})
    found += [{"what": {"identifier": {"system": f"{_OURS}subject", "value": one}}} for one in entry.subjects]
    return found
