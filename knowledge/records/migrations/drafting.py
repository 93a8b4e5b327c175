"""Draft the next version of the records: `python -m knowledge.records.migrations.drafting "Why it changes"`."""

import re
import sys
from pathlib import Path

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from knowledge.records.migrations.comparing import OPTIONS
from knowledge.records.tables import METADATA
from knowledge.records.upgrading import SCHEMA_VERSION, build_by_versions

VERSIONS = Path(__file__).parent / "versions"
_FILE = '''"""Records of version {number}: {why}."""

import sqlalchemy as sa
from alembic import op

revision = "{number:04}"
down_revision = "{before:04}"


def upgrade() -> None:
    """Bring the tables to this version."""
{body}
'''


def draft(why: str) -> Path | None:
    """Write what the tables have more than all versions so far; None when there is nothing."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        build_by_versions(connection)
        context = MigrationContext.configure(connection, opts=OPTIONS)
        changes = produce_migrations(context, METADATA).upgrade_ops
        if changes is None or changes.is_empty():
            return None
        code = render_python_code(changes, render_item=OPTIONS["render_item"])
    body = "\n".join(line for line in code.splitlines() if not line.strip().startswith("#"))
    body = re.sub(r"op\.f\(('[^']*')\)", r"\1", body).replace(", unique=False", "")
    number = SCHEMA_VERSION + 1
    name = re.sub(r"[^a-z0-9]+", "_", why.lower()).strip("_")
    file = VERSIONS / f"v{number:04}_{name}.py"
    file.write_text(_FILE.format(number=number, before=number - 1, why=why.strip(" ."), body=body), encoding="utf-8")
    return file


if __name__ == "__main__":
    made = draft(" ".join(sys.argv[1:]) or "what changed")
    sys.stdout.write(f"{made}: read it, format it, and raise SCHEMA_VERSION\n" if made else "nothing has changed\n")
