"""What a language model did for one denial, put together for its record."""

from agent.model.asking import Usage, added
from agent.model.prices import load_prices
from agent.reading.findings import Reading
from agent.work import Writing
from knowledge.types.record import RecordModel


def model_use(reading: Reading | None, writing: Writing | None) -> RecordModel | None:
    """Return what a model did, reading and writing together; None where none was asked."""
    if reading is not None and not reading.calls:
        reading = None
    name = reading.model if reading else writing.model if writing else ""
    if not name:
        return None
    usage = added(reading.usage if reading else Usage(), writing.usage if writing else Usage())
    price = load_prices().of(name)
    faults = [part.fault for part in (reading, writing) if part is not None and part.fault]
    return RecordModel(
        name=name,
        prompts=(*(reading.prompts if reading else ()), *(writing.prompts if writing else ())),
        calls=(reading.calls if reading else 0) + (writing.calls if writing else 0),
        tool_calls=reading.tool_calls if reading else 0,
        accepted=len(reading.facts) + len(reading.criteria) if reading else 0,
        rejected=reading.rejected if reading else (),
        ranking=tuple(item.root_cause for item in reading.ranking) if reading else (),
        sentences=writing.sentences if writing else 0,
        sentences_kept=writing.kept if writing else 0,
        fault="; ".join(faults),
        input_tokens=usage.input_tokens,
        cached_tokens=usage.cached_tokens,
        output_tokens=usage.output_tokens,
        seconds=round(usage.seconds, 3),
        cost=f"{price.of(usage):.6f}" if price is not None else None,
    )
