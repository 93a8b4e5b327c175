"""`overturn show`: one denial in full."""

from api.commands.options import DEFAULT_HOME, DenialName, Home, opened, worked_on
from api.offices import find_denial
from api.terminal.consoles import fail, output
from api.terminal.denial import show_denial


def show(denial: DenialName, home: Home = DEFAULT_HOME) -> None:
    """Show one denial in full: what the payer said, why, the facts with their sources, what to do by when."""
    with opened(home) as office:
        # Imported here because it needs the state machine, which is slow to import.
        from api.dossier import open_dossier

        found = find_denial(office, denial)
        dossier = open_dossier(office, found.practice_id, found.denial_id)
        if dossier is None:
            fail(f"denial {found.denial_id} has not been worked yet; run `overturn work` again")
        practice = dict(office.practices())[found.practice_id]
        show_denial(output(), dossier, home, worked_on(practice))
