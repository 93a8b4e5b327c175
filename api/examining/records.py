"""What the records tell of the set-up: their version and tables, the clock, people, payers, webhooks."""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import DatabaseError

from api.examining.finding import Examined, Finding
from api.offices import RECORDS_FILE
from knowledge.records import NewerSchema, Repository, open_records
from knowledge.records.encryption import check_fits
from knowledge.records.migrations.comparing import differences
from knowledge.records.upgrading import SCHEMA_VERSION, stored_version
from knowledge.sealing import HomeKey, WrongKey
from knowledge.types.practice import Payer, Practice

_AHEAD = timedelta(minutes=5)
_SET_CLOCK = "set the clock (NTP)"
_LATE = "deadlines, one-time codes and sessions are counted from a day that is not today"


def look_at_records(examined: Examined, key: HomeKey | None) -> Iterator[Finding]:
    """Look into the records, if they are of this version: opening older ones would upgrade them."""
    file = examined.home / RECORDS_FILE
    if not file.is_file():
        return
    try:
        check_fits(file, key)
        version = stored_version(file, key)
        if version is not None and version < SCHEMA_VERSION:
            says = f"the records are of version {version}; this program's are {SCHEMA_VERSION}"
            means = "the next command upgrades them and keeps a copy; what they tell is not looked at here"
            yield Finding("note", "records", says, means, "`overturn backup` with the older program first")
            return
        with open_records(file, key) as records, records.reading() as repository:
            lacks = differences(repository.standing.connection())
            if lacks:
                says = f"tables are not as they should be: {'; '.join(lacks)}"
                does = "restore a backup, and report how this came to be"
                yield Finding("wrong", "records", says, "commands fail where they need them, or get slow", does)
                return
            yield from _clock(examined, repository)
            yield from _people(examined, repository)
            yield from _practices(repository)
            yield from _webhooks(repository)
    except WrongKey as fault:
        does = "set the key the home was encrypted with"
        yield Finding("wrong", "encryption", str(fault), "no command opens the home", does)
    except NewerSchema as fault:
        does = "install the version that wrote them, or put back the copy of before the upgrade"
        yield Finding("wrong", "records", str(fault), "this program refuses the home", does)
    except (DatabaseError, sqlite3.DatabaseError) as fault:
        cause = fault.orig if isinstance(fault, DatabaseError) else fault
        says = f"{file} cannot be read ({type(cause).__name__}: {cause})"
        yield Finding("wrong", "records", says, "no command opens the home", "restore a backup: `overturn restore`")


def _clock(examined: Examined, repository: Repository) -> Iterator[Finding]:
    last = repository.standing.last_event()
    if last is not None and last > examined.now + _AHEAD:
        says = f"it is {examined.now:%Y-%m-%d %H:%M} UTC by this machine's clock, and records say {last:%Y-%m-%d %H:%M}"
        yield Finding("wrong", "clock", says, _LATE, _SET_CLOCK)
    elif examined.now < datetime(2026, 1, 1, tzinfo=UTC):
        yield Finding("wrong", "clock", f"this machine's clock says {examined.now:%Y-%m-%d}", _LATE, _SET_CLOCK)


def _people(examined: Examined, repository: Repository) -> Iterator[Finding]:
    users = [user for user in repository.access.users() if user.disabled_at is None]
    if not users and not examined.environment.get("OVERTURN_API_KEY"):
        says = "nobody can sign in: no user, no OVERTURN_API_KEY"
        yield Finding("wrong", "users", says, "`overturn serve` does not start", "`overturn users add`")
    without = [user for user in users if user.totp_since is None]
    if without:
        says = f"{len(without)} of {len(users)} users have no second factor yet"
        means = "until they have, they see nothing but the page that sets it up"
        yield Finding("note", "users", says, means, "they set it up when they next sign in")
    if users and not any(user.role == "administrator" for user in users):
        means = "no one can add, change or disable users in the browser"
        yield Finding("unwise", "users", "no user is an administrator", means, "`overturn users add`")


def _practices(repository: Repository) -> Iterator[Finding]:
    for practice_id in repository.files.practice_ids():
        practice = repository.files.practice(practice_id)
        if practice is None:
            continue
        lacks = _lacking_of_letterhead(practice)
        if lacks:
            means = "letters go out without it: payers send their answer, and decisions, elsewhere or nowhere"
            does = "add it to practice.yaml; work the folder again"
            yield Finding("unwise", "letterhead", f"{practice.name}: no {', no '.join(lacks)}", means, does)
        payers = repository.facts.payers(practice_id)
        silent = _ids(
            payer
            for payer in payers
            if not any(level.send_to.address or level.send_to.fax or level.send_to.portal for level in payer.appeals)
        )
        if silent:
            says = f"{practice.name}: no address, fax or portal for appeals to {silent}"
            does = "add `send_to` to their `appeals` in payers.yaml; work the folder again"
            yield Finding("unwise", "payers", says, "their appeals are made, and cannot be sent", does)
        endless = _ids(
            payer for payer in payers if payer.appeals and all(level.days is None for level in payer.appeals)
        )
        if endless:
            says = f"{practice.name}: no days to appeal in for {endless}"
            means = "no deadline is counted for their denials: a person must know it"
            yield Finding("unwise", "payers", says, means, "add `days` to their `appeals`; work the folder again")
        late = _ids(payer for payer in payers if payer.timely_filing_days is None)
        if late:
            says = f"{practice.name}: no timely filing limit for {late}"
            means = "whether their claims were or will be late stays unknown"
            yield Finding(
                "note", "payers", says, means, "add `timely_filing_days` to payers.yaml; work the folder again"
            )


def _lacking_of_letterhead(practice: Practice) -> list[str]:
    address = practice.address
    held = {
        "postal address": address.street and address.city and address.zip,
        "telephone": practice.phone,
        "tax id": practice.tax_id,
        "NPI": practice.billing_npi,
    }
    return [name for name, value in held.items() if not value]


def _ids(payers: Iterable[Payer]) -> str:
    return ", ".join(sorted(payer.id for payer in payers))


def _webhooks(repository: Repository) -> Iterator[Finding]:
    disabled = repository.standing.webhooks().get(("disabled",), 0)
    if disabled:
        means = "whoever listens there hears of nothing any more; the feed (/v1/events) still has it"
        does = "see GET /v1/webhooks; enable them again when their receivers answer, and replay from /v1/events"
        yield Finding("unwise", "webhooks", f"webhooks are disabled: {disabled}", means, does)
