"""How the box is: a page for people, the same as data for monitors, and its figures for Prometheus."""

import ipaddress
from typing import Any, Final

from litestar import Response

from chibox.errors import NotFound
from chibox.hooks import Check
from chibox.observe.health import checks, worst
from chibox.observe.metrics import MEDIA_TYPE
from chibox.office import Office
from chibox.records.log import LogReader
from chibox.records.notes import to_base64
from chibox.site.routes import page
from chibox.site.visit import Visit, visit_of
from chibox.site.who import OPEN, who_of
from chibox.web import handlers
from chibox.web.locale import translate
from chibox.web.render import AnyRequest

_KINDS: Final = {"good": "ok", "attention": "wait", "trouble": "bad", "off": "none"}
_FORWARDED: Final = ("x-forwarded-for", "forwarded", "x-real-ip")


@page("/health")
def health(visit: Visit) -> Response[str]:
    """Every check in one plain sentence, worst first; the technique for whoever runs the box."""
    with visit.reading("health") as look:
        found = checks(visit.office, look)
        head = LogReader(look.connection, look.box).head()
        return visit.render(
            "core/health.html", here=visit.say("State of the box"), found=found, kinds=_KINDS, worst=worst(found),
            head=head, root=to_base64(head.root), technique=visit.may("core.operate"),
        )  # fmt: skip


@handlers.page("/health.json", opt={OPEN: True}, media_type="application/json", sync_to_thread=True)
def health_data(request: AnyRequest) -> Response[Any]:
    """The state of the whole; every check, for whoever is signed in or shows the token. Status 503 when in trouble."""
    office: Office = request.app.state.office
    with office.box.reading() as read:
        found = checks(office, read)
    state = worst(found)
    answer: dict[str, Any] = {"state": state}
    if (who := who_of(request)) is not None:
        operates = who.session is None or visit_of(request).may("core.operate")
        answer["checks"] = [_data(check, technique=operates) for check in found]
    return Response(answer, status_code=503 if state == "trouble" else 200)


@handlers.page("/metrics", opt={OPEN: True}, media_type=MEDIA_TYPE, sync_to_thread=True)
def metrics(request: AnyRequest) -> Response[bytes]:
    """The figures, for a program on the same machine, the token, or an operator; not there for anybody else."""
    who = who_of(request)
    operates = who is not None and (who.session is None or visit_of(request).may("core.operate"))
    if not (operates or is_near(request)):
        raise NotFound("There is no such page for this account.")
    office: Office = request.app.state.office
    office.metrics.queue.set(office.box.writer.waiting)
    office.metrics.size.set(office.box.log.size)
    office.metrics.jobs.set(0 if office.work is None else office.work.waiting)
    return Response(office.metrics.text(), media_type=MEDIA_TYPE)


def is_near(request: AnyRequest) -> bool:
    """Whether a program on the same machine asks, not a server that hands on what somebody else asks."""
    host = request.client.host if request.client else ""
    try:
        near = ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
    return near and not any(name in request.headers for name in _FORWARDED)


def _data(check: Check, *, technique: bool) -> dict[str, Any]:
    data = {"name": translate(check.name), "state": check.state, "sentence": translate(check.sentence)}
    if check.step is not None:
        data["step"] = translate(check.step)
    if technique and check.technique is not None:
        data["technique"] = translate(check.technique)
    return data


PAGES: Final[list[Any]] = [health, health_data, metrics]
