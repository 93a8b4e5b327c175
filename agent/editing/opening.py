"""Open a denial for an edit that is decided already: its approval is taken back, or what follows its send is begun."""

from agent.approving.voiding import begin_what_follows, void
from agent.desk import Desk
from agent.review import LETTER
from knowledge.records import Review, StoredDenial


def open_for_edit(desk: Desk, stored: StoredDenial, review: Review) -> None:
    """Have an edited denial wait for a person again, where the edit is one it takes as it stands.

    An approved one waits again; so does one released by policy whose letter is edited. One that was sent waits again
    where something follows and the edit names the remedy: after the authorization, its letter.
    """
    says = f"{review.by} edits it: {review.reason}"
    released = stored.status == "worked" and LETTER in review.changes
    if stored.status == "approved" or released:
        void(desk, stored.denial_id, "edited", says)
    elif stored.status == "sent" and (stored.record or {}).get("then") and review.changes.get("remedy"):
        begin_what_follows(
            desk, stored.denial_id, f"It was sent. {review.by} goes on with what follows: {review.reason}"
        )
