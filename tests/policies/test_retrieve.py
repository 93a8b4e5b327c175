import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from policy_builders import policy

from evals.retrieval.measure import by_both, by_words, measure
from evals.retrieval.questions import test as unseen
from evals.retrieval.questions import tuning
from knowledge.policies import encoder as encoding
from knowledge.policies.encoder import EncoderMissing, load_encoder
from knowledge.policies.index import PassageIndex, open_index
from knowledge.policies.retrieve import Retrieved, retrieve

ON = date(2026, 3, 16)
TEXT = """
## Quantity
Adults receive 200 mg every 3 weeks.

## Amendments
An amendment may be requested up to 60 days after the date of service when the order changed.

## Claims
The number belongs in REF G1.
"""
OLD = policy(TEXT, "P-OLD", effective_from=date(2025, 1, 1), effective_to=date(2025, 12, 31))
NEW = policy(TEXT, "P-NEW", effective_from=date(2026, 1, 1))
OTHER = policy(TEXT, "P-OTHER", payer_id="SUMA")
ALL = (OLD, NEW, OTHER)
LATE = "Can we still fix the approval once the infusion is over?"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PassageIndex]:
    with open_index(tmp_path_factory.mktemp("index"), ALL) as opened:
        yield opened


def ask(question: str = LATE, *, on: date = ON, payer: str = "CASC1", hcpcs: str = "J9271", k: int = 3,
        index: PassageIndex | None = None) -> Retrieved:  # fmt: skip
    return retrieve(question, ALL, payer, hcpcs, on, k, index)


def test_only_the_version_in_force_on_the_day_is_searched(index: PassageIndex) -> None:
    assert ask(index=index).policy_id == "P-NEW"
    assert ask(index=index, on=date(2025, 12, 31)).policy_id == "P-OLD"
    assert ask(index=index, payer="SUMA").policy_id == "P-OTHER"
    assert {passage.policy_id for passage in ask(index=index).passages} == {"P-NEW"}


def test_without_a_policy_in_force_nothing_is_given_and_it_is_said(index: PassageIndex) -> None:
    found = ask(index=index, hcpcs="J9999")
    assert (found.passages, found.policy_id) == ((), None)
    assert found.says == "no policy of CASC1 for J9999 was in force on 2026-03-16"
    assert ask(index=index, on=date(2024, 1, 1)).passages == ()


def test_two_policies_in_force_give_nothing_rather_than_one_of_them() -> None:
    rival = policy(TEXT, "P-RIVAL")
    found = retrieve(LATE, (*ALL, rival), "CASC1", "J9271", ON)
    assert found.passages == ()
    assert "P-NEW" in found.says
    assert "P-RIVAL" in found.says


def test_meaning_finds_what_words_do_not(index: PassageIndex) -> None:
    found = ask("How late may paperwork about an altered prescription be handed in?", index=index)
    assert found.by == "blend"
    assert found.says == ""
    assert found.passages[0].heading == "Amendments"


def test_without_an_index_words_alone_are_used_and_it_is_said() -> None:
    found = ask("How many days after the service may an amendment be requested?")
    assert (found.by, found.passages[0].heading) == ("words", "Amendments")
    assert "words alone" in found.says


def test_an_index_that_lacks_the_policy_is_not_half_used(index: PassageIndex) -> None:
    unknown = policy("## Dose\nTen units a day.\n\n## Place\nOffice only.", "P-LATER", payer_id="LATER")
    found = retrieve("Where?", (unknown,), "LATER", "J9271", ON, 3, index)
    assert found.by == "words"
    assert "lacks" in found.says


def test_scores_fall_and_k_limits(index: PassageIndex) -> None:
    scores = [passage.score for passage in ask(index=index).passages]
    assert scores == sorted(scores, reverse=True)
    assert len(ask(index=index, k=1).passages) == 1


def test_the_same_question_gives_the_same_answer(index: PassageIndex) -> None:
    assert ask(index=index) == ask(index=index)


class Counting:
    """An encoder that counts what it is given."""

    def __init__(self) -> None:
        self.inner = load_encoder()
        self.name = self.inner.name
        self.encoded: list[str] = []

    def encode(self, texts: list[str]) -> list[list[float]]:
        self.encoded += texts
        return self.inner.encode(texts)


def test_what_is_unchanged_is_not_encoded_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counting = Counting()
    monkeypatch.setattr("knowledge.policies.index.load_encoder", lambda: counting)
    open_index(tmp_path, (OLD,)).close()
    first = len(counting.encoded)
    open_index(tmp_path, (OLD, NEW)).close()  # the same words under another name
    assert len(counting.encoded) == first == 6
    changed = policy(TEXT.replace("200 mg", "400 mg"), "P-NEW")
    with open_index(tmp_path, (changed,)) as opened:
        assert len(counting.encoded) == first + 2
        assert retrieve(LATE, (changed,), "CASC1", "J9271", ON, 3, opened).by == "blend"
        assert retrieve(LATE, (OLD,), "CASC1", "J9271", date(2025, 5, 1), 3, opened).by == "words"


def test_a_kept_index_that_cannot_be_read_is_made_again(tmp_path: Path) -> None:
    open_index(tmp_path, (NEW,)).close()
    (tmp_path / "passages" / "chroma.sqlite3").write_bytes(b"not a database" * 100)
    with open_index(tmp_path, (NEW,)) as opened:
        assert retrieve(LATE, (NEW,), "CASC1", "J9271", ON, 3, opened).by == "blend"


def test_an_open_index_does_not_depend_on_the_folder_it_came_from(tmp_path: Path) -> None:
    with open_index(tmp_path, (NEW,)) as first, open_index(tmp_path, (OTHER,)):
        assert retrieve(LATE, (NEW,), "CASC1", "J9271", ON, 3, first).by == "blend"


PROCESS = """
import sys
from datetime import date
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from policy_builders import policy
from knowledge.policies.retrieve import retrieve
from knowledge.policies.index import open_index
made = policy("## Quantity\\nAdults receive 200 mg.\\n\\n## Claims\\nUse REF G1.", "P")
with open_index(Path(sys.argv[1]), (made,)) as index:
    print(retrieve("How much?", (made,), "CASC1", "J9271", date(2026, 3, 16), 3, index).model_dump_json())
"""


def test_processes_that_open_one_folder_at_a_time_agree(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROCESS, str(tmp_path), str(Path(__file__).parent)]

    def run(_: int) -> str:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(run, range(3)))
    assert len(set(answers)) == 1
    assert json.loads(answers[0])["by"] == "blend"


def test_nothing_heavy_is_imported_before_an_index_is_opened() -> None:
    code = (
        "import sys, agent, api.cli, knowledge.policies, knowledge.policies.index, knowledge.policies.encoder\n"
        "print([name for name in ('chromadb', 'numpy', 'tokenizers', 'onnxruntime') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert ran.stdout.strip() == "[]"


def test_without_the_weights_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(encoding, "_MODULE", "no_such_wheel")
    with pytest.raises(EncoderMissing, match="install"):
        open_index(tmp_path, (NEW,))


def test_the_encoder_gives_the_published_likenesses() -> None:
    person, dog, very, sunny = load_encoder().encode(
        ["That is a happy person", "That is a happy dog", "That is a very happy person", "Today is a sunny day"]
    )

    def cosine(left: list[float], right: list[float]) -> float:
        return sum(a * b for a, b in zip(left, right, strict=True))

    assert cosine(person, person) == pytest.approx(1, abs=1e-4)
    assert [cosine(person, other) for other in (dog, very, sunny)] == pytest.approx([0.695, 0.943, 0.257], abs=2e-3)


def test_a_text_has_its_vector_whatever_stands_beside_it() -> None:
    encoder = load_encoder()
    alone = encoder.encode(["short text"])[0]
    beside = encoder.encode(["a much longer text " * 20, "short text"])[1]
    assert beside == pytest.approx(alone, abs=1e-5)


def test_the_questions_of_the_test_share_no_word_with_their_answers_nor_a_policy_with_the_tuning() -> None:
    asked = unseen()
    assert len(asked) == 60
    assert [item.shared for item in asked] == [()] * 60
    assert not {item.policy.policy_id for item in asked} & {item.policy.policy_id for item in tuning()}


def test_both_together_find_the_answer_and_better_than_words_alone(tmp_path: Path) -> None:
    asked = unseen()
    with open_index(tmp_path, {item.policy.policy_id: item.policy for item in asked}.values()) as opened:
        both = measure("both", asked, by_both(opened))
    assert both.at_3 >= 0.93, both.missed
    assert measure("words", asked, by_words).at_3 < both.at_3
