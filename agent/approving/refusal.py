"""Why an approval is not taken."""


class ApprovalRefused(ValueError):
    """The approval lacks what it needs (role, signature, sound files); nothing was stored. The message says what."""
