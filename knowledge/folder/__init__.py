"""Reads a practice folder: who bills and is billed, what was authorized, covered, contracted and ruled."""

from knowledge.folder.authorizations import read_authorizations
from knowledge.folder.contracts import read_contracts
from knowledge.folder.coverage import read_coverage
from knowledge.folder.csv_rows import UnreadRow
from knowledge.folder.listing import FileKind, SourceFile
from knowledge.folder.payers_file import read_payers
from knowledge.folder.policy_file import read_policy
from knowledge.folder.practice_file import read_practice
from knowledge.folder.reading import FolderReading, read_practice_folder

__all__ = [
    "FileKind",
    "FolderReading",
    "SourceFile",
    "UnreadRow",
    "read_authorizations",
    "read_contracts",
    "read_coverage",
    "read_payers",
    "read_policy",
    "read_practice",
    "read_practice_folder",
]
