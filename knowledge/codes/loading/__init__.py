"""Loads published code files into a home: quarterly CMS files, and a licensed reason and remark list."""

from knowledge.codes.loading.parsed import Kind, LoadError, NothingUsable, Parsed, RowFault
from knowledge.codes.loading.recognize import parse_file
from knowledge.codes.loading.update import Update, update_tables

__all__ = ["Kind", "LoadError", "NothingUsable", "Parsed", "RowFault", "Update", "parse_file", "update_tables"]
