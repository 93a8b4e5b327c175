"""The one way a correction fails: with a reason a biller can act on."""


class CorrectionRefused(ValueError):
    """A correction that would not be right, or cannot be read safely.

    `what` was wrong, `where` it stands (file, segment, loop, line), what `to_do` about it. `code` is a stable
    kebab-case name for programs.
    """

    def __init__(self, code: str, what: str, where: str, to_do: str) -> None:
        super().__init__(f"{where}: {what}; {to_do}")
        self.code = code
        self.what = what
        self.where = where
        self.to_do = to_do
