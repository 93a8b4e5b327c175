"""On PostgreSQL 15 too, all versions in turn come to the tables the program knows: two databases, dumped and compared.

Alembic and SQLAlchemy write SQL, psql runs it, pg_dump says what came of it.
"""

import re

from postgres_server import Server
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine.mock import MockConnection
from sqlalchemy.schema import ExecutableDDLElement

from knowledge.records.tables import METADATA
from knowledge.records.upgrading import sql_of_versions


def dump(server: Server, name: str, sql: str) -> list[str]:
    """Make a database by SQL, and tell what is in it; order of columns aside, which an added one changes."""
    server.run("createdb", name)
    server.run("psql", "-q", "-v", "ON_ERROR_STOP=1", name, text=sql)
    told = server.run("pg_dump", "--schema-only", "--no-owner", "--exclude-table=alembic_version", name)
    lines = (line.strip().rstrip(",") for line in told.splitlines())
    return sorted(line for line in lines if line and not re.match(r"--|SET |SELECT |.(un)?restrict", line))


def test_versions_in_turn_make_the_tables_the_program_makes(postgresql_server: Server) -> None:
    written: list[str] = []

    def write(statement: ExecutableDDLElement, *_: object, **__: object) -> None:
        written.append(f"{statement.compile(dialect=postgresql.dialect())};")

    METADATA.create_all(MockConnection(postgresql.dialect(), write), checkfirst=False)
    at_once = dump(postgresql_server, "at_once", "\n".join(written))
    in_turn = dump(postgresql_server, "in_turn", sql_of_versions("postgresql"))
    assert len([line for line in at_once if line.startswith("CREATE TABLE")]) == len(METADATA.tables)
    assert (sorted(set(in_turn) - set(at_once)), sorted(set(at_once) - set(in_turn))) == ([], [])
    assert in_turn == at_once
