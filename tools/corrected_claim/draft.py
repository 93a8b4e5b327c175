"""A claim being corrected: its segments, what has been changed so far and what a person should know."""

from dataclasses import dataclass, field
from decimal import Decimal

from knowledge.types.corrections import Change, CorrectionFinding, DiffRow
from knowledge.types.reading import Severity
from tools.corrected_claim.order import Segment, loop_end, place_for
from tools.corrected_claim.refusal import CorrectionRefused
from tools.corrected_claim.source import ClaimSource
from tools.x12.values import BadValueError, amount_of


@dataclass
class DraftLine:
    """One 2400 line. `number` is its LX01 as sent, which changes name; `cause` is why a line was added."""

    number: str
    segments: list[Segment]
    cause: Change | None = None

    @property
    def loop(self) -> str:
        """Name the line's loop for people."""
        return f"2400 line {self.number}"

    @property
    def drug_loop(self) -> str:
        """Name the loop of the line's product for people."""
        return f"2410 line {self.number}"

    @property
    def service(self) -> Segment:
        """Return the line's SV1."""
        return self.segments[1]

    def has(self, tag: str) -> bool:
        """Tell whether any segment of the line, in any of its loops, has this tag."""
        return any(segment[0] == tag for segment in self.segments)


@dataclass
class Draft:
    """The claim's working copy. `head` runs from CLM to the last segment before the first LX.

    `levels` are those of the source: provider, subscriber, patient. `for_review`: a person sees it before it goes.
    """

    source: ClaimSource
    head: list[Segment]
    lines: list[DraftLine]
    levels: list[list[Segment]] = field(default_factory=list)
    for_review: bool = False
    renumber: bool = False
    findings: list[CorrectionFinding] = field(default_factory=list)
    _rows: dict[tuple[int, str], DiffRow] = field(default_factory=dict)
    _told: list[Segment] = field(default_factory=list)

    @classmethod
    def of(cls, source: ClaimSource, for_review: bool = False) -> "Draft":
        """Copy a claim's segments into a draft. Raises CorrectionRefused when two lines share a number."""
        starts = [at for at, segment in enumerate(source.claim) if segment[0] == "LX"]
        ends = [*starts[1:], len(source.claim)]
        segments = [list(segment) for segment in source.claim]
        lines = [DraftLine(element(segments[at], 1), segments[at:end]) for at, end in zip(starts, ends, strict=True)]
        numbers = [line.number for line in lines]
        if len(set(numbers)) < len(numbers):
            what = f"two service lines have the same LX01 (they are {', '.join(numbers)})"
            to_do = "correct this claim in the system that made it"
            raise CorrectionRefused("line-numbers-repeat", what, source.where, to_do)
        levels = [[list(segment) for segment in level] for level in source.levels]
        return cls(source, segments[: starts[0]], lines, levels, for_review)

    @property
    def rows(self) -> list[DiffRow]:
        """Return what has changed so far, each place once however often it was touched."""
        return [row for row in self._rows.values() if row.before != row.after]

    @property
    def component(self) -> str:
        """Return the claim's component separator."""
        return self.source.interchange.delimiters.component

    def line(self, number: str) -> DraftLine:
        """Return the line sent as LX*`number`. Raises CorrectionRefused when there is none."""
        for line in self.lines:
            if line.number == number and line.cause is None:
                return line
        there = ", ".join(line.number for line in self.lines)
        what = f"the claim has no line {number!r} (it has {there})"
        raise self.refusal("line-not-found", what, "name the line by its LX01")

    def refusal(self, code: str, what: str, to_do: str, loop: str = "") -> CorrectionRefused:
        """Make the error that refuses this correction."""
        return CorrectionRefused(code, what, f"{self.source.where}{', ' * bool(loop)}{loop}", to_do)

    def leave_to_person(self, what: str, to_do: str, loop: str) -> None:
        """Tell that a person must decide this; without one to see the draft it is refused."""
        if not self.for_review:
            raise self.refusal("person-decides", what, to_do, loop)
        self.note("warning", "person-decides", f"{what}; {to_do}", loop)

    def note(self, severity: Severity, code: str, says: str, loop: str) -> None:
        """Keep a finding."""
        self.findings.append(CorrectionFinding(severity=severity, code=code, says=says, where=loop))

    def set(
        self,
        loop: str,
        segment: Segment,
        index: int,
        value: str,
        change: Change,
        component: int | None = None,
    ) -> None:
        """Replace an element, or one component of it (from 1), and keep the row; equal changes nothing."""
        before = element(segment, index) if component is None else part(self, segment, index, component)
        if before == value:
            return
        segment += [""] * (index + 1 - len(segment))
        if component is None:
            segment[index] = value
        else:
            parts = segment[index].split(self.component)
            parts += [""] * (component - len(parts))
            parts[component - 1] = value
            segment[index] = self.component.join(parts)
        name = f"{segment[0]}{index:02d}" + (f"-{component}" if component is not None else "")
        self._keep(loop, segment, name, before, value, change)

    def insert(self, loop: str, within: list[Segment], segment: Segment, change: Change, at: int | None = None) -> None:
        """Add a segment where the guide has it in its loop (or at `at`), and keep the row."""
        position = place_for(loop.split()[0], within, segment) if at is None else at
        within.insert(position, segment)
        self._keep(loop, segment, "", None, self.written(segment), change)

    def take_out(self, loop: str, within: list[Segment], segment: Segment, change: Change) -> None:
        """Remove this very segment, and keep the row."""
        position = next(at for at, candidate in enumerate(within) if candidate is segment)
        del within[position]
        self._keep(loop, segment, "", self.written(segment), None, change)

    def written(self, segment: Segment) -> str:
        """Return a segment as text, without its terminator, in letters."""
        joined = self.source.interchange.delimiters.element.join(segment)
        return self.source.interchange.letters(joined)

    def keep_added(self, loop: str, segment: Segment, change: Change) -> None:
        """Keep the row of a segment that came with an added line."""
        self._keep(loop, segment, "", None, self.written(segment), change)

    def keep_removed(self, loop: str, segment: Segment, change: Change) -> None:
        """Keep the row of a segment that goes with its line; the lines left are numbered anew."""
        self.renumber = True
        self._keep(loop, segment, "", self.written(segment), None, change)

    def _keep(
        self, loop: str, segment: Segment, name: str, before: str | None, after: str | None, change: Change
    ) -> None:
        """Keep a row, or widen the one this place has: an added segment is told whole."""
        added = self._rows.get((id(segment), ""))
        if added is not None and name:
            self._rows[id(segment), ""] = added.model_copy(update={"after": self.written(segment)})
            return
        self._told.append(segment)  # keeps its id its own
        earlier = self._rows.get((id(segment), name))
        whys = [change.why] if earlier is None or earlier.why == change.why else [earlier.why, change.why]
        self._rows[id(segment), name] = DiffRow(
            loop=loop,
            segment=label(segment),
            element=name,
            before=before if earlier is None else earlier.before,
            after=after,
            why="; ".join(whys),
            evidence=tuple(dict.fromkeys((*(earlier.evidence if earlier else ()), *change.evidence))),
        )

    def check_value(self, value: str, longest: int, what_it_is: str, loop: str) -> None:
        """Refuse a value from outside that is blank, too long or would break the file with a delimiter."""
        marks = self.source.interchange.delimiters
        forbidden = {marks.element, marks.component, marks.segment, *marks.repetition}
        fits = 1 <= len(value) <= longest and value == value.strip()
        if not fits or not value.isascii() or not value.isprintable() or any(mark in value for mark in forbidden):
            what = f"{value!r} is no {what_it_is}: 1 to {longest} characters, none of {sorted(forbidden)}"
            raise self.refusal("value-malformed", what, "give it as the payer wrote it", loop)

    def amount(self, segment: Segment, index: int, loop: str) -> Decimal:
        """Read a number of the claim. Raises CorrectionRefused when it is none."""
        text = element(segment, index)
        try:
            return amount_of(text)
        except BadValueError as error:
            what = f"{segment[0]}{index:02d} cannot be read: {error}"
            to_do = "correct this claim in the system that made it"
            raise self.refusal("value-malformed", what, to_do, loop) from error


def element(segment: Segment, index: int) -> str:
    """Return an element as sent, blank when the segment is shorter."""
    return segment[index] if index < len(segment) else ""


def part(draft: Draft, segment: Segment, index: int, component: int) -> str:
    """Return one component (from 1) of an element, blank when absent."""
    parts = element(segment, index).split(draft.component)
    return parts[component - 1] if component <= len(parts) else ""


def label(segment: Segment) -> str:
    """Name a segment for people, with its qualifier where that tells it apart."""
    return "*".join(segment[:2]) if segment[0] == "REF" else segment[0]


def references(segments: list[Segment], loop: str, qualifier: str) -> list[Segment]:
    """Return the REF segments of the loop itself (not of loops within it) with this qualifier."""
    return [
        segment
        for segment in segments[: loop_end(loop, segments)]
        if segment[0] == "REF" and element(segment, 1) == qualifier
    ]


def number_like(sent: str, value: Decimal) -> str:
    """Write a number the way the sender does: with two decimals where `sent` has two, else without zeros."""
    _, point, decimals = sent.partition(".")
    if point and len(decimals) == 2 and value == value.quantize(Decimal("0.01")):
        return f"{value:.2f}"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def same_case(sent: str, value: str) -> str:
    """Write a name the way the sender does: in capitals where `sent` is."""
    return value.upper() if sent == sent.upper() else value
