"""Who has one database cannot cut its chain off, nor write it anew: others know its heads."""

from datetime import timedelta
from pathlib import Path

import pytest

from shared.chain.chaining import CHAIN_SECONDS, chain_log
from shared.chain.verifying import Finding, Walk
from shared.chain.verifying_copies import verify_copies
from shared.contracts import Envelope
from shared.contracts.logs import LOG_FACTS
from shared.database.unit import Database
from shared.messaging.models import OutboxRow
from shared.security import service_keys
from tests.unit.chain.scene import act, chain, own, places, tell, verify


def compare(database: Database, keeper: Database) -> list[Finding]:
    with database.reading() as session, keeper.reading() as kept:
        return list(verify_copies(session, kept, database.service, keeper.service, Walk()))


def test_a_chain_that_goes_on_fits_the_copies_of_its_heads(database: Database, keeper: Database) -> None:
    act(database)
    chain(database)
    tell(database, keeper)
    act(database)
    chain(database)
    tell(database, keeper)
    assert compare(database, keeper) == []


def test_a_log_that_was_cut_off_with_its_chain_is_named(database: Database, keeper: Database) -> None:
    """So is an older database in its place: the blocks that were told of are not there."""
    act(database)
    chain(database)
    act(database)
    number = chain(database)
    tell(database, keeper)
    own(database, "DELETE FROM audit_log WHERE position > 1", "DELETE FROM access_log WHERE position > 1")
    own(database, "DELETE FROM chain_block WHERE number > 2")
    assert verify(database) == []
    assert places(compare(database, keeper)) == [("cut off", f"block/{number}")]


def test_a_chain_that_was_written_anew_by_the_service_itself_is_named(database: Database, keeper: Database) -> None:
    act(database)
    number = chain(database)
    tell(database, keeper)
    own(database, "UPDATE audit_log SET actor_name = 'ORANG LAIN'", "DELETE FROM chain_block")
    assert chain(database) == number
    assert verify(database) == []
    assert places(compare(database, keeper)) == [("rewritten", f"block/{number}")]


def test_a_head_is_told_once_and_not_each_time_a_block_is_closed(database: Database, keeper: Database) -> None:
    act(database)
    chain(database)
    tell(database, keeper)
    tell(database, keeper)
    act(database)
    chain(database)
    tell(database, keeper)
    with database.reading() as session:
        assert session.query(OutboxRow).count() == 1


def test_a_moment_to_come_does_not_keep_a_head_from_being_told(database: Database, keeper: Database) -> None:
    """This failure mode means: who writes into the state when a head was told last has nothing told ever after."""
    act(database)
    chain(database)
    tell(database, keeper)
    own(database, "UPDATE chain_state SET told_at = '2999-01-01 00:00:00'")
    act(database)
    number = chain(database)
    tell(database, keeper)
    own(database, f"DELETE FROM chain_block WHERE number > {number - 1}")
    assert places(compare(database, keeper)) == [("cut off", f"block/{number}")]


def test_a_chain_that_goes_on_and_is_told_to_nobody_is_named(database: Database, keeper: Database) -> None:
    """It could be cut and written anew as far as nobody knows of it."""
    act(database)
    told = chain(database)
    tell(database, keeper)
    for hours in (1, 2):
        act(database)
        chain(database, timedelta(hours=hours))
        untold = [("untold", f"block/{told + 1}")] if hours > 1 else []
        assert places(compare(database, keeper)) == untold
    tell(database, keeper, timedelta(hours=3))
    assert compare(database, keeper) == []


def test_what_is_told_of_a_log_holds_no_personal_data(database: Database, keeper: Database) -> None:
    act(database)
    chain(database)
    tell(database, keeper)
    with database.reading() as session:
        envelope = Envelope.model_validate_json(session.query(OutboxRow).one().envelope)
    assert set(envelope.data) == {"number", "head", "closed_at", "key_id", "signature"}


def test_every_service_tells_its_log_to_another() -> None:
    from kompeten.services import NAMES, find_service
    from shared.chain.heads import KEEPERS

    assert set(LOG_FACTS) == set(NAMES)
    for name, kind in LOG_FACTS.items():
        keepers = [keeper for keeper in KEEPERS if keeper != name]
        assert keepers
        assert find_service(name).tells
        for keeper in keepers:
            reactions = find_service(keeper).reactions
            assert reactions is not None
            assert kind.type in reactions.types


def test_a_chain_outlives_the_key_it_began_with(database: Database, service_keys_of_test: Path) -> None:
    act(database)
    chain(database)
    service_keys.roll_service_keys(service_keys_of_test, "certificate")
    act(database)
    chain(database)
    assert verify(database) == []
    service_keys.retire_service_keys(service_keys_of_test, "certificate")
    assert verify(database) == []


def test_a_chain_whose_last_key_nobody_has_is_named(database: Database, service_keys_of_test: Path) -> None:
    act(database)
    chain(database)
    service_keys.roll_service_keys(service_keys_of_test, "certificate")
    service_keys.retire_service_keys(service_keys_of_test, "certificate")
    assert [place for place, _ in places(verify(database))] == ["unsigned"]


def test_the_timer_chains_what_is_there(database: Database) -> None:
    act(database, 3)
    chain_log(database)
    assert CHAIN_SECONDS <= 60
    with database.reading() as session:
        from shared.chain.verifying import count_waiting_rows

        assert count_waiting_rows(session, 10) == 0


@pytest.fixture
def service_keys_of_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keys that this test may roll."""
    from shared.settings import settings

    folder = tmp_path / "service-keys"
    service_keys.create_service_keys(folder)
    monkeypatch.setenv("KOMPETEN_SERVICE_KEY_FILE", f"{folder}/{{service}}.key")
    monkeypatch.setenv("KOMPETEN_SERVICE_PUBLIC_KEYS_DIR", str(folder / service_keys.PUBLIC_FOLDER))
    settings.cache_clear()
    return folder
