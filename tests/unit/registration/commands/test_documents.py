import pytest
from sqlalchemy.orm import Session

from services.registration.commands import documents, filing
from services.registration.domain.application import DocumentKind
from services.registration.models import Application
from shared.errors import Conflict, Invalid, NotFound
from tests.unit.registration.files import SIGNED, actor, add_document, admitted, draft, filed, period, submitted
from tests.unit.registration.people import noted

ME = actor()


def test_a_document_joins_the_file_and_is_noted(session: Session) -> None:
    application = draft(session, ME, ())
    document = add_document(session, ME, application.id, "diploma")
    assert application.kinds == {"diploma"}
    assert document.title == "Ijazah"
    assert "document:add" in [action for action, _, _ in noted(session)]


def test_a_removed_document_leaves_the_file(session: Session) -> None:
    application = draft(session, ME)
    documents.remove_document(session, ME, application.id, application.present[0].id)
    assert application.kinds == {"diploma", "transcript"}
    with pytest.raises(NotFound):
        documents.remove_document(session, ME, application.id, application.documents[0].id)


def test_changed_documents_change_the_version(session: Session) -> None:
    application = draft(session, ME)
    before = application.version
    documents.remove_document(session, ME, application.id, application.present[0].id)
    session.flush()
    assert application.version == before + 1


def test_a_filed_round_keeps_the_documents_removed_later(session: Session) -> None:
    application = filed(session, ME)
    assert len(application.rounds[0].document_ids) == 3


@pytest.mark.parametrize("far", [filed, submitted])
def test_documents_of_a_file_in_other_hands_do_not_change(session: Session, far: object) -> None:
    application: Application = far(session, ME)  # type: ignore[operator]
    with pytest.raises(Conflict):
        add_document(session, ME, application.id)
    with pytest.raises(Conflict):
        documents.remove_document(session, ME, application.id, application.present[0].id)


def test_evidence_may_be_added_while_self_assessing_but_what_was_verified_stays(session: Session) -> None:
    application = admitted(session, ME)
    document = add_document(session, ME, application.id, "other")
    documents.remove_document(session, ME, application.id, document.id)
    with pytest.raises(Conflict) as refused:
        documents.remove_document(session, ME, application.id, application.present[0].id)
    assert refused.value.code == "document-verified"


def test_proof_of_payment_is_refused_where_there_is_no_fee(session: Session) -> None:
    application = draft(session, ME)
    with pytest.raises(Invalid):
        documents.check_may_add_document(session, ME, application.id, DocumentKind.PAYMENT)


def test_a_file_has_room_for_so_many_documents(session: Session) -> None:
    application = draft(session, ME, ())
    for _ in range(documents.MOST):
        add_document(session, ME, application.id, "other")
    with pytest.raises(Conflict):
        add_document(session, ME, application.id, "other")


def test_a_document_removed_before_filing_is_missing(session: Session) -> None:
    period(session)
    application = draft(session, ME)
    photo = next(one for one in application.present if one.kind is DocumentKind.PHOTO)
    documents.remove_document(session, ME, application.id, photo.id)
    session.flush()
    with pytest.raises(Invalid):
        filing.file_application(session, ME, application.id, SIGNED)
