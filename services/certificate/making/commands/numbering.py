"""A certificate gets its numbers, its token and everything that will stand on it, at once and for good (R14)."""

import secrets
from base64 import b32encode
from datetime import date
from functools import lru_cache
from uuid import uuid4

from babel.dates import format_date
from sqlalchemy.orm import Session

from services.certificate.body_settings import certification_body
from services.certificate.commands.counting import take_serial
from services.certificate.domain.printed import Printed
from services.certificate.domain.states import OrderState, State
from services.certificate.domain.validity import YEAR_WORDS, YEAR_WORDS_EN, compute_last_day
from services.certificate.domain.versions import Cause, VersionState, derive_check_code
from services.certificate.making import domain as numbers
from services.certificate.making.commands.status_places import take_status_place
from services.certificate.models import Certificate, Order, Version
from shared import clock
from shared.schemes import shipped_schemes
from shared.settings import settings

TOKEN_BYTES = 16


def number_certificate(session: Session, order: Order) -> Certificate:
    """Number the certificate of a cleared order, its first version with it. Raises NotFound for an unknown scheme."""
    scheme, issuer, today = (
        shipped_schemes().get(order.scheme_id, order.scheme_version),
        certification_body(),
        clock.today(),
    )
    units = [unit.code for unit in scheme.units if unit.code in order.judgements]
    serial = take_serial(session, numbers.name_certificate_counter())
    in_year = take_serial(session, numbers.name_registration_counter(today.year))
    certificate = Certificate(
        id=uuid4(),
        application_id=order.id,
        holder_id=order.holder_id,
        holder_name=order.holder_name,
        serial=serial,
        number=numbers.compose_certificate_number(scheme.kbli, scheme.kbji, scheme.kkni_level, serial, today.year),
        registration_number=numbers.compose_registration_number(
            issuer.sector_code, issuer.licence_serial, in_year, today.year
        ),
        scheme_id=scheme.id,
        scheme_version=scheme.version,
        scheme_title=scheme.title.id,
        units=units,
        issuer=issuer.name.id,
        issued_on=today,
        expires_on=compute_last_day(today, scheme.validity_years),
        renews=order.renews,
        current_version=1,
        state=State.NUMBERED,
        numbered_at=clock.now(),
        changes=[],
        versions=[],
    )
    order.state = OrderState.FULFILLED
    draw_version(session, certificate, order, Cause.FIRST, order.holder_name, units)
    session.add(certificate)
    return certificate


def draw_version(
    session: Session, certificate: Certificate, order: Order, cause: Cause, holder_name: str, units: list[str]
) -> Version:
    """The next version of `certificate`, with a token of its own and all that will stand on its sheet."""
    token = draw_check_token()
    version = Version(
        id=uuid4(),
        certificate_id=certificate.id,
        version=len(certificate.versions) + 1,
        cause=cause,
        state=VersionState.MAKING,
        holder_name=holder_name,
        units=units,
        check_token=token,
        check_url=f"{settings().public_url.rstrip('/')}/certificate/check/{token}",
        template=certification_body().template,
        photo_key=order.photo_key or "",
        status_index=take_status_place(session),
        made_at=clock.now(),
    )
    version.printed = _sheet(certificate, version, order)
    certificate.versions.append(version)
    return version


def draw_check_token() -> str:
    """128 bits as 26 small letters and digits: nobody guesses it, no mail program cuts it off."""
    return b32encode(secrets.token_bytes(TOKEN_BYTES)).decode().rstrip("=").lower()


def _sheet(certificate: Certificate, version: Version, order: Order) -> Printed:
    """All that the layout prints (domain handbook 5); values are texts, in Indonesian and English where both stand."""
    scheme, issuer = shipped_schemes().get(certificate.scheme_id, certificate.scheme_version), certification_body()
    years = scheme.validity_years
    role = issuer.acting_chair if order.acting_for_chair else issuer.chair
    return Printed(
        number=certificate.number,
        registration_number=certificate.registration_number,
        name=version.holder_name,
        field=(scheme.field.id, scheme.field.en),
        scheme=(scheme.title.id, scheme.title.en),
        standard=scheme.standard.reference,
        validity=(f"{years} ({YEAR_WORDS[years]}) Tahun", f"{years} ({YEAR_WORDS_EN[years]}) Years"),
        effective=(write_day(certificate.issued_on, "id"), write_day(certificate.issued_on, "en")),
        expires=(write_day(certificate.expires_on, "id"), write_day(certificate.expires_on, "en")),
        place_and_date=f"{issuer.place}, {write_day(certificate.issued_on, 'id')}",
        on_behalf=(issuer.on_behalf.id, issuer.on_behalf.en),
        issuer=issuer.name.id,
        signatory=order.decided_by_name,
        role=(role.id, role.en),
        decree=order.decree_number,
        units=tuple((unit.code, unit.title.id, unit.title.en) for unit in scheme.units if unit.code in version.units),
        check_url=version.check_url,
        check_code=derive_check_code(version.check_token),
        version=version.version,
        version_date=write_day(clock.today(), "id"),
        sample=issuer.sample,
    )


@lru_cache(maxsize=64)
def write_day(day: date, language: str) -> str:
    """`21 November 2029`. All of a batch have the same few days, and finding the words takes time."""
    return format_date(day, "d MMMM y", locale=language)
