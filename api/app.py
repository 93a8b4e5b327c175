"""The review API: create the app, open its home, resume what was left unfinished."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI

from agent.office import Office
from api.auditing import Audited
from api.description import describe
from api.idempotency import Idempotent
from api.jobs import Jobs
from api.limits import RateLimited
from api.metrics import Metrics
from api.observing import Observed
from api.offices import open_office, practice_of
from api.problems import handle_problems
from api.refused import Refusals
from api.routes import (
    account,
    clients,
    coming,
    denials,
    events,
    files,
    health,
    insight,
    jobs,
    letter,
    outbox,
    outcomes,
    overview,
    practices,
    products,
    rules,
    series,
    series_decisions,
    sign_in,
    tasks,
    tokens,
    users,
    webhooks,
)
from api.routes import (
    watched as watched_folder,
)
from api.security import Guard
from api.service import Service
from api.settings import Settings
from api.watched import Watched
from api.web import assets, case, case_deciding, case_editing
from api.web.routes import audit as audit_page
from api.web.routes import dashboard as dashboard_page
from api.web.routes import outbox as outbox_page
from api.web.routes import queue, queue_approving, queue_files, queue_marks
from api.web.routes import rules as rules_page
from api.web.routes import series as series_page
from api.web.routes import webhooks as webhooks_page
from api.webhooks.carrier import Carrier
from api.webhooks.courier import Courier
from api.webhooks.schedule import schedule
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
            app.state.metrics.watch(app.state.service)
            app.state.jobs = Jobs(office, worker)
            app.state.refusals = refusals = Refusals(office.records, office.clock)
            watched: Watched | None = None
            courier = Courier(office, Carrier(schedule().timeout_seconds, loopback=settings.webhooks_loopback))
            try:
                for practice_id, _ in office.practices():
                    app.state.service.snapshots.of(practice_id)  # read now, so that nobody waits for it later
                    with app.state.service.worklists.at(practice_id):
                        pass  # likewise
                    worker.work(practice_id)
                app.state.jobs.resume()
                courier.start()
                app.state.watched = watched = _watched(settings, office, worker)
                if watched is not None:
                    watched.start()
                yield
            finally:
                if watched is not None:
                    watched.stop()
                app.state.jobs.halt()
                worker.stop()
                app.state.jobs.stop()
                courier.stop()
                refusals.settle()

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
        series_decisions,
        letter,
        products,
        outbox,
        outcomes,
        tasks,
        files,
        jobs,
        watched_folder,
        events,
        webhooks,
        practices,
        rules,
        insight,
        health,
        overview,
    ):
        app.include_router(subject.router)
    for part in (
        sign_in,
        account,
        users,
        clients,
        tokens,
        assets,
        case,
        case_editing,
        case_deciding,
        queue,
        queue_marks,
        queue_approving,
        queue_files,
        dashboard_page,
        series_page,
        rules_page,
        outbox_page,
        webhooks_page,
        audit_page,
    ):
        app.include_router(part.router)
    app.add_middleware(Idempotent)
    app.add_middleware(RateLimited)
    handle_problems(app)
    describe(app)
    app.add_middleware(Audited)
    app.add_middleware(Guard, settings=settings)
    app.state.metrics = Metrics()
    app.add_middleware(Observed, metrics=app.state.metrics)
    return app


def _watched(settings: Settings, office: Office, worker: Worker) -> Watched | None:
    if settings.watch is None:
        return None
    practice_id, _ = practice_of(office, settings.watch_practice)
    return Watched(settings.watch, office, worker, practice_id, move=settings.watch_move)


def _open(settings: Settings) -> Office:
    return open_office(settings.home)
