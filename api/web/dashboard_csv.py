"""A table of the dashboard as CSV for a spreadsheet: text that it would run as a formula is marked as text."""

import csv
import io

from api.export_rows import spreadsheet_cell
from api.web.dashboard_tables import Table


def csv_of(table: Table) -> str:
    """Return a table as CSV with a heading, all rows and the sums."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow([spreadsheet_cell(column.label) for column in table.columns])
    for row in (*table.rows, *((table.foot,) if table.foot else ())):
        writer.writerow([spreadsheet_cell(figure.raw) for figure in row])
    return made.getvalue()
