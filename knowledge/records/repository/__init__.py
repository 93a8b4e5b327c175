"""The repository: every statement the records are read and written with, by subject."""

from sqlmodel import Session

from knowledge.records.repository.access import Access
from knowledge.records.repository.approvals import Approvals
from knowledge.records.repository.audit import Audit
from knowledge.records.repository.casework import Casework
from knowledge.records.repository.clients import Clients
from knowledge.records.repository.correspondence import Correspondence
from knowledge.records.repository.cursors import BadCursor
from knowledge.records.repository.denials import Denials, UnknownDenial
from knowledge.records.repository.erasing import Erasing
from knowledge.records.repository.facts import Facts
from knowledge.records.repository.feed import Feed, UnknownEvent
from knowledge.records.repository.files import Files, UnknownPractice, sha256_of
from knowledge.records.repository.groups import Groups
from knowledge.records.repository.idempotency import Idempotency
from knowledge.records.repository.insight import Insight
from knowledge.records.repository.jobs import Jobs
from knowledge.records.repository.joint import Joint
from knowledge.records.repository.keeping import Keeping, UnknownHold
from knowledge.records.repository.learned import Learned
from knowledge.records.repository.mentions import Mentions
from knowledge.records.repository.outbox import Outbox
from knowledge.records.repository.outcomes import Outcomes
from knowledge.records.repository.questions import Questions
from knowledge.records.repository.remits import Remits
from knowledge.records.repository.sent import Sent
from knowledge.records.repository.standing import Standing
from knowledge.records.repository.views import Views
from knowledge.records.repository.webhooks import Webhooks
from knowledge.records.repository.worklist import Worklist


class Repository:
    """The records as one session sees them, by subject."""

    def __init__(self, session: Session) -> None:
        """Bind all subjects to one session, so that what is done through them stands or falls together."""
        self.files = Files(session)
        self.remits = Remits(session)
        self.facts = Facts(session)
        self.denials = Denials(session)
        self.casework = Casework(session)
        self.approvals = Approvals(session)
        self.outbox = Outbox(session)
        self.insight = Insight(session)
        self.joint = Joint(session)
        self.correspondence = Correspondence(session)
        self.worklist = Worklist(session)
        self.standing = Standing(session)
        self.groups = Groups(session)
        self.views = Views(session)
        self.sent = Sent(session)
        self.questions = Questions(session)
        self.outcomes = Outcomes(session)
        self.learned = Learned(session)
        self.access = Access(session)
        self.clients = Clients(session)
        self.idempotency = Idempotency(session)
        self.jobs = Jobs(session)
        self.feed = Feed(session)
        self.webhooks = Webhooks(session)
        self.audit = Audit(session)
        self.mentions = Mentions(session)
        self.keeping = Keeping(session)
        self.erasing = Erasing(session)


__all__ = [
    "Access",
    "Approvals",
    "Audit",
    "BadCursor",
    "Casework",
    "Clients",
    "Correspondence",
    "Denials",
    "Erasing",
    "Facts",
    "Feed",
    "Files",
    "Groups",
    "Idempotency",
    "Insight",
    "Jobs",
    "Joint",
    "Keeping",
    "Learned",
    "Mentions",
    "Outbox",
    "Outcomes",
    "Questions",
    "Remits",
    "Repository",
    "Sent",
    "Standing",
    "UnknownDenial",
    "UnknownEvent",
    "UnknownHold",
    "UnknownPractice",
    "Views",
    "Webhooks",
    "Worklist",
    "sha256_of",
]
