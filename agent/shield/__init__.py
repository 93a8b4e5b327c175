"""What may leave for the model, and how it comes back."""

from agent.shield.bundles import chart_bundles
from agent.shield.identifiers import Identifiers, identifiers_of
from agent.shield.model import ShieldedModel
from agent.shield.shield import Shield, leaks

__all__ = ["Identifiers", "Shield", "ShieldedModel", "chart_bundles", "identifiers_of", "leaks"]
