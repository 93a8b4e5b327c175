"""The home and its disk: whose it is, who can look into it, its key, its copies, its code tables; and our own fonts."""

import os
import re
import stat
from collections.abc import Iterator
from datetime import timedelta

import typst

from agent.vault.backed_up import last_backup
from agent.vault.keys import read_note
from api.examining.finding import Examined, Finding, Grade
from api.offices import CHECKPOINTS_FILE, RECORDS_FILE
from api.settings import MEBIBYTE
from knowledge.codes import load_codes
from knowledge.codes.sources import CodeTableError
from knowledge.sealing import HomeKey, WrongKey
from tools.packet.typesetting import TEMPLATES

OLD_CODES = timedelta(days=270)
"""Three quarters without a newer table: code lists change every quarter."""

OLD_BACKUP = timedelta(days=7)

_FONT = re.compile(r'^#let (?:serif|mono) = "([^"]+)"', re.MULTILINE)

_LITTLE, _TOO_LITTLE = 1024 * MEBIBYTE, 100 * MEBIBYTE


def look_at_home(examined: Examined) -> Iterator[Finding]:
    """Look at the folder."""
    home = examined.home
    if not (home / RECORDS_FILE).is_file():
        does = "run `overturn work FOLDER`, or set OVERTURN_HOME"
        yield Finding("wrong", "home", f"there is no home at {home}", "there is nothing to serve", does)
        return
    places = [path for path in (home, home / RECORDS_FILE, home / CHECKPOINTS_FILE) if path.exists()]
    foreign = [path for path in places if path.stat().st_uid != os.getuid()]
    for path in foreign:
        says = f"{path} belongs to another user (uid {path.stat().st_uid}), who is not the one running this"
        means = "one of the two cannot open what the other makes"
        yield Finding("wrong", "home", says, means, f"chown -R {os.getuid()} {home}, or run as that user")
    for path in places:
        if path not in foreign and not examined.writable(path):
            means = "nothing can be taken in, worked or decided"
            does = f"chmod -R u+w {home}; see that its disk is not mounted read-only"
            yield Finding("wrong", "home", f"{path} cannot be written", means, does)
    if stat.S_IMODE(home.stat().st_mode) & 0o077:
        means = "patients' data lie open to every account here"
        yield Finding("wrong", "home", f"others on this machine can look into {home}", means, f"chmod 700 {home}")
    for copy in sorted(home.glob("overturn.version-*.db")):
        says = f"{copy.name} is the copy an upgrade kept"
        means = "it holds patients' data, and `overturn keys rotate` does not cover it"
        yield Finding("note", "home", says, means, "delete it once the upgraded home has proven itself")
    yield from _disk(examined)
    yield from _backup(examined)


def _disk(examined: Examined) -> Iterator[Finding]:
    free = examined.free_bytes(examined.home)
    if free < _LITTLE:
        grade: Grade = "wrong" if free < _TOO_LITTLE else "unwise"
        says = f"{free // MEBIBYTE} MiB are left on the disk of {examined.home}"
        means = "once it is full nothing is taken in and no decision is stored"
        yield Finding(grade, "disk", says, means, "make room: records, files and copies need a gigabyte and more")


def _backup(examined: Examined) -> Iterator[Finding]:
    last = last_backup(examined.home)
    means = "if this disk is lost, so is every decision since, and what was sent with its proof"
    if last is None:
        says, does = "no backup of this home was ever made by `overturn backup`", "`overturn backup --to FILE`, daily"
        yield Finding("unwise", "backup", says, means, does)
    elif examined.now - last > OLD_BACKUP:
        says = f"the last backup is {(examined.now - last).days} days old"
        yield Finding("unwise", "backup", says, means, "`overturn backup --to FILE`, daily; see why it stopped")


def look_at_key(examined: Examined, key: HomeKey | None) -> Iterator[Finding]:
    """Look at how the home is encrypted."""
    try:
        note = read_note(examined.home)
    except WrongKey as fault:
        yield Finding("wrong", "encryption", str(fault), "nothing opens the home", "`overturn restore`")
        return
    if note.rotating_to is not None:
        does = "run `overturn keys rotate` again with the same two keys"
        yield Finding("wrong", "encryption", "a change of keys was cut off", "nothing else opens the home", does)
    elif key is None and note.key_id is None:
        says = "records and files are not encrypted: OVERTURN_KEY and OVERTURN_KEY_FILE are unset"
        means = "whoever gets the disk or a copy of it reads every patient"
        does = "make a key (`overturn keys new`) and give it to the home (`overturn keys rotate`)"
        yield Finding("unwise", "encryption", says, means, does)


def look_at_codes(examined: Examined) -> Iterator[Finding]:
    """Look at the code tables."""
    try:
        codes = load_codes(examined.home / "codes")
    except CodeTableError as fault:
        does = "load the file again: `overturn codes update`"
        yield Finding("wrong", "code tables", str(fault), "no command that opens the home starts", does)
        return
    today = examined.now.date()
    old = sorted(name for name, source in codes.sources.items() if today - source.as_of > OLD_CODES)
    if old:
        says = f"{len(old)} of {len(codes.sources)} code tables are older than {OLD_CODES.days} days: {', '.join(old)}"
        means = "denials for codes that are newer, or were retired, are read by what held then"
        yield Finding("unwise", "code tables", says, means, "`overturn codes update` loads newer files")


def look_at_fonts(_examined: Examined) -> Iterator[Finding]:
    """Look for the fonts that letters are set with: those that come with typst, whatever the machine has."""
    named = frozenset(_FONT.findall((TEMPLATES / "style.typ").read_text(encoding="utf-8")))
    lacking = sorted(named - families())
    if lacking:
        means = "letters and packets come out in another font: other pages, other bytes than were approved"
        does = "install the program anew from requirements.lock: its fonts come with typst"
        yield Finding("wrong", "letters", f"fonts are lacking: {', '.join(lacking)}", means, does)


def families() -> frozenset[str]:
    """Give the families of fonts that typst brings along."""
    return frozenset(typst.Fonts(include_system_fonts=False, include_embedded_fonts=True).families())
