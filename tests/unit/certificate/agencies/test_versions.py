"""A breaking change is a new type, published beside the old one for a time (decision 43)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from services.certificate.agencies.commands.public_events import number_public_events
from services.certificate.agencies.models import Agency
from services.certificate.agencies.queries import feed
from shared.contracts.envelope import Envelope, Fact
from shared.contracts.public import CertificateIssued, PublicCertificate
from shared.contracts.schemas import envelope_schema
from shared.database.unit import Database
from shared.messaging.models import OutboxRow
from shared.messaging.outbox import announce
from tests.unit.certificate.agencies.scene import LAST_DAY, second_version, titled


@pytest.fixture
def second() -> Iterator[type[Fact]]:
    with second_version() as kind:
        yield kind


def told(database: Database, fact: Fact) -> list[Envelope]:
    with database.unit_of_work() as session:
        about = Agency(name="contoh")
        session.add(about)
        session.flush()
        announce(session, about, fact)
    with database.reading() as session:
        rows = session.scalars(select(OutboxRow).order_by(OutboxRow.sequence))
        return [Envelope.model_validate_json(row.envelope) for row in rows]


def test_both_versions_are_told_while_the_first_is_promised(database: Database, second: type[Fact]) -> None:
    newer, older = told(database, titled(second))
    assert (newer.type, older.type) == (second.type, CertificateIssued.type)
    assert newer.data["units"] == [{"code": "R.91PRP02.021.1", "title": "Membuat Tajuk Kendali Subjek"}]
    assert older.data["units"] == ["R.91PRP02.021.1"]
    assert newer.id != older.id
    assert (newer.sequence, older.sequence) == (1, 2)


def test_a_reader_of_the_first_version_reads_on(database: Database, second: type[Fact]) -> None:
    older = told(database, titled(second))[1]
    assert older.opened(CertificateIssued).fact.units == ["R.91PRP02.021.1"]


def test_both_are_in_the_feed_and_one_can_be_asked_for(database: Database, second: type[Fact]) -> None:
    told(database, titled(second))
    with database.unit_of_work() as session:
        assert number_public_events(session) == 2
        both = feed.list_public_events(session, 0, 10).events
        first = feed.list_public_events(session, 0, 10, [CertificateIssued.type]).events
    assert [event.type for event in both] == [second.type, CertificateIssued.type]
    assert [event.position for event in first] == [2]


def test_after_the_last_day_only_the_new_one_is_told(second: type[Fact]) -> None:
    fact = titled(second)
    assert [type(wording) for wording in fact.wordings(LAST_DAY)] == [second, CertificateIssued]
    assert [type(wording) for wording in fact.wordings(LAST_DAY + timedelta(days=1))] == [second]


def test_the_schema_of_the_first_version_says_what_takes_its_place(second: type[Fact]) -> None:
    schema = envelope_schema(CertificateIssued)
    assert schema["deprecated"] is True
    assert second.type in schema["description"]
    assert LAST_DAY.isoformat() in schema["description"]
    assert "deprecated" not in envelope_schema(second)


def test_a_version_without_a_last_day_is_refused() -> None:
    with pytest.raises(TypeError, match="until"):

        class Endless(
            PublicCertificate, service="public", fact="certificate_endless", v=2, supersedes=CertificateIssued
        ):
            """Never."""
