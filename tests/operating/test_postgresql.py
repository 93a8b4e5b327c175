"""On PostgreSQL 15 too, all versions in turn come to the tables the program knows: two databases, dumped and compared.

No driver is needed: Alembic and SQLAlchemy write SQL, psql runs it, pg_dump says what came of it.
"""

import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine.mock import MockConnection
from sqlalchemy.schema import ExecutableDDLElement

from knowledge.records.tables import METADATA
from knowledge.records.upgrading import sql_of_versions

BIN = Path("/usr/lib/postgresql/15/bin")


class Server:
    """A PostgreSQL of this test alone, on a socket in its folder. It refuses to run as root: then as `postgres`."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._user = None
        if os.getuid() == 0:
            self._user = "postgres"
            shutil.chown(place, self._user)

    def run(self, *command: str, text: str | None = None) -> str:
        who = {"user": self._user, "group": pwd.getpwnam(self._user).pw_gid, "extra_groups": []} if self._user else {}
        made = subprocess.run(
            [str(BIN / command[0]), *command[1:]], input=text, capture_output=True, text=True, cwd=self.place,
            env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "PGHOST": str(self.place)}, timeout=120, **who,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        return made.stdout


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    # A socket's path may be 107 bytes long: pytest's own folders are too deep, and closed to other users.
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as name:
        made, data = Server(Path(name)), f"{name}/data"
        made.run("initdb", "--auth=trust", "--no-sync", "--pgdata", data)
        options = f"-c listen_addresses= -c unix_socket_directories={name} -c fsync=off"
        made.run("pg_ctl", "-D", data, "-w", "-l", f"{name}/log", "-o", options, "start")
        yield made
        made.run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")


def dump(server: Server, name: str, sql: str) -> list[str]:
    """Make a database by SQL, and tell what is in it; order of columns aside, which an added one changes."""
    server.run("createdb", name)
    server.run("psql", "-q", "-v", "ON_ERROR_STOP=1", name, text=sql)
    told = server.run("pg_dump", "--schema-only", "--no-owner", "--exclude-table=alembic_version", name)
    lines = (line.strip().rstrip(",") for line in told.splitlines())
    return sorted(line for line in lines if line and not re.match(r"--|SET |SELECT |.(un)?restrict", line))


def test_versions_in_turn_make_the_tables_the_program_makes(server: Server) -> None:
    written: list[str] = []

    def write(statement: ExecutableDDLElement, *_: object, **__: object) -> None:
        written.append(f"{statement.compile(dialect=postgresql.dialect())};")

    METADATA.create_all(MockConnection(postgresql.dialect(), write), checkfirst=False)
    at_once = dump(server, "at_once", "\n".join(written))
    in_turn = dump(server, "in_turn", sql_of_versions("postgresql"))
    assert len([line for line in at_once if line.startswith("CREATE TABLE")]) == len(METADATA.tables)
    assert (sorted(set(in_turn) - set(at_once)), sorted(set(at_once) - set(in_turn))) == ([], [])
    assert in_turn == at_once
