"""Intake: files into the records, each once, each whole or not at all, and the records out again as typed objects."""

from agent.intake.book import BookInputs, load_book_inputs
from agent.intake.report import IntakeReport, Outcome, Progress, TakenFile
from agent.intake.taking import practice_id_of, take_file, take_folder

__all__ = [
    "BookInputs",
    "IntakeReport",
    "Outcome",
    "Progress",
    "TakenFile",
    "load_book_inputs",
    "practice_id_of",
    "take_file",
    "take_folder",
]
