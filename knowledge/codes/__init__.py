"""Dated code tables: what a CARC, a RARC or a HCPCS code meant on a day, with source and date."""

from knowledge.codes.administration import Administration, AdministrationTable
from knowledge.codes.carc import Carc, CarcTable
from knowledge.codes.hcpcs import CodeState, Drug, HcpcsTable, Vial
from knowledge.codes.mue import Mue, MueTable, Setting
from knowledge.codes.ndc import CrosswalkRow, NdcTable
from knowledge.codes.non_denials import NonDenial, NonDenials
from knowledge.codes.rarc import Rarc, RarcTable
from knowledge.codes.recipes import Recipe, Recipes
from knowledge.codes.sources import CodeTableError, Source
from knowledge.codes.succession import Successor, UnitTrap
from knowledge.codes.tables import Codes, load_codes

__all__ = [
    "Administration",
    "AdministrationTable",
    "Carc",
    "CarcTable",
    "CodeState",
    "CodeTableError",
    "Codes",
    "CrosswalkRow",
    "Drug",
    "HcpcsTable",
    "Mue",
    "MueTable",
    "NdcTable",
    "NonDenial",
    "NonDenials",
    "Rarc",
    "RarcTable",
    "Recipe",
    "Recipes",
    "Setting",
    "Source",
    "Successor",
    "UnitTrap",
    "Vial",
    "load_codes",
]
