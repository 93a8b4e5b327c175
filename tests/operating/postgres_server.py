"""A PostgreSQL of the tests' own, on a socket in a folder of its own. It refuses to run as root: then as `postgres`."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

BIN = Path("/usr/lib/postgresql/15/bin")
USER = "overturn"
BY_BYTES = ("--template=template0", "--locale=C.UTF-8")


class Server:
    """A server that runs; every test has databases of its own on it."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._user = None
        self._numbers = count(1)
        if os.getuid() == 0:
            self._user = "postgres"
            shutil.chown(place, self._user)

    def run(self, *command: str, text: str | None = None) -> str:
        who = {"user": self._user, "group": pwd.getpwnam(self._user).pw_gid, "extra_groups": []} if self._user else {}
        made = subprocess.run(
            [str(BIN / command[0]), *command[1:]], input=text, capture_output=True, text=True, cwd=self.place,
            env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "PGHOST": str(self.place), "PGUSER": USER},
            timeout=1200, **who,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        return made.stdout

    def new(self, *options: str) -> str:
        """Make a database; give its URL."""
        name = f"made{next(self._numbers)}"
        self.run("createdb", *(options or BY_BYTES), name)
        return self.url(name)

    def url(self, name: str) -> str:
        return f"postgresql://{USER}@/{name}?unix_sock={self.place}/.s.PGSQL.5432"


@contextmanager
def started() -> Iterator[Server]:
    # A socket's path may be 107 bytes long: pytest's own folders are too deep, and closed to other users.
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as name:
        made, data = Server(Path(name)), f"{name}/data"
        made.run("initdb", "--auth=trust", "--no-sync", f"--username={USER}", "--pgdata", data)
        options = f"-c listen_addresses= -c unix_socket_directories={name} -c fsync=off"
        made.run("pg_ctl", "-D", data, "-w", "-l", f"{name}/log", "-o", options, "start")
        try:
            yield made
        finally:
            made.run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
