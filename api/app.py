"""The review API: create the app, open its home, resume what was left unfinished."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI

from agent.office import Office
from api.description import describe
from api.offices import open_office
from api.problems import handle_problems
from api.routes import (
    account,
    clients,
    coming,
    denials,
    files,
    health,
    letter,
    outbox,
    outcomes,
    overview,
    practices,
    products,
    rules,
    series,
    sign_in,
    tokens,
    users,
)
from api.security import Guard
from api.service import Service
from api.settings import Settings
from api.web import static
from api.worker import Worker


def create_app(settings: Settings, open_home: Callable[[Settings], Office] | None = None) -> FastAPI:
    """Make the app. Its home is opened when it starts; every practice's unfinished cases then go on by themselves.

    `open_home` opens the office some other way than at `settings.home`.

    Raises:
        BadSettings: the settings are not safe to run with.
        CannotOpen: (at start) the home cannot be opened.
    """
    settings = settings.checked()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with (open_home or _open)(settings) as office:
            worker = Worker(office)
            app.state.service = Service(office, worker, settings)
            try:
                for practice_id, _ in office.practices():
                    worker.work(practice_id)
                yield
            finally:
                worker.stop()

    app = FastAPI(
        title="Overturn",
        version=version("overturn"),
        lifespan=lifespan,
        # Their pages load scripts from other people's servers; `/` describes the API instead.
        docs_url=None,
        redoc_url=None,
    )
    for subject in (
        denials,
        coming,
        series,
        letter,
        products,
        outbox,
        outcomes,
        files,
        practices,
        rules,
        health,
        overview,
    ):
        app.include_router(subject.router)
    for part in (sign_in, account, users, clients, tokens, static):
        app.include_router(part.router)
    handle_problems(app)
    describe(app)
    app.add_middleware(Guard, settings=settings)
    return app


def _open(settings: Settings) -> Office:
    return open_office(settings.home)
