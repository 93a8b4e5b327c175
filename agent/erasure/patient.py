"""Who a patient is, exactly: by a member id, or by a denial; whatever fits two people is an error that says both.

Nothing here resembles: ids are equal, or a name and a birth date both are. What only a name and birth date hold
together under another id is somebody's to decide: `also` says that it is the same person, `apart` that it is not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from knowledge.records import Repository
from knowledge.records.mentions import Mention
from knowledge.types.denial import Denial
from tools.denials.identity import squeeze
from tools.linking.book import PersonKey, person_key

Name = tuple[str, str]
_LISTED = 6


class NotExact(ValueError):
    """What was given names nobody, or more than one person; the message lists the ways to be exact."""


@dataclass(frozen=True)
class Asked:
    """Whom somebody means: a denial's patient, or a member, of whom `born` and `given` choose among several.

    More than one given name means one person who is written in all these ways.
    `also` and `apart` are member ids, claim numbers or names of files that are, or are not, the same person's.
    """

    practice_id: str
    member: str = ""
    denial_id: str = ""
    born: date | None = None
    given: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()


@dataclass(frozen=True)
class Patient:
    """One person: every mention that is theirs and every one that is not, and their denials."""

    practice_id: str
    theirs: tuple[Mention, ...]
    others: tuple[Mention, ...] = field(repr=False)
    denials: tuple[str, ...]

    @cached_property
    def members(self) -> frozenset[str]:
        """Return the ids that are theirs, squeezed; of charts every identifier."""
        return frozenset(squeeze(name) for mention in self.theirs for name in mention.members if name.strip())

    @cached_property
    def shared(self) -> frozenset[str]:
        """Return those ids that others go by too: a family's member id."""
        return self.members & {squeeze(name) for mention in self.others for name in mention.members}

    @cached_property
    def names(self) -> frozenset[Name]:
        """Return family and given name as they were written, folded."""
        return frozenset(name for mention in self.theirs if (name := name_of(mention)) is not None)

    @cached_property
    def claims(self) -> frozenset[str]:
        """Return our numbers of their claims, squeezed."""
        return frozenset(squeeze(mention.claim) for mention in self.theirs if mention.claim.strip())

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Return payers' numbers of their claims and authorizations, squeezed."""
        return frozenset(squeeze(number) for mention in self.theirs for number in mention.numbers if number.strip())

    @property
    def latest(self) -> date | None:
        """Return the last day anything of theirs mentions."""
        return max((mention.latest for mention in self.theirs if mention.latest), default=None)


def find_patient(repository: Repository, asked: Asked) -> Patient:
    """Find the one person who is meant.

    Raises:
        NotExact: nobody, or more than one, or it cannot be told of something whether it is theirs.
    """
    mentions = tuple(repository.mentions.all(asked.practice_id))
    denials = [stored.denial for stored in repository.denials.all(asked.practice_id)]
    return patient_among(mentions, denials, asked)


def patient_among(mentions: Sequence[Mention], denials: Sequence[Denial], asked: Asked) -> Patient:
    """Find the one person who is meant among all mentions of a practice; see `find_patient`."""
    telling = _Telling(mentions, _by_denial(mentions, denials, asked) if asked.denial_id else asked)
    theirs, others = telling.parted()
    rows = {(mention.file, squeeze(mention.claim)) for mention in theirs if mention.kind == "remit"}
    foreign = {(mention.file, squeeze(mention.claim)) for mention in others if mention.kind == "remit"}
    found = [one.denial_id for one in denials if (one.remit.file, squeeze(one.remit.claim_id)) in rows - foreign]
    doubtful = [one.denial_id for one in denials if (one.remit.file, squeeze(one.remit.claim_id)) in rows & foreign]
    if doubtful:
        raise NotExact(
            f"{', '.join(sorted(doubtful))}: one claim number stands in one remit for two people; ask the payer whose "
            "it is, and name the number with --apart or --also"
        )
    return Patient(asked.practice_id, theirs, others, tuple(sorted(found)))


def name_of(mention: Mention) -> Name | None:
    """Return family and given name, folded; None where either is lacking."""
    last, first = " ".join(mention.last.casefold().split()), " ".join(mention.first.casefold().split())
    return (last, first) if last and first else None


def _by_denial(mentions: Sequence[Mention], denials: Sequence[Denial], asked: Asked) -> Asked:
    """Name the member, birth date and given name of a denial's patient."""
    denial = next((one for one in denials if one.denial_id == asked.denial_id), None)
    if denial is None:
        raise NotExact(f"practice {asked.practice_id} has no denial {asked.denial_id}: give its whole id")
    claim = squeeze(denial.remit.claim_id)
    told = [m for m in mentions if m.kind == "remit" and m.file == denial.remit.file and squeeze(m.claim) == claim]
    told += [m for m in mentions if m.kind == "claim" and squeeze(m.claim) == claim]
    ids = {squeeze(name): name for mention in told for name in mention.members if name.strip()}
    if len(ids) != 1:
        what = "several member ids stand" if ids else "no member id stands"
        raise NotExact(
            f"{what} on the claim of {asked.denial_id} ({', '.join(sorted(ids.values())) or 'none'}): "
            "name the patient with --member"
        )
    people = {key for mention in told if (key := _key(mention)) is not None}
    born = {key[2] for key in people}
    return Asked(
        practice_id=asked.practice_id,
        member=next(iter(ids.values())),
        born=asked.born or (next(iter(born)) if len(born) == 1 else None),
        given=asked.given or tuple(sorted({key[1] for key in people})),
        also=asked.also,
        apart=asked.apart,
    )


class _Telling:
    """Tells of each mention whether it is the person's."""

    def __init__(self, mentions: Sequence[Mention], asked: Asked) -> None:
        self._mentions = mentions
        self._also = {squeeze(name) for name in asked.also}
        self._apart = {squeeze(name) for name in asked.apart}
        self._asked = asked
        self._members = {squeeze(asked.member)} | {
            name for name in self._also if any(name in _ids(mention) for mention in mentions)
        }
        begun = [mention for mention in mentions if squeeze(asked.member) in _ids(mention)]
        if not asked.member.strip() or not begun:
            raise NotExact(
                f"practice {asked.practice_id} has nothing of member {asked.member or '(none given)'}: "
                "give the member id as the payer writes it"
            )
        self._people = self._one(begun)
        self._names = {key[:2] for key in self._people} or self._one_name(begun)

    def parted(self) -> tuple[tuple[Mention, ...], tuple[Mention, ...]]:
        """Return what is the person's, and what is not."""
        self._follow_charts()
        self._namesakes()
        keys = {key for mention in self._mentions if _ids(mention) & self._members and (key := _key(mention))}
        self._family = {key[:2] for key in keys - self._people}
        certain = [mention for mention in self._mentions if self._certain(mention)]
        claims = {squeeze(mention.claim) for mention in certain if mention.claim.strip()}
        named = {squeeze(number) for mention in certain for number in mention.named}
        theirs: list[Mention] = []
        others: list[Mention] = []
        unclear: list[Mention] = []
        for mention in self._mentions:
            told = self._told(mention, claims, named)
            (unclear if told is None else theirs if told else others).append(mention)
        if unclear:
            raise NotExact(
                f"{len(unclear)} records carry the member id, and nothing says that they are this person's: "
                f"{_listed(map(_handle, unclear))}. Say of each --also NUMBER (theirs) or --apart NUMBER (not theirs)"
            )
        return tuple(theirs), tuple(others)

    def _one(self, begun: Iterable[Mention]) -> set[PersonKey]:
        people = {key for mention in begun if (key := _key(mention)) is not None}
        born, given = self._asked.born, {" ".join(name.casefold().split()) for name in self._asked.given}
        if born is not None:
            people = {key for key in people if key[2] == born}
        if given:
            people = {key for key in people if key[1] in given}
        if len(people) > 1 and (len(given) < len(people) or len({(key[0], key[2]) for key in people}) > 1):
            ways = sorted(f"born {key[2]}, given name {key[1].title()}" for key in people)
            raise NotExact(
                f"{len(people)} people go by member id {self._asked.member}: {_listed(ways)}. "
                "Choose with --born DATE and --given NAME; --given more than once names all ways one person is written"
            )
        if not people and (born is not None or given):
            raise NotExact(f"nobody of that birth date and given name goes by member id {self._asked.member}")
        return people

    def _one_name(self, begun: Iterable[Mention]) -> set[Name]:
        names = {name for mention in begun if (name := name_of(mention)) is not None}
        if len(names) > 1:
            raise NotExact(
                f"{len(names)} names stand under member id {self._asked.member} and no birth date tells whose it is: "
                "take in the practice's coverage, or name a denial of the patient"
            )
        return names

    def _said(self, mention: Mention) -> bool | None:
        """Tell what somebody said of a mention by its number or file."""
        names = {squeeze(mention.claim), squeeze(mention.file), *map(squeeze, mention.numbers)}
        if (names | _ids(mention)) & self._apart:
            return False
        return True if names & self._also else None

    def _is_person(self, mention: Mention) -> bool | None:
        """Tell by name and birth date; None where the mention has neither."""
        said = self._said(mention)
        if said is not None:
            return said
        key = _key(mention)
        if key is not None and self._people:
            return key in self._people
        name = name_of(mention)
        return None if name is None or not self._names else name in self._names

    def _certain(self, mention: Mention) -> bool:
        if self._said(mention) is not None:
            return self._said(mention) is True
        if not _ids(mention) & self._members:
            return False
        person = self._is_person(mention)
        return person is True or (person is None and not self._family)

    def _told(self, mention: Mention, claims: set[str], named: set[str]) -> bool | None:
        if self._certain(mention):
            return True
        by_id, person = bool(_ids(mention) & self._members), self._is_person(mention)
        by_claim = bool(mention.claim.strip()) and squeeze(mention.claim) in claims
        if self._said(mention) is False or (not by_id and (person is False or not by_claim)):
            return False
        if person is False and name_of(mention) in self._family:
            return False
        if (by_claim and (by_id or not _ids(mention))) or {squeeze(number) for number in mention.numbers} & named:
            return True
        return None if by_id else False  # their id, and nothing says whose: another's, or written otherwise

    def _follow_charts(self) -> None:
        """Take in what a chart says that its patient goes by."""
        grown = True
        while grown:
            before = len(self._members)
            for mention in self._mentions:
                if mention.kind == "chart" and _ids(mention) & self._members and self._is_person(mention):
                    self._members |= _ids(mention)
            grown = len(self._members) > before

    def _namesakes(self) -> None:
        if not self._people:
            return
        found = {
            _handle(mention)
            for mention in self._mentions
            if _key(mention) in self._people
            and not _ids(mention) & self._members
            and self._is_person(mention)
            and not {squeeze(mention.claim), squeeze(mention.file)} & self._also
        }
        if found:
            raise NotExact(
                f"the same name and birth date stand under {_listed(sorted(found))}: the same person? Say of each "
                "--also ID (theirs) or --apart ID (not theirs)"
            )


def _key(mention: Mention) -> PersonKey | None:
    return person_key(mention.last, mention.first, mention.born)


def _ids(mention: Mention) -> set[str]:
    return {squeeze(name) for name in mention.members if name.strip()}


def _handle(mention: Mention) -> str:
    """Name a mention so that a person can give it back: its id, else its number, else its file."""
    ids = [name for name in mention.members if name.strip()]
    if mention.kind in ("authorization", "unread", "remit", "acknowledgement", "status"):
        return next((name for name in (mention.claim, *mention.numbers) if name.strip()), mention.file)
    return ids[0] if ids else mention.claim or mention.file


def _listed(found: Iterable[str]) -> str:
    names = list(dict.fromkeys(found))
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return "; ".join(names[:_LISTED]) + more
