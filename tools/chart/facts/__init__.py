"""Clinical facts of a chart without a model: sure patterns only, each fact with the words it stands in."""

from tools.chart.facts.asking import Answer, best, biomarker, mentions_unread, prior_lines
from tools.chart.facts.collecting import ClinicalReading, clinical_facts, read_clinical
from tools.chart.facts.quoting import source_text
from tools.chart.facts.vocabulary import Vocabulary, vocabulary

__all__ = [
    "Answer",
    "ClinicalReading",
    "Vocabulary",
    "best",
    "biomarker",
    "clinical_facts",
    "mentions_unread",
    "prior_lines",
    "read_clinical",
    "source_text",
    "vocabulary",
]
