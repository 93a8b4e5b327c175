"""`overturn watch`: what will have the next infusions denied, in time to do something about it."""

from api.commands.options import DEFAULT_HOME, Home, PracticeName, opened, worked_on
from api.commands.sweep import AsOf, Format
from api.offices import practice_of
from api.terminal.consoles import data_output, output


def watch(
    home: Home = DEFAULT_HOME, practice: PracticeName = None, as_of: AsOf = None, format: Format = "table"
) -> None:
    """Warn of the next dose of every treatment: authorization, coverage, and denials that will come again.

    Patients are named here and nowhere else: the API gives ids.
    """
    with opened(home) as office:
        # Imported here because they need the state machine's tables, which are slow to import.
        from agent.intake.book import load_book_inputs
        from agent.watching.warned import patient_names
        from agent.watching.watch import watch as watched
        from api.terminal.watch import show_watch, with_names
        from knowledge.codes import load_codes

        practice_id, known = practice_of(office, practice)
        day = as_of.date() if as_of is not None else worked_on(known)
        inputs = load_book_inputs(office.records, practice_id)
        found = watched(inputs, load_codes(office.home / "codes"), tuple(office.records_of(practice_id)), day)
        names = patient_names(inputs.charts)
        if format == "json":
            data_output().write(with_names(found, names) + "\n")
        else:
            show_watch(output(), found, names)
