"""The addresses that need no sign-in: none of them says anything about a patient. All others are closed."""

OPEN = frozenset(("/", "/api", "/health", "/ready", "/openapi.json"))
"""Addresses of the API's description and standing."""

SIGN_IN = frozenset(("/sign-in", "/sign-in/code", "/sign-in/password", "/sign-in/with/{provider}", "/sign-in/return"))
"""Where one becomes somebody; each checks what it is shown by itself."""

TOKENS = frozenset(("/oauth/token", "/oauth/revoke"))
"""Where programs do; they show a secret or a signed assertion."""

STATIC = "/static/{path:path}"

ROUTES = OPEN | SIGN_IN | TOKENS | {STATIC}
"""The routes that name no permission."""


def is_open(path: str) -> bool:
    """Tell whether a path needs no sign-in."""
    return path in OPEN | SIGN_IN | TOKENS or path.startswith(("/static/", "/sign-in/with/"))


def for_programs(path: str) -> bool:
    """Tell whether a path is the API's: it answers with problems, and never leads to the sign-in page."""
    return path.startswith(("/v1/", "/oauth/", "/metrics"))
