"""Where a statement stands: a source opened at its passage, with the words that carry it marked."""

from api.sources.opening import Shelf, document_of, open_rule, open_source
from api.sources.shown import Line, Marked, Shown

__all__ = ["Line", "Marked", "Shelf", "Shown", "document_of", "open_rule", "open_source"]
