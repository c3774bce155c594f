"""A document whose transaction fails after its bytes were stored is swept; the others of the file stay."""

import os
from datetime import timedelta

import pytest

from services.registration.commands import documents
from services.registration.timers import sweep_orphaned_uploads
from shared.clock import real_now
from shared.database.unit import Database
from shared.objectstore import object_store
from shared.objectstore.folder import FolderStore
from tests.clock import stopped_at
from tests.unit.registration.api.walk import PDF, Person

pytestmark = pytest.mark.usefixtures("_period")


def keys() -> set[str]:
    return set(object_store().keys("documents/"))


def test_a_crash_between_the_store_and_the_commit_leaves_nothing_for_ever(
    sari: Person, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = sari.draft(())
    document = sari.upload(application, "diploma")
    kept = keys()

    def crash(*_: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr(documents, "add_document", crash)
    sari.upload(application, "diploma", PDF + b"2", 500)
    store = object_store()
    assert isinstance(store, FolderStore)
    for key in keys():
        os.utime(store.root / key, times=(real_now().timestamp(),) * 2)  # a file system keeps the kernel's time
    assert len(keys()) == len(kept) + 1
    sweep_orphaned_uploads(database)
    assert len(keys()) == len(kept) + 1
    with stopped_at(real_now() + timedelta(days=1, minutes=1)):
        sweep_orphaned_uploads(database)
    assert keys() == kept
    assert sari.ask("GET", f"/documents/{document['id']}", 200).data == PDF
