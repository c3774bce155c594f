"""What the decision stage hears of, once, twice, late and out of order (process 2.8)."""

import json
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select, text

from services.decision.domain.workflow import CaseState
from services.decision.models import AccountCopy, ApplicationCopy, DecisionCase, Recommendation, SubmittedFile
from services.decision.reactions import reactions
from shared import clock
from shared.contracts.registration import AccountChanged, ApplicationWithdrawn
from shared.database.unit import Database
from shared.messaging.inbox import retry_waiting
from shared.messaging.models import InboxRow, InboxState
from tests.unit.decision.files import content_of_record, describe_file, hash_text, submitted
from tests.unit.decision.scene import BK, CANDIDATE, CHAIR, UNITS, K, Scene, filed, hear, opened, recommended


def withdrawn(application_id: object) -> ApplicationWithdrawn:
    return ApplicationWithdrawn.model_validate(
        {**filed(uuid4(), CANDIDATE).model_dump(), "application_id": application_id, "reason": "Pindah (contoh)"}
    )


def changed(**changes: object) -> AccountChanged:
    return AccountChanged.model_validate({**opened(CHAIR).model_dump(), **changes})


def account(database: Database) -> AccountCopy:
    with database.reading() as session:
        return session.get_one(AccountCopy, CHAIR.id)


def test_a_recommendation_opens_a_case_that_waits_for_a_meeting(body: Scene) -> None:
    case_id = body.case({UNITS[0]: K})
    with body.database.reading() as session:
        case = session.get_one(DecisionCase, case_id)
    assert (case.state, case.attempt, case.standing) == (CaseState.AWAITING_MEETING, 0, {})


def test_accounts_are_kept_up_to_date_and_older_news_is_ignored(body: Scene, database: Database) -> None:
    hear(database, changed(name="Nama Baru (contoh)"), sequence=5)
    hear(database, changed(name="Nama Lama (contoh)", active=False), sequence=3)
    known = account(database)
    assert (known.name, known.active, known.sequence) == ("Nama Baru (contoh)", True, 5)


def test_a_change_that_comes_before_the_account_is_kept(database: Database) -> None:
    hear(database, changed(name="Nama Baru (contoh)"), sequence=2)
    hear(database, opened(CHAIR), sequence=1)
    assert account(database).name == "Nama Baru (contoh)"


def test_the_first_filing_counts_whatever_order_the_rounds_come_in(database: Database) -> None:
    application_id = uuid4()
    first, later = clock.now() - timedelta(days=9), clock.now()
    hear(database, filed(application_id, CANDIDATE, later), sequence=3)
    hear(database, filed(application_id, CANDIDATE, first), sequence=1)
    with database.reading() as session:
        assert session.get_one(ApplicationCopy, application_id).filed_at == first


def test_a_recommendation_told_twice_makes_one_case(body: Scene) -> None:
    case_id = body.case()
    hear(body.database, recommended(case_id, {UNITS[0]: BK}))
    with body.database.reading() as session:
        rows = session.scalars(select(Recommendation).where(Recommendation.case_id == case_id)).all()
    assert [row.units for row in rows] == [dict.fromkeys(UNITS, "K")]


def test_a_reassessment_ahead_of_its_first_assessment_waits_and_is_no_failure(body: Scene) -> None:
    application_id = uuid4()
    assert hear(body.database, recommended(application_id, {UNITS[0]: K}, attempt=1)) == 0
    with body.database.reading() as session:
        (row,) = session.scalars(select(InboxRow).where(InboxRow.state == InboxState.WAITING))
        assert row.tries == 0
        assert (row.error or "").startswith("NotYet")


def test_a_reassessment_ahead_of_its_order_is_taken_once_the_order_stands(body: Scene) -> None:
    body.appoint()
    case_id = body.decided({UNITS[0]: BK})
    appeal_id = body.appeal(case_id, [UNITS[0]])
    assert hear(body.database, recommended(case_id, {UNITS[0]: K}, attempt=1)) == 0
    body.heard(appeal_id, upheld=True)
    with body.database.unit_of_work() as session:
        row = session.scalars(select(InboxRow).where(InboxRow.state == InboxState.WAITING)).one()
        row.next_try_at = clock.real_now()
    retry_waiting(body.database, reactions)
    assert body.state(case_id) is CaseState.AWAITING_MEETING


def test_a_withdrawn_application_is_not_decided(scene: Scene) -> None:
    case_id = scene.case()
    meeting_id = scene.discussed(case_id)
    hear(scene.database, withdrawn(case_id), sequence=9)
    assert scene.state(case_id) is CaseState.CLOSED
    with scene.database.reading() as session:
        assert session.get_one(DecisionCase, case_id).closed_reason == "Permohonan ditarik oleh pemohon."
    assert meeting_id


def test_a_withdrawal_ahead_of_the_recommendation_closes_the_case_at_once(body: Scene) -> None:
    application_id = uuid4()
    hear(body.database, withdrawn(application_id), sequence=4)
    hear(body.database, recommended(application_id, {UNITS[0]: K}))
    assert body.state(application_id) is CaseState.CLOSED


def test_a_withdrawal_after_the_decision_changes_nothing(scene: Scene) -> None:
    case_id = scene.decided({UNITS[0]: K})
    hear(scene.database, withdrawn(case_id), sequence=9)
    assert scene.state(case_id) is CaseState.DECIDED_K


def test_many_recommendations_arrive_in_one_batch(body: Scene) -> None:
    ids = [uuid4() for _ in range(40)]
    assert hear(body.database, *[recommended(one, {UNITS[0]: K}) for one in ids]) == 40
    with body.database.reading() as session:
        assert {row.id for row in session.scalars(select(DecisionCase))} == set(ids)


def test_a_file_is_kept_with_its_content_and_encrypted(body: Scene, database: Database) -> None:
    """R12: what the officers decide on is the content as submitted, not its hash alone."""
    application = uuid4()
    fact = submitted(application)
    assert hear(database, fact) == 1
    with database.reading() as session:
        kept = session.get_one(SubmittedFile, fact.file_hash)
        assert json.loads(kept.content)["form"]["personal"]["name"] == "ASESI (CONTOH)"
        assert hash_text(kept.content) == fact.file_hash
        assert kept.nik_shown == "3175********0001"
        raw = session.execute(text("SELECT content, nik_shown FROM submitted_files")).one()
    assert "ASESI" not in raw[0]
    assert "3175" not in raw[1]


def test_a_later_file_is_another_row_and_the_first_stays(body: Scene, database: Database) -> None:
    application = uuid4()
    first = submitted(application)
    second = submitted(application, describe_file(application, signature="Asesi lagi (contoh)"))
    hear(database, first, second, first)
    with database.reading() as session:
        assert {row.file_hash for row in session.scalars(select(SubmittedFile))} == {first.file_hash, second.file_hash}


def test_content_that_has_not_its_hash_is_not_taken(body: Scene, database: Database) -> None:
    application = uuid4()
    hear(database, submitted(application, file_hash="f" * 64))
    hear(database, recommended(application, {UNITS[0]: K}, **{**content_of_record("a" * 64), "record_hash": "b" * 64}))
    with database.reading() as session:
        assert session.scalars(select(SubmittedFile)).all() == []
        assert session.get(DecisionCase, application) is None


def test_facts_of_before_have_no_content_and_are_taken_all_the_same(body: Scene, database: Database) -> None:
    application = uuid4()
    assert hear(database, submitted(application, file="", nik_shown="")) == 1
    assert hear(database, recommended(application, {UNITS[0]: K})) == 1
    with database.reading() as session:
        assert session.scalars(select(SubmittedFile)).all() == []
        assert session.scalars(select(Recommendation)).one().record is None


def test_what_was_recorded_is_kept_with_the_recommendation(body: Scene, database: Database) -> None:
    application = uuid4()
    told = content_of_record("a" * 64)
    hear(database, recommended(application, {UNITS[0]: K}, **told))
    with database.reading() as session:
        kept = session.scalars(select(Recommendation)).one()
        assert kept.record is not None
        assert hash_text(kept.record) == told["record_hash"]
