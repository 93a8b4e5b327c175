"""The form of a model's answer: strict, the same for every case, so that the prompt's beginning repeats."""

from typing import Any

from agent.model import ResponseSchema
from agent.reading.questions import load_questions


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _words(says: str) -> dict[str, Any]:
    return {"type": "string", "description": says}


_TEXT_ID = _words('The id of the text the quote stands in, such as "D2" or "P1"; empty when the answer is unknown.')
_QUOTE = _words(
    "Copied letter by letter from that text, one passage without gaps, long enough to be found (a whole sentence or "
    "line); empty when the answer is unknown."
)
_WHY = _words("One short sentence: how the quote answers the question.")


def answer_schema() -> ResponseSchema:
    """Return the schema: facts asked for, criteria, and an order of the causes still open."""
    fact = _object(
        fact={"type": "string", "enum": sorted(load_questions()), "description": "Which question this answers."},
        answer={"type": "string", "enum": ["confirmed", "refuted", "unknown"]},
        text_id=_TEXT_ID,
        quote=_QUOTE,
        why=_WHY,
    )
    criterion = _object(
        criterion_id=_words("The id of the criterion as given."),
        answer={"type": "string", "enum": ["met", "not_met", "not_determinable"]},
        text_id=_TEXT_ID,
        quote=_QUOTE,
        why=_WHY,
    )
    ranked = _object(root_cause=_words("The id of a cause still open, as given."), why=_WHY)
    whole = _object(
        facts={"type": "array", "items": fact, "description": "One entry for each question asked."},
        criteria={"type": "array", "items": criterion, "description": "One entry for each criterion asked."},
        ranking={"type": "array", "items": ranked, "description": "The causes still open, the likeliest first."},
    )
    return ResponseSchema(name="reading", schema=whole)
