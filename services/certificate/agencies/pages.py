"""Other agencies: how to subscribe, for everybody; who does and how it goes, for the administrator."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from flask import Response, abort, jsonify
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response as BaseResponse

from services.certificate.access import AGENCY_KEEPERS, AGENCY_READERS
from services.certificate.agencies.api import FEED_RATE
from services.certificate.agencies.commands import subscribing as commands
from services.certificate.agencies.queries import feed
from services.certificate.agencies.queries import subscribers as agencies
from services.certificate.blueprints import pages
from shared.clock import JAKARTA
from shared.contracts.agencies import FEED_PATH, STREAM, Places, example_of_fact, public_asyncapi, public_facts
from shared.contracts.schemas import envelope_schema
from shared.errors import N_
from shared.settings import settings
from shared.web import (
    Form,
    PageQuery,
    allow,
    current_actor,
    gettext,
    leave_notice,
    leaving_refusals,
    public,
    read_query,
    reading,
    redirect_to,
    render_page,
    unit_of_work,
)

MEANINGS = {
    "certificate_issued": N_("Sertifikat diterbitkan."),
    "certificate_renewed": N_("Sertifikat diterbitkan sebagai kelanjutan sertifikat yang disebut dalam renews."),
    "certificate_suspended": N_("Sertifikat ditangguhkan; selama itu tidak boleh digunakan."),
    "certificate_reinstated": N_(
        "Penangguhan berakhir; sertifikat berlaku kembali, dengan keadaan seperti dalam status."
    ),
    "certificate_scope_reduced": N_("Lingkup dikurangi: mulai sekarang hanya unit dalam units yang tercakup."),
    "certificate_reissued": N_("Data diperbaiki; nomor dan tanggal tetap, lembar baru menggantikan yang lama."),
    "certificate_withdrawn": N_("Sertifikat dicabut untuk seterusnya."),
    "certificate_expired": N_("Masa berlaku berakhir."),
}
BROKER_PLACEHOLDER = "amqps://agency-contoh:…@broker.contoh.test:5671/kompeten"


class ReplayForm(BaseModel):
    """From where events are told again: after a position, or from a day on (Jakarta)."""

    after: int | None = Field(None, ge=0, le=2**53)
    since: date | None = Field(None, ge=date(1970, 1, 2), le=date(2999, 12, 31))

    def asked(self) -> commands.Replay:
        """What the command is given: the day typed becomes its first moment in Jakarta (UTC+7)."""
        moment = datetime.combine(self.since, time(), JAKARTA) if self.since else None
        return commands.Replay(after=self.after, since=moment)


@pages.get("/events")
@public
def show_events() -> Response:
    """How another agency subscribes, and everything it may hear."""
    config = settings()
    kinds = [
        {
            "type": fact.type,
            "meaning": gettext(MEANINGS[fact.type.split(".")[3]]),
            "superseded": newer.type if (newer := fact.superseded_by()) else "",
            "until": newer.promised_until if newer else None,
            "example": example_of_fact(fact),
        }
        for fact in public_facts()
    ]
    return render_page(
        "certificate/events.html",
        kinds=kinds,
        stream=STREAM,
        has_broker=bool(config.broker_public_url),
        broker=config.broker_public_url or BROKER_PLACEHOLDER,
        feed=config.public_url + FEED_PATH,
        rate=FEED_RATE.partition("/")[0],
        config=config,
    )


@pages.get("/events/asyncapi.json")
@public
def show_events_document() -> Response:
    """The AsyncAPI 3 document, with the addresses of this system."""
    config = settings()
    return jsonify(public_asyncapi(Places(config.broker_public_url, config.public_url)))


@pages.get("/events/schemas/<string:name>.json")
@public
def show_event_schema(name: str) -> Response:
    """The JSON Schema of one type."""
    fact = next((fact for fact in public_facts() if fact.type == name), None)
    if fact is None:
        abort(404)
    schema: dict[str, Any] = envelope_schema(fact)
    return jsonify({**schema, "$id": f"{settings().public_url}/certificate/events/schemas/{name}.json"})


@pages.get("/agencies")
@allow(AGENCY_READERS)
def show_agencies() -> Response:
    """The agencies that subscribe, and those that did."""
    query = read_query(PageQuery)
    with reading() as session:
        found = agencies.list_agencies(session, query)
        last = feed.find_last_position(session)
    return render_page("certificate/agencies.html", found=found, query=query, last=last)


@pages.route("/agencies/<uuid:id>", methods=["GET"])
@allow(AGENCY_READERS)
def show_agency(id: UUID) -> Response:
    """One agency, its webhook, and the log of what was sent there."""
    return _agency(id, Form(ReplayForm))


@pages.post("/agencies/<uuid:id>/replay")
@allow(AGENCY_KEEPERS)
def submit_replay(id: UUID) -> Response | BaseResponse:
    """Tell the agency's webhook again, from the place that was filled in."""
    form = Form(ReplayForm)
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.replay_events(session, current_actor(), id, form.value.asked())
            leave_notice(N_("Peristiwa dikirim ulang dari tempat yang diminta."))
            return redirect_to("pages.show_agency", id=id)
    return _agency(id, form)


@pages.post("/agencies/<uuid:id>/enable")
@allow(AGENCY_KEEPERS)
def submit_webhook_enabling(id: UUID) -> BaseResponse:
    """Try the agency's webhook again after it was switched off."""
    with leaving_refusals():
        with unit_of_work() as session:
            commands.enable_webhook(session, current_actor(), id)
        leave_notice(N_("Webhook diaktifkan; pengiriman diteruskan dari tempat terakhir."))
    return redirect_to("pages.show_agency", id=id)


def _agency(id: UUID, form: Form[ReplayForm]) -> Response:
    query = read_query(PageQuery)
    with reading() as session:
        found = agencies.view_agency(session, id)
        log = agencies.list_deliveries(session, id, query)
    return render_page(
        "certificate/agency.html", form=form, found=found, log=log, administers=current_actor().has(*AGENCY_KEEPERS)
    )
