"""How the API is run: where its home is, who may call it, how much it takes."""

from dataclasses import dataclass, field
from pathlib import Path

from api.access.loopback import is_loopback
from api.access.settings import AccessSettings

__all__ = ["MEBIBYTE", "SHORTEST_KEY", "BadSettings", "Settings", "is_loopback"]

MEBIBYTE = 1024 * 1024
SHORTEST_KEY = 16


class BadSettings(ValueError):
    """The API cannot be run like this; the message says what to change."""


@dataclass(frozen=True)
class Settings:
    """Settings of one server.

    `api_key` None is for the demo, and where people sign in (`signs_in`: the home has users). `max_body` in bytes.
    `watch` is a folder that remittances are taken from, for `watch_practice` (None = the only one); `watch_move` puts
    what was taken into its `processed/`.
    `webhooks_loopback` lets webhooks lead to this machine (to try them; never where others may name addresses).
    `patience` is how many seconds an upload waits for its denials to be worked before it answers that they still are.
    """

    home: Path
    api_key: str | None
    demo: bool = False
    signs_in: bool = False
    access: AccessSettings = field(default_factory=AccessSettings)
    host: str = "127.0.0.1"
    port: int = 8710
    max_body: int = 64 * MEBIBYTE
    webhooks_loopback: bool = False
    watch: Path | None = None
    watch_move: bool = False
    watch_practice: str | None = None
    patience: float = 10.0

    def checked(self) -> "Settings":
        """Return these settings, if they are safe to run with.

        Raises:
            BadSettings: no key outside the demo, a key that can be guessed, a demo that others can reach.
        """
        if self.api_key is None and not self.demo and not self.signs_in:
            raise BadSettings(
                "OVERTURN_API_KEY is not set and the home has no user: nobody could read it, or everybody. Add a user "
                f"(`overturn users add`), or set the key to a secret of at least {SHORTEST_KEY} characters, or add "
                "--demo to try the sample practice without"
            )
        if self.api_key is not None and (len(self.api_key) < SHORTEST_KEY or not self.api_key.isascii()):
            raise BadSettings(f"OVERTURN_API_KEY must be at least {SHORTEST_KEY} plain characters")
        if self.demo and self.api_key is None and not is_loopback(self.host):
            raise BadSettings(f"a server without a key listens on 127.0.0.1 only, not on {self.host}")
        return self
