"""Scripts and styles of the pages: served from this package, at addresses that change with their bytes."""

import hashlib
from functools import cache
from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import Response

from api.problems import ProblemError

router = APIRouter(include_in_schema=False)

TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
_YEAR = "public, max-age=31536000, immutable"


@cache
def _served() -> dict[str, tuple[bytes, str]]:
    """Every file by its address below /static, with its content type."""
    root = files("api").joinpath("web/static")
    found = {}
    for folder in (root, root.joinpath("vendor")):
        for item in folder.iterdir():
            suffix = "." + item.name.rpartition(".")[2]
            if item.is_file() and suffix in TYPES:
                content = item.read_bytes()
                below = item.name if folder is root else f"vendor/{item.name}"
                found[f"{hashlib.sha256(content).hexdigest()[:12]}/{below}"] = (content, TYPES[suffix])
    return found


@cache
def address(name: str) -> str:
    """Give the address of a file of web/static by its name ("app.css", "vendor/htmx.min.js").

    Raises:
        KeyError: there is no such file.
    """
    for path in _served():
        if path.partition("/")[2] == name:
            return f"/static/{path}"
    raise KeyError(f"web/static holds no {name}")


@router.get("/static/{path:path}")
def static(path: str) -> Response:
    """Serve a file; its address holds its hash, so it never changes."""
    if path not in _served():
        raise ProblemError("not-found", "there is no such file; reload the page")
    content, media_type = _served()[path]
    return Response(content, media_type=media_type, headers={"cache-control": _YEAR})
