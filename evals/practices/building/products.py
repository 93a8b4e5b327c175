"""Loads the drugs a practice stocks: billing unit, carton NDC, vial strength."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Product:
    """One stocked product. `per_unit` mg per billing unit; `vial_ml` None = powder, counted in vials (UN)."""

    code: str
    name: str
    per_unit: Decimal
    measure: str
    ndc: str
    vial: Decimal
    vial_ml: Decimal | None
    route: str

    @property
    def ndc_unit(self) -> str:
        """Return the NDC's own unit of measure."""
        return "UN" if self.vial_ml is None else "ML"

    def amount(self, units: Decimal) -> Decimal:
        """Return the amount of drug in so many billing units, in `measure`."""
        return units * self.per_unit

    def ndc_quantity(self, units: Decimal) -> Decimal:
        """Return the NDC quantity of so many billing units: mL of a liquid, whole vials of a powder."""
        vials = self.amount(units) / self.vial
        if self.vial_ml is None:
            return vials.to_integral_value(ROUND_CEILING)
        return (vials * self.vial_ml).quantize(Decimal("0.01"))


def load_products(path: Path) -> dict[str, Product]:
    """Read the products table, keyed by HCPCS code."""
    rows: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {row["code"]: _product(row) for row in rows}


def _product(row: dict[str, Any]) -> Product:
    ml = row.get("vial_ml")
    return Product(
        code=row["code"],
        name=row["name"],
        per_unit=Decimal(str(row["per_unit"])),
        measure=row.get("measure", "mg"),
        ndc=row["ndc"],
        vial=Decimal(str(row["vial"])),
        vial_ml=None if ml is None else Decimal(str(ml)),
        route=row.get("route", "intravenous infusion"),
    )
