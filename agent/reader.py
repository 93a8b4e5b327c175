"""A language model and how it may be used: put behind the shield of a practice, and at its desk."""

from dataclasses import dataclass, replace

from agent.desk import Desk
from agent.model import Model
from agent.reading.briefing import system_prompt
from agent.shield import Shield, ShieldedModel, identifiers_of
from prompts import render


@dataclass(frozen=True, slots=True)
class Reader:
    """A model, the wall clock a denial may take with it (seconds), and how many askings it takes at once."""

    model: Model
    seconds: float = 240.0
    concurrency: int = 1

    def at(self, desk: Desk) -> Desk:
        """Return the desk with the model at hand, behind a shield that knows everyone of the practice."""
        shield = Shield(identifiers_of(desk.casebook.inputs))
        model = ShieldedModel(self.model, shield)
        return replace(desk, model=model, model_seconds=self.seconds, model_concurrency=self.concurrency)

    def stands_for(self) -> str:
        """Say which model and prompts answer: with others a case is worked anew."""
        again = render("reading_again", rejected="-").version
        return f"{self.model.name} {system_prompt().version} {again}"
