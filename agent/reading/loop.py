"""Talk with the model about one case: it looks things up, answers, and is told once what was not accepted.

Whatever goes wrong on the way ends the talk and is said in the reading; what stood until then is kept.
"""

from agent.diagnosis.diagnose import gather
from agent.diagnosis.inquiry import Inquiry
from agent.model import Message, Model, ModelFault, Reply, Usage
from agent.model.asking import added
from agent.reading.answering import answer_schema
from agent.reading.briefing import briefing, system_prompt
from agent.reading.checking import Checked, check_answers
from agent.reading.findings import Reading
from agent.reading.library import Library, open_library
from agent.reading.needed import Needed, needed
from agent.reading.registry import TOOLS, run_tool
from knowledge.causes import Catalogue
from prompts import render

MAX_CALLS = 4
"""Askings of a reading; with the two of a letter a denial takes six at most."""

MAX_TOOLS = 12
"""Tools run at one asking; more are answered with a refusal."""

CALL_SECONDS = 90.0
"""Wall clock of one asking, retries included."""


def read_case(q: Inquiry, model: Model, catalogue: Catalogue) -> Reading | None:
    """Read a case; None when there is nothing to ask, and the model is then not called.

    How long and how often the model may be asked for the denial in all is its own budget's to say. The case is
    questioned in an inquiry of its own, so that what the model looks up leaves no trace in the evidence.
    """
    own = Inquiry(q.case, q.codes, q.as_of)
    library = open_library(own)
    wanted = needed(own, gather(own, catalogue), catalogue, library)
    if not wanted:
        return None
    return _Talk(own, model, library, wanted, catalogue).held()


class _Talk:
    def __init__(
        self,
        q: Inquiry,
        model: Model,
        library: Library,
        wanted: Needed,
        catalogue: Catalogue,
    ) -> None:
        self._q, self._model, self._library, self._wanted = q, model, library, wanted
        system = system_prompt()
        self._prompts = [system.version]
        self._messages: list[Message] = [
            {"role": "system", "content": system.text},
            briefing(q, wanted, library, catalogue),
        ]
        self._usage = Usage()
        self._calls = self._tool_calls = 0

    def held(self) -> Reading:
        """Hold the talk to its end and return what stood."""
        checked, fault = Checked(), ""
        told = False
        try:
            while True:
                reply = self._ask()
                if reply.calls:
                    self._run(reply)
                    continue
                if reply.parsed is None:
                    raise ModelFault("schema_mismatch", "the answer holds neither tool calls nor the object asked for")
                checked = check_answers(reply.parsed, self._wanted, self._library, self._q.service_date)
                if not checked.rejected or told or self._calls >= MAX_CALLS:
                    break
                told = True
                again = render("reading_again", rejected="\n".join(f"- {item}" for item in checked.rejected))
                self._prompts.append(again.version)
                self._messages += [reply.message, {"role": "user", "content": again.text}]
        except ModelFault as found:
            fault = f"{found.kind}: {found.says}"
            self._usage = added(self._usage, found.usage)
        return Reading(
            facts=tuple(checked.facts),
            criteria=tuple(checked.criteria),
            ranking=tuple(checked.ranking),
            rejected=tuple(checked.rejected),
            fault=fault,
            model=self._model.name,
            prompts=tuple(dict.fromkeys(self._prompts)),
            calls=self._calls,
            tool_calls=self._tool_calls,
            usage=self._usage,
        )

    def _ask(self) -> Reply:
        if self._calls >= MAX_CALLS:
            raise ModelFault("tool_misuse", f"no answer after {MAX_CALLS} askings")
        # At the last asking no tools are offered, so that it can only be answered.
        tools = TOOLS if self._calls < MAX_CALLS - 1 else ()
        self._calls += 1
        reply = self._model.ask(self._messages, tools=tools, schema=answer_schema(), seconds=CALL_SECONDS)
        self._usage = added(self._usage, reply.usage)
        return reply

    def _run(self, reply: Reply) -> None:
        self._messages.append(reply.message)
        for number, call in enumerate(reply.calls):
            refused = '{"error": "too many tools at once: answer with what there is"}'
            result = run_tool(call, self._q, self._library) if number < MAX_TOOLS else refused
            self._tool_calls += 1
            self._messages.append({"role": "tool", "tool_call_id": call.id, "content": result})
