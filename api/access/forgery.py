"""Changes that a browser sends: only from our own pages.

A browser sends its cookie whoever made the page; so the request must come from our own origin (`Origin`,
`Sec-Fetch-Site`), and from a page of this session: the page's token comes as `X-Page-Token`, or as the form field
`page_token`.
"""

from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers

from api.access.tokens import same
from api.problems import ProblemError

SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))
HEADER = "x-page-token"
FIELD = "page_token"
FORM = "application/x-www-form-urlencoded"


def refuse_other_sites(headers: Headers, address: str | None, *, said: bool) -> ProblemError | None:
    """Refuse a change that a page of another site sends. With `said`, the request must say where it comes from."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    ours = {headers.get("host"), _place(address) if address else None}
    place = _place(origin) if origin is not None else None
    foreign = place is not None and (not place or place not in ours)
    if foreign or site not in (None, "same-origin") or (said and origin is None and site is None):
        return ProblemError("origin-refused", "the request does not come from a page of this server")
    return None


def refuse_old_pages(headers: Headers, body: bytes | None, expected: str) -> ProblemError | None:
    """Refuse a change whose page is not of this session. `body` is the form's, None when it is no form."""
    shown = headers.get(HEADER)
    if shown is None and body is not None:
        fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=500)
        shown = next(iter(fields.get(FIELD, [])), None)
    if shown is None or not same(shown, expected):
        return ProblemError("page-outdated", "reload the page, and do it again: nothing was changed")
    return None


def _place(origin: str) -> str:
    """Give host and port of an origin; blank for one that names none (`null`), or cannot be read."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def is_form(headers: Headers) -> bool:
    """Tell whether the body is a form that may carry the page's token."""
    return headers.get("content-type", "").partition(";")[0].strip().lower() == FORM
