"""A model that lies in letters: every lie put as its answer, through asking, holding, composing and verifying."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from agent.drafting.argument import argued_letter
from agent.model.asking import Message, Reply, ResponseSchema, Tool
from evals.suites import SuiteReport
from evals.suites.lies.material import PRACTICES, material
from evals.suites.lies.mutations import KINDS, Ground, Truths
from evals.suites.lies.truths import truths
from knowledge.types.letters import LetterCase, LetterContent
from tools.packet.arguing import ArgumentSentence, argues
from tools.packet.citations import without_markers
from tools.packet.composing import LetterIncomplete
from tools.packet.verification import verify

SURVIVING = 0.90
"""The least share of right sentences that must be left in: a check that strikes everything proves nothing."""
SEED = 4
_MOST_A_KIND = 45
_LEAST_SURVIVORS = 100


@dataclass
class ScriptedWriter:
    """A model that gives these sentences, and when they are struck gives them again."""

    sentences: tuple[ArgumentSentence, ...]
    name: str = "scripted"
    asked: int = 0

    def ask(
        self,
        messages: Sequence[Message],
        *,
        tools: Sequence[Tool] = (),
        schema: ResponseSchema | None = None,
        seconds: float,
    ) -> Reply:
        """Answer by the schema's name; the liar stands by what it wrote."""
        self.asked += 1
        if schema is not None and schema.name == "letter_argument":
            parsed: dict[str, object] = {"clinical_history": [], "criteria": [], "rebuttal": []}
            for one in self.sentences:
                listed = parsed[one.section]
                assert isinstance(listed, list)
                listed.append({"text": one.text, "evidence": list(one.evidence)})
        else:
            again = [
                {"number": n, "text": one.text, "evidence": list(one.evidence)}
                for n, one in enumerate(self.sentences, 1)
            ]
            parsed = {"sentences": again}
        return Reply(message={"role": "assistant", "content": "(scripted)"}, parsed=dict(parsed))


@dataclass(frozen=True)
class Lie:
    """A lie, its kind, and the right sentences it stands among."""

    kind: str
    sentence: ArgumentSentence
    among: Truths
    case: LetterCase


def run(practices: tuple[str, ...] = PRACTICES) -> SuiteReport:
    """Put every lie as a model's answer; one left in the finished letter is a failure, and so are lost truths."""
    told = lies(practices)
    failures = [f"{lie.kind}: {lie.sentence.text} {list(lie.sentence.evidence)}" for lie in told if stands(lie)]
    kept, of = survival(practices)
    if of < _LEAST_SURVIVORS or kept < SURVIVING * of:
        failures.append(f"right sentences: only {kept} of {of} are left in their letters")
    return SuiteReport(
        tried=len(told) + 1,
        failed=len(failures),
        failures=tuple(failures),
        figures={"right sentences": of, "right sentences left in": kept / of if of else 0.0},
    )


@cache
def lies(practices: tuple[str, ...] = PRACTICES) -> tuple[Lie, ...]:
    """Return the lies, the same ones at every run: of each kind a share spread over all letters."""
    cases = _arguing(practices)
    told: list[Lie] = []
    for kind, mutate in KINDS:
        chance = random.Random(f"{SEED} {kind}")
        by_text = {(lie.case.denial_id, lie.sentence): lie for lie in _told(kind, mutate, cases, chance)}
        unlike = list(by_text.values())
        told += chance.sample(unlike, min(_MOST_A_KIND, len(unlike)))
    return tuple(told)


def _told(
    kind: str, mutate: object, cases: Sequence[tuple[LetterCase, Truths]], chance: random.Random
) -> Iterator[Lie]:
    assert callable(mutate)
    for at, (case, right) in enumerate(cases):
        other, other_right = cases[(at + 1 + chance.randrange(len(cases) - 1)) % len(cases)]
        ground = Ground(case, right, other, other_right, chance)
        known = {(one.text, one.evidence) for one in right}
        for one in right:
            for lie in mutate(one, ground):
                if (lie.text, lie.evidence) not in known:
                    yield Lie(kind, lie, _among(right, lie, case), case)


@cache
def _arguing(practices: tuple[str, ...]) -> tuple[tuple[LetterCase, Truths], ...]:
    """Return the letters with right sentences that argue something: the others are a person's, whatever is written."""
    return tuple((case, found) for case in material(practices) if argues(found := truths(case), case))


def _among(right: Truths, lie: ArgumentSentence, case: LetterCase) -> Truths:
    """Choose a right sentence that carries a letter for the lie to hide in, and one beside it."""
    others = [one for one in right if one.text != lie.text]
    core = [one for one in others if argues((one,), case)][:1]
    return (*core, *[one for one in others if one not in core][:1])


def stands(lie: Lie) -> bool:
    """Tell whether the lie is in the finished letter, the letter does not verify, or there were over two calls."""
    writer = ScriptedWriter((*lie.among, lie.sentence))
    try:
        letter, _ = argued_letter(writer, lie.case, seconds=1)
    except LetterIncomplete:
        return False
    if verify(letter, lie.case.evidence, lie.case.facts) or writer.asked > 2:
        return True
    return _in(lie.sentence, letter)


def _in(sentence: ArgumentSentence, letter: LetterContent) -> bool:
    wanted = _plain(sentence.text)
    return any(wanted in _plain(without_markers(paragraph.text)) for paragraph in letter.paragraphs)


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(".").replace('."', '"')


def survival(practices: tuple[str, ...] = PRACTICES) -> tuple[int, int]:
    """Return how many right sentences stand in their finished letters, and of how many."""
    kept = of = 0
    for case, right in _arguing(practices):
        of += len(right)
        try:
            letter, _ = argued_letter(ScriptedWriter(right), case, seconds=1)
        except LetterIncomplete:
            continue
        kept += sum(_in(one, letter) for one in right)
    return kept, of
