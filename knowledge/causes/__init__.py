"""The root-cause catalogue as data: one YAML file a category, loaded and validated once."""

from knowledge.causes.catalogue import Catalogue, Cause, CauseId, Circumstance, load_catalogue

__all__ = ["Catalogue", "Cause", "CauseId", "Circumstance", "load_catalogue"]
