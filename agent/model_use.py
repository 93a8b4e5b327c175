"""What a language model did for one denial, put together for its record."""

from agent.model.prices import load_prices
from agent.reading.findings import Reading
from knowledge.types.record import RecordModel


def model_use(reading: Reading | None) -> RecordModel | None:
    """Return what a model did; None where none was asked."""
    if reading is None or not reading.calls:
        return None
    usage = reading.usage
    price = load_prices().of(reading.model)
    return RecordModel(
        name=reading.model,
        prompts=reading.prompts,
        calls=reading.calls,
        tool_calls=reading.tool_calls,
        accepted=len(reading.facts) + len(reading.criteria),
        rejected=reading.rejected,
        fault=reading.fault,
        input_tokens=usage.input_tokens,
        cached_tokens=usage.cached_tokens,
        output_tokens=usage.output_tokens,
        seconds=round(usage.seconds, 3),
        cost=f"{price.of(usage):.6f}" if price is not None else None,
    )
