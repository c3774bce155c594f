"""Drafts ready to be filed: complete, with documents, in an open period; their ids count up."""

from datetime import timedelta
from uuid import UUID

from kompeten.demo import samples
from services.registration.domain.application import DocumentKind, name_requirements_version
from services.registration.domain.form import Form
from services.registration.models import Application, Document, Period, PeriodQuota
from shared import clock
from shared.database.unit import Database
from shared.schemes import shipped_schemes
from shared.security.actor import Actor
from shared.security.roles import Role

SCHEME = "layanan-dasar"
FIRST = 100_000_000_000
NAME = "SITI CONTOH"


def number_application(number: int) -> UUID:
    return UUID(f"00000000-0000-4000-8000-{number}")


def name_applicant(number: int) -> Actor:
    return Actor(UUID(f"00000000-0000-4000-9000-{number}"), NAME, f"{number}@contoh.test", frozenset({Role.APPLICANT}))


def prepare_drafts(database: Database, count: int, first: int = FIRST) -> None:
    """Make `count` drafts and the period they can be filed in."""
    scheme = shipped_schemes().get(SCHEME)
    now, today = clock.now(), clock.today()
    person = samples.invent_person("SITI")
    content = samples.fill_form(person, samples.LIBRARY_D2, [])
    with database.unit_of_work() as session:
        period = Period(
            title="Contoh",
            place="TUK Contoh",
            opens_on=today,
            closes_on=today + timedelta(days=30),
            announced_by=UUID(int=0),
            announced_at=now,
        )
        period.quotas = [PeriodQuota(scheme_id=SCHEME, quota=1_000_000)]
        session.add(period)
        for number in range(first, first + count):
            nik = f"317501{41 + number % 28:02d}{1 + number // 28 % 12:02d}90{1 + number // 336 % 9999:04d}"
            form = {**content, "personal": {**content["personal"], "name": NAME, "nik": nik}}
            application = Application(
                id=number_application(number),
                applicant_id=name_applicant(number).id,
                scheme_id=SCHEME,
                scheme_version=scheme.version,
                shown_version=name_requirements_version(scheme),
                shown_at=now,
            )
            application.write_form(Form.model_validate(_matching(form, nik)))
            application.documents = [_document(kind) for kind in ("photo", "diploma", "transcript")]
            session.add(application)


def _matching(form: dict[str, object], nik: str) -> dict[str, object]:
    """The birth date that this NIK says."""
    personal = form["personal"]
    assert isinstance(personal, dict)
    return {**form, "personal": {**personal, "birth_date": f"1990-{nik[8:10]}-{int(nik[6:8]) - 40:02d}"}}


def _document(kind: str) -> Document:
    return Document(
        kind=DocumentKind(kind),
        title=kind,
        file_name=f"{kind}.pdf",
        content_type="application/pdf",
        size=1000,
        sha256="0" * 64,
        key=f"contoh/{kind}",
        uploaded_at=clock.now(),
    )
