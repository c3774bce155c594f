"""While the store ails an upload is refused at once with the time to come back, and nothing of it is written."""

from pathlib import Path

import pytest

from shared.objectstore import object_store
from shared.settings import settings
from tests.servers.ailing_store import Behaviour, ailing_server, hang, say_ill
from tests.unit.registration.api.walk import API, PDF, Person, bearer

pytestmark = pytest.mark.usefixtures("_period")


@pytest.mark.parametrize("behaviour", [hang, say_ill])
def test_an_upload_is_answered_with_503_and_nothing_is_half_written(
    sari: Person, data_dir: Path, behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This failure mode means 503 after a minute, while the person waits and the server's places fill up."""
    (data_dir / "key").write_text("contoh-kunci")
    application = sari.draft(())
    document = sari.upload(application, "diploma")
    with ailing_server(behaviour) as server:
        monkeypatch.setenv("KOMPETEN_OBJECT_STORE_URL", f"s3+http://{server.endpoint}/kompeten")
        monkeypatch.setenv("KOMPETEN_OBJECT_STORE_SILENT_SECONDS", "0.1")
        for name in ("ACCESS", "SECRET"):
            monkeypatch.setenv(f"KOMPETEN_OBJECT_STORE_{name}_KEY_FILE", str(data_dir / "key"))
        settings.cache_clear()
        object_store.cache_clear()
        for _ in range(5):
            refused = sari.upload(application, "diploma", PDF + b"2", 503)
            assert refused["code"] == "store-away"
        asked = server.requests
        answer = sari.ask("GET", f"/documents/{document['id']}", 503)
        assert 1 <= int(answer.headers["Retry-After"]) <= 5
        assert server.requests == asked
    assert len(sari.get(f"/applications/{application}")["documents"]) == 1
    page = sari.client.get(f"{API}/applications/{application}", headers=bearer(sari.actor))
    assert page.status_code == 200
