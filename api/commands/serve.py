"""`overturn serve` and `overturn openapi`: the review API, and its description."""

import json
import os
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from api.access.settings import AccessSettings, BadAccessSettings
from api.commands.options import DEFAULT_HOME, Home, opened
from api.logs import VARIABLE as LOG
from api.logs import BadLogForm, log_form
from api.offices import RECORDS_FILE, practice_of
from api.settings import BadSettings, Settings, is_loopback
from api.terminal.consoles import aside, data_output, fail

SERVING_LOCK = "serving.lock"
Port = Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)]


def serve(
    home: Home = DEFAULT_HOME,
    port: Port = 8710,
    host: Annotated[str, typer.Option(help="The address to listen on; this machine only when left out.")] = "127.0.0.1",
    demo: Annotated[
        bool, typer.Option("--demo", help="No key, this machine only: to try the sample practice.")
    ] = False,
    watch: Annotated[
        Path | None,
        typer.Option(help="Take remittances from this folder, each once it is whole.", exists=True, file_okay=False),
    ] = None,
    watch_move: Annotated[
        bool, typer.Option("--watch-move", help="Put what was taken into its folder `processed`.")
    ] = False,
    watch_practice: Annotated[
        str | None, typer.Option(help="Whose remittances they are, where the home holds several practices.")
    ] = None,
) -> None:
    """Serve the review API over a home, and go on with what was left unfinished.

    People sign in at /sign-in (`overturn users add` makes the first), programs show the key in OVERTURN_API_KEY or a
    token. Encryption is not done here: beyond this machine, put a server
    that does (TLS) in front. SIGTERM or Ctrl-C ends it: requests in flight are answered first, the case at hand is
    worked to its end. Exit code 2: no key, no home, the home is served already, or the port is taken.
    """
    key = None if demo else os.environ.get("OVERTURN_API_KEY") or None
    try:
        form = log_form(os.environ.get(LOG))
        access = AccessSettings.read(os.environ, home)
    except (BadAccessSettings, BadLogForm) as error:
        fail(str(error))
    if not (home / RECORDS_FILE).is_file():
        _checked(Settings(home=home, api_key=key, demo=demo, host=host, port=port))
    with opened(home) as office:
        if not office.practices():
            practice_of(office, None)
        if watch is not None:
            watch_practice, _ = practice_of(office, watch_practice)
        with office.records.reading() as repository:
            signs_in = bool(repository.access.users()) or bool(access.providers)
    settings = Settings(
        home=home,
        api_key=key,
        demo=demo,
        signs_in=signs_in and not demo,
        access=access,
        host=host,
        port=port,
        webhooks_loopback=os.environ.get("OVERTURN_WEBHOOKS_LOOPBACK") == "1",
        watch=watch,
        watch_move=watch_move,
        watch_practice=watch_practice,
    )
    settings = _checked(settings)
    # Imported when called: the web framework and the state machine are slow to import.
    from agent.home_lock import HomeClosed, served_alone
    from api.app import create_app
    from api.server import PortTaken, listen, run

    try:
        with served_alone(home / SERVING_LOCK), closing(listen(host, port)) as listening:
            console = aside()
            if not is_loopback(host):
                console.print("Others can reach this server: let them do so through TLS only", style="yellow")
            console.print(Text.assemble("Overturn at ", (f"http://{host}:{port}/", "cyan"), "  (Ctrl-C ends it)"))
            run(create_app(settings), listening, form)
    except (PortTaken, HomeClosed) as error:
        fail(str(error))


def _checked(settings: Settings) -> Settings:
    try:
        return settings.checked()
    except BadSettings as error:
        fail(str(error))


def openapi(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write; standard output when left out.")
    ] = None,
) -> None:
    """Write the API's description (OpenAPI 3.1), to make a client from."""
    from api.app import create_app

    text = json.dumps(create_app(Settings(home=Path(), api_key=None, demo=True)).openapi(), indent=1) + "\n"
    if output is None:
        data_output().write(text)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        fail(f"{output} cannot be written: {error.strerror or error}")
