"""What a model costs, from a dated table; a model that is not in it has no price, and that is said."""

import re
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml
from pydantic import Field, ValidationError, model_validator

from agent.model.asking import Usage
from agent.model.settings import ModelSettingsFault
from knowledge.types.practice import Frozen

_BESIDE = Path(__file__).with_name("prices.yaml")
_DATED = re.compile(r"-\d{4}-\d{2}-\d{2}\Z")
_MILLION = Decimal(1_000_000)


class Price(Frozen):
    """US dollars a million tokens, and who reports it."""

    input: Decimal = Field(ge=0)
    cached: Decimal = Field(ge=0)
    output: Decimal = Field(ge=0)
    source: str = ""

    @model_validator(mode="after")
    def _cached_is_no_dearer(self) -> "Price":
        if self.cached > self.input:
            raise ValueError("cached input is dearer than input")
        return self

    def of(self, usage: Usage) -> Decimal:
        """Return what a usage costs, to the full fraction of a cent."""
        fresh = usage.input_tokens - usage.cached_tokens
        cost = self.input * fresh + self.cached * usage.cached_tokens + self.output * usage.output_tokens
        return cost / _MILLION


class Prices(Frozen):
    """A price table with where and when it was taken down."""

    source: str
    read: date
    models: dict[str, Price]

    def of(self, model: str) -> Price | None:
        """Return a model's price by its name, `vendor/` before it and a date after it disregarded; None = not known."""
        bare = model.rsplit("/", 1)[-1].casefold()
        return self.models.get(bare) or self.models.get(_DATED.sub("", bare))


@cache
def load_prices(path: Path = _BESIDE) -> Prices:
    """Load a price table; the one that comes with the program unless another is named.

    Raises:
        ModelSettingsFault: the file cannot be read, or is not of the form of `prices.yaml`.
    """
    try:
        return Prices.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        says = f"{path.name} is no price table of the form of prices.yaml ({type(error).__name__})"
        raise ModelSettingsFault("OVERTURN_MODEL_PRICES", says) from None
