"""How a case is put to the model: a beginning that is the same for every case, then the case itself."""

import json

from agent.diagnosis.inquiry import Inquiry
from agent.diagnosis.printed import day, money
from agent.model import Message
from agent.reading.library import Library, Text
from agent.reading.needed import Needed
from agent.reading.questions import load_questions
from knowledge.causes import Catalogue
from prompts import Prompt, render

SHOWN_CHARACTERS = 24_000
"""Characters of texts in the first message; what does not fit is there to be searched and read."""


def system_prompt() -> Prompt:
    """Return the beginning, with every question that may be asked: it repeats from case to case."""
    questions = "\n".join(f"- {name}: {question.ask.strip()}" for name, question in load_questions().items())
    return render("reading", questions=questions)


def briefing(q: Inquiry, wanted: Needed, library: Library, catalogue: Catalogue) -> Message:
    """Put the case: as JSON what the records say, then the texts, marked as content."""
    denial, claim, policy = q.case.denial, q.case.claim, q.case.policy
    shown, left = _texts(wanted, library)
    case = {
        "denied": {
            "hcpcs": q.hcpcs,
            "drug": _drug(q),
            "date_of_service": day(q.service_date),
            "place_of_service": claim.place_of_service if claim else "",
            "diagnoses_on_claim": list(claim.diagnoses) if claim else [],
            "amount": money(denial.amount_at_stake),
            "reasons": [f"{a.group}-{a.carc}: {_meaning(q, a.carc)}" for a in denial.adjustments],
            "remarks": [f"{code}: {_remark(q, code)}" for code in denial.remarks],
        },
        "payer": q.case.payer.name if q.case.payer else "",
        "policy": f"{policy.policy_id} {policy.title}" if policy else "",
        "causes_still_open": [
            {
                "root_cause": h.root_cause,
                "name": catalogue.get(h.root_cause).name,
                "settled_by": list(h.settled_by[:3]),
            }
            for h in wanted.causes
        ],
        "questions": [question.fact for question in wanted.questions],
        "criteria": [
            {
                "criterion_id": row.criterion.id,
                "section": row.criterion.heading,
                "asks": row.criterion.text,
                "why_open": row.chart_fact,
            }
            for row in wanted.criteria
        ],
        "texts_not_shown": [
            {"text_id": text.id, "title": text.title, "date": day(text.day), "characters": len(text.text)}
            for text in left
        ],
    }
    content = json.dumps(case, ensure_ascii=False, indent=1)
    return {"role": "user", "content": "\n\n".join([content, *(library.marked(text) for text in shown)])}


def _texts(wanted: Needed, library: Library) -> tuple[list[Text], list[Text]]:
    """Choose the texts of the first message: the policy when it is asked about, then the newest of the chart."""
    asked_of_policy = any(question.where == "policy" for question in wanted.questions)
    policy = [text for text in library.texts if text.kind == "policy" and (asked_of_policy or wanted.criteria)]
    chart = sorted(
        (text for text in library.texts if text.kind == "chart"), key=lambda t: (str(t.day or ""), t.id), reverse=True
    )
    shown: list[Text] = []
    room = SHOWN_CHARACTERS
    for text in (*chart, *policy):
        if len(text.text) <= room:
            shown.append(text)
            room -= len(text.text)
    names = {text.id for text in shown}
    in_order = [text for text in library.texts if text.id in names]
    return in_order, [text for text in library.texts if text.id not in names]


def _drug(q: Inquiry) -> str:
    found = q.codes.hcpcs.lookup(q.hcpcs, q.service_date) if q.service_date and q.hcpcs else None
    return f"{found.generic} ({found.brand})" if found else ""


def _meaning(q: Inquiry, carc: str) -> str:
    return "; ".join(row.meaning for row in q.codes.carc.classify_as(carc)) or "not in the table"


def _remark(q: Inquiry, code: str) -> str:
    row = q.codes.rarc.lookup(code)
    return row.meaning if row else "not in the table"
