"""Score the links: authorization, chart and policy against the label, the claim line against the claim file itself."""

from evals.labels import Label
from evals.scorers.documents import Documents
from evals.scorers.verdict import Verdict, judge, missed
from knowledge.types.record import DenialRecord, RecordLink


def score_links(label: Label, record: DenialRecord | None, documents: Documents) -> tuple[Verdict, ...]:
    """Judge `auth_number`, `chart`, `policy_id` and `claim_line`."""
    if record is None:
        lost = (("auth_number", label.auth_number), ("chart", label.chart), ("policy_id", label.policy_id))
        return (*(missed(field, expected) for field, expected in lost), missed("claim_line", "the claim's own line"))
    links = record.links
    return (
        judge("auth_number", label.auth_number, _value(links.auth_number), label.alternatives("auth_number")),
        judge("chart", label.chart, _value(links.chart), label.alternatives("chart")),
        judge("policy_id", label.policy_id, _value(links.policy_id), label.alternatives("policy_id")),
        _claim_line(record, documents),
    )


def _claim_line(record: DenialRecord, documents: Documents) -> Verdict:
    """Open the linked claim and see that it holds the denied line; where nothing is linked, that no claim is there."""
    claim_id, linked = record.remit.claim_id, record.links.claim_file
    if linked is None:
        there = documents.claims(claim_id)
        return judge("claim_line", there[0] if there else None, None)
    segments = documents.claim(linked.value, claim_id)
    if not segments:
        return judge("claim_line", f"a file that holds claim {claim_id}", linked.value)
    if record.line is None:
        return judge("claim_line", linked.value, linked.value)
    expected = _line_number(segments, record)
    return judge("claim_line", expected, _value(record.links.claim_line))


def _line_number(segments: tuple[list[str], ...], record: DenialRecord) -> str | None:
    """Find the claim's line by its control number, else by code and date; None when it is not one line alone."""
    line = record.line
    if line is None:
        return None
    by_control, by_code, number, code, day = [], [], "", "", ""
    for elements in (*segments, ["LX", ""]):
        if elements[0] == "LX":
            if number and code == line.hcpcs and day == (line.service_date or "").replace("-", ""):
                by_code.append(number)
            number, code, day = elements[1], "", ""
        elif elements[0] == "SV1":
            code = elements[1].split(elements[1][2])[1] if len(elements[1]) > 2 else ""
        elif elements[:2] == ["DTP", "472"]:
            day = elements[3][:8]
        elif elements[:2] == ["REF", "6R"] and elements[2] == line.line_control:
            by_control.append(number)
    found = by_control or by_code
    return found[0] if len(found) == 1 else None


def _value(link: RecordLink | None) -> str | None:
    return link.value if link else None
