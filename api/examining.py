"""What is misconfigured in a home and its environment: findings, each with what to do. Changes nothing, asks nobody.

A home of an older version is not opened, for that would upgrade it; what its records would tell is then left out.
"""

import os
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from sqlalchemy import create_engine
from sqlalchemy.exc import DatabaseError

from agent.model.settings import ModelSettingsFault, from_environment, refuse_tracing
from api.access.loopback import is_loopback
from api.access.settings import AccessSettings, BadAccessSettings
from api.logs import BadLogForm, log_form
from api.offices import CHECKPOINTS_FILE, RECORDS_FILE
from api.settings import MEBIBYTE, SHORTEST_KEY
from api.variables import PREFIX, likely, names
from knowledge.codes import load_codes
from knowledge.codes.sources import CodeTableError
from knowledge.records import Repository, open_records
from knowledge.records.migrations.comparing import differences
from knowledge.records.upgrading import SCHEMA_VERSION
from knowledge.sealing import BadKey, HomeKey, WrongKey, key_in

Grade = Literal["wrong", "unwise", "note"]
"""`wrong`: it will fail, or patients' data lie open. `unwise`: it works, and should not stay so. `note`: to know."""

OLD_CODES = timedelta(days=270)
"""Three quarters without a newer table: code lists change every quarter."""

_LITTLE, _TOO_LITTLE = 1024 * MEBIBYTE, 100 * MEBIBYTE
_AHEAD = timedelta(minutes=5)


@dataclass(frozen=True)
class Finding:
    """Something about the set-up. `about` is what it concerns, `does` what to do about it."""

    grade: Grade
    about: str
    says: str
    does: str


@dataclass(frozen=True)
class Examined:
    """What is looked at. `host` is where the server will listen, as far as it is known."""

    home: Path
    environment: Mapping[str, str]
    now: datetime
    host: str = "127.0.0.1"
    free_bytes: Callable[[Path], int] = lambda path: shutil.disk_usage(path).free


def examine(examined: Examined) -> tuple[Finding, ...]:
    """Look at everything; give what was found, worst first."""
    found = [*_settings(examined), *_model(examined), *_home(examined), *_network(examined), *_codes(examined)]
    try:
        key = key_in(examined.environment)
    except BadKey as fault:
        found.append(Finding("wrong", "encryption", str(fault), "set the key as `overturn keys new` made it"))
    else:
        found += [*_encryption(key), *_records(examined, key)]
    order = ("wrong", "unwise", "note")
    return tuple(sorted(found, key=lambda finding: order.index(finding.grade)))


def _settings(examined: Examined) -> Iterator[Finding]:
    environment = examined.environment
    secrets = _secrets_of_sign_on(examined)
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in names() | secrets:
            meant = likely(name)
            does = f"did you mean {meant}?" if meant else "unset it; api/SETTINGS.md lists all there are"
            yield Finding("wrong", "settings", f"{name} is no setting: nothing reads it", does)
    try:
        AccessSettings.read(environment, examined.home)
    except BadAccessSettings as fault:
        yield Finding("wrong", "settings", str(fault), "set it right, or unset it")
    try:
        log_form(environment.get("OVERTURN_LOG"))
    except BadLogForm as fault:
        yield Finding("wrong", "settings", str(fault), "set it right, or unset it")
    api_key = environment.get("OVERTURN_API_KEY") or ""
    if api_key and (len(api_key) < SHORTEST_KEY or not api_key.isascii()):
        says = f"OVERTURN_API_KEY is shorter than {SHORTEST_KEY} plain characters"
        yield Finding("wrong", "settings", says, "make one: `openssl rand -hex 32`")
    if environment.get("OVERTURN_SECOND_FACTOR") == "optional":
        says = "a password alone lets people in (OVERTURN_SECOND_FACTOR=optional)"
        yield Finding("unwise", "settings", says, "unset it: every user then sets up one-time codes")
    if environment.get("OVERTURN_WEBHOOKS_LOOPBACK") == "1":
        says = "webhooks may lead to this machine (OVERTURN_WEBHOOKS_LOOPBACK=1)"
        yield Finding("unwise", "settings", says, "unset it once you have tried them")


def _secrets_of_sign_on(examined: Examined) -> frozenset[str]:
    """Give the variables that sign_on.yaml names for its secrets."""
    named = examined.environment.get("OVERTURN_SIGN_ON")
    file = Path(named) if named else examined.home / "sign_on.yaml"
    if not file.is_file():
        return frozenset()
    words = file.read_text(encoding="utf-8", errors="replace").split()
    return frozenset(word for word in words if word.startswith(PREFIX))


def _model(examined: Examined) -> Iterator[Finding]:
    try:
        refuse_tracing(examined.environment)
        settings = from_environment(examined.environment)
    except ModelSettingsFault as fault:
        yield Finding("wrong", "language model", str(fault), "set it as api/SETTINGS.md says")
        return
    if settings is not None and settings.money_per_run is None:
        says = f"{settings.name} is asked without a limit in dollars"
        yield Finding("note", "language model", says, "set OVERTURN_MODEL_MONEY_PER_RUN")


def _home(examined: Examined) -> Iterator[Finding]:
    home = examined.home
    if not (home / RECORDS_FILE).is_file():
        yield Finding(
            "wrong", "home", f"there is no home at {home}", "run `overturn work FOLDER`, or set OVERTURN_HOME"
        )
        return
    for path in (home, home / RECORDS_FILE, home / CHECKPOINTS_FILE):
        if path.exists() and path.stat().st_uid != os.getuid():
            says = f"{path} belongs to another user (uid {path.stat().st_uid}), who is not the one running this"
            yield Finding("wrong", "home", says, f"chown -R {os.getuid()} {home}, or run as that user")
    if stat.S_IMODE(home.stat().st_mode) & 0o077:
        yield Finding("wrong", "home", f"others on this machine can look into {home}", f"chmod 700 {home}")
    free = examined.free_bytes(home)
    if free < _LITTLE:
        grade: Grade = "wrong" if free < _TOO_LITTLE else "unwise"
        says = f"{free // MEBIBYTE} MiB are left on the disk of {home}"
        yield Finding(grade, "disk", says, "make room: records, files and copies need a gigabyte and more")
    for copy in sorted(home.glob("overturn.version-*.db")):
        says = f"{copy.name} is the copy an upgrade kept: patients' data, not covered by `overturn keys rotate`"
        yield Finding("note", "home", says, "delete it once the upgraded home has proven itself")


def _network(examined: Examined) -> Iterator[Finding]:
    address = examined.environment.get("OVERTURN_ADDRESS") or ""
    if address.startswith("https://"):
        return
    if not is_loopback(examined.host):
        says = f"the server listens on {examined.host}, and OVERTURN_ADDRESS names no https:// address"
        does = "put a server that does TLS in front, let it alone reach this one, and set OVERTURN_ADDRESS"
        yield Finding("wrong", "TLS", says, does)
    else:
        yield Finding("note", "TLS", "OVERTURN_ADDRESS is not set: for this machine only", "set it to https://...")


def _codes(examined: Examined) -> Iterator[Finding]:
    try:
        codes = load_codes(examined.home / "codes")
    except CodeTableError as fault:
        yield Finding("wrong", "code tables", str(fault), "load the file again: `overturn codes update`")
        return
    today = examined.now.date()
    old = sorted(name for name, source in codes.sources.items() if today - source.as_of > OLD_CODES)
    if old:
        days = OLD_CODES.days
        says = f"{len(old)} of {len(codes.sources)} code tables are older than {days} days: {', '.join(old)}"
        yield Finding("unwise", "code tables", says, "`overturn codes update` loads newer files")


def _encryption(key: HomeKey | None) -> Iterator[Finding]:
    if key is None:
        says = "records and files are not encrypted: OVERTURN_KEY and OVERTURN_KEY_FILE are unset"
        does = "make a key (`overturn keys new`) and give it to the home (`overturn keys rotate`)"
        yield Finding("unwise", "encryption", says, does)


def _records(examined: Examined, key: HomeKey | None) -> Iterator[Finding]:
    file = examined.home / RECORDS_FILE
    if not file.is_file():
        return
    try:
        version = _version(file) if key is None else SCHEMA_VERSION
        if version is not None and version < SCHEMA_VERSION:
            says = f"the records are of version {version}; this program's are {SCHEMA_VERSION}"
            yield Finding("note", "records", says, "the next command upgrades them, and keeps a copy")
            return
        with open_records(file, key) as records, records.reading() as repository:
            lacks = differences(repository.standing.connection())
            if lacks:
                does = "restore a backup, and report how this came to be"
                yield Finding("wrong", "records", f"tables are not as they should be: {'; '.join(lacks)}", does)
                return
            yield from _clock(examined, repository)
            yield from _people(examined, repository)
            yield from _payers(repository)
    except WrongKey as fault:
        yield Finding("wrong", "encryption", str(fault), "set the key the home was encrypted with")
    except DatabaseError as fault:
        says = f"{file} cannot be read ({type(fault.orig).__name__}: {fault.orig})"
        yield Finding("wrong", "records", says, "restore a backup: `overturn restore`")


def _version(file: Path) -> int | None:
    """Read the version of plain records without opening them as ours: that would upgrade them."""
    from knowledge.records.encryption import is_plain
    from knowledge.records.upgrading import version_of

    if not is_plain(file):
        return None
    engine = create_engine(f"sqlite:///file:{file.resolve()}?mode=ro&uri=true")
    try:
        with engine.connect() as connection:
            return version_of(connection)
    finally:
        engine.dispose()


def _clock(examined: Examined, repository: Repository) -> Iterator[Finding]:
    last = repository.standing.last_event()
    if last is not None and last > examined.now + _AHEAD:
        says = f"it is {examined.now:%Y-%m-%d %H:%M} UTC by this machine's clock, and records say {last:%Y-%m-%d %H:%M}"
        yield Finding("wrong", "clock", says, "set the clock (NTP): deadlines and one-time codes count by it")
    if examined.now < datetime(2026, 1, 1, tzinfo=UTC):
        says = f"this machine's clock says {examined.now:%Y-%m-%d}"
        yield Finding("wrong", "clock", says, "set the clock (NTP): deadlines and one-time codes count by it")


def _people(examined: Examined, repository: Repository) -> Iterator[Finding]:
    users = [user for user in repository.access.users() if user.disabled_at is None]
    if not users and not examined.environment.get("OVERTURN_API_KEY"):
        yield Finding("wrong", "users", "nobody can sign in: no user, no OVERTURN_API_KEY", "`overturn users add`")
    without = [user for user in users if user.totp_since is None]
    if without:
        says = f"{len(without)} of {len(users)} users have no second factor yet"
        yield Finding("note", "users", says, "they set it up when they next sign in")
    if users and not any(user.role == "administrator" for user in users):
        yield Finding("unwise", "users", "no user is an administrator", "`overturn users add --role administrator`")


def _payers(repository: Repository) -> Iterator[Finding]:
    for practice_id in repository.files.practice_ids():
        practice = repository.files.practice(practice_id)
        name = practice.name if practice else practice_id
        silent = sorted(
            payer.id
            for payer in repository.facts.payers(practice_id)
            if not any(level.send_to.address or level.send_to.fax or level.send_to.portal for level in payer.appeals)
        )
        if silent:
            says = f"{name}: no address, fax or portal for appeals to {', '.join(silent)}"
            yield Finding(
                "unwise", "payers", says, "add `send_to` to their `appeals` in payers.yaml; work the folder again"
            )
