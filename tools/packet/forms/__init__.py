"""Forms a payer wants before the letter: a template and a map from its fields to values of the case."""

from tools.packet.forms.filling import FilledForm, fill, slots_of
from tools.packet.forms.form import Form, FormBroken, FormField, load_forms, own_forms

__all__ = ["FilledForm", "Form", "FormBroken", "FormField", "fill", "load_forms", "own_forms", "slots_of"]
