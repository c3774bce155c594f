"""Sheets on a real PostgreSQL: each used at most once, whoever takes from the pile at the same moment."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from kompeten.schema import migrate_database
from services.certificate.models import Certificate
from services.certificate.paper import commands as paper
from services.certificate.paper.commands import Receive, Spoil, UseSheets
from services.certificate.paper.domain import SheetState
from services.certificate.paper.models import StockSheet
from services.certificate.paper.queries import stock as queries
from services.certificate.paper.queries.stock import ToPrintQuery
from shared import clock
from shared.database.unit import Database
from shared.errors import Conflict
from tests.servers.fixtures import FreshDatabase
from tests.unit.certificate.paper.scene import KEEPER, certificates, received, used

WRITERS, EACH = 8, 5


@pytest.fixture
def database(postgres_url: FreshDatabase) -> Iterator[Database]:
    database = Database("certificate", postgres_url())
    migrate_database(database)
    yield database
    database.close()


def stocked(database: Database, number: int, last: str) -> list[UUID]:
    with database.unit_of_work() as session:
        received(session, "000001", last)
        return [one.id for one in certificates(session, number)]


def test_many_hands_at_one_pile_never_take_the_same_sheet(database: Database) -> None:
    ids = stocked(database, WRITERS * EACH, "000060")

    def take(writer: int) -> None:
        for certificate_id in ids[writer * EACH : (writer + 1) * EACH]:
            with database.unit_of_work() as session:
                run = paper.use_sheets(session, KEEPER, UseSheets(certificate_ids=[certificate_id]))
            if writer % 2:
                with database.unit_of_work() as session:
                    sheet = session.scalars(select(StockSheet).where(StockSheet.run_id == run)).one()
                    paper.spoil_sheet(session, KEEPER, sheet.id, Spoil(reason="Salah cetak (contoh)."))

    with ThreadPoolExecutor(WRITERS) as hands:
        list(hands.map(take, range(WRITERS)))
    with database.reading() as session:
        stock = queries.view_stock(session)
        used_up = session.scalars(select(StockSheet.number).where(StockSheet.state != SheetState.FREE)).all()
        doubles = Counter(session.scalars(select(StockSheet.version_id).where(StockSheet.state == SheetState.USED)))
    assert (stock.used, stock.spoiled, stock.left) == (20, 20, 20)
    assert sorted(used_up) == list(range(1, 41)), "no sheet of the pile was left out"
    assert set(doubles.values()) == {1}
    assert stock.to_print == 20


def test_one_certificate_chosen_by_everybody_gets_one_sheet(database: Database) -> None:
    ids = stocked(database, 3, "000100")

    def take(_: int) -> bool:
        try:
            with database.unit_of_work() as session:
                paper.use_sheets(session, KEEPER, UseSheets(certificate_ids=ids))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(WRITERS) as hands:
        taken = list(hands.map(take, range(WRITERS)))
    assert taken.count(True) == 1
    with database.reading() as session:
        assert queries.view_stock(session).used == 3


def test_the_last_sheets_go_to_whoever_comes_first_and_nobody_gets_half(database: Database) -> None:
    ids = stocked(database, 8, "000006")

    def take(turn: int) -> int:
        try:
            with database.unit_of_work() as session:
                paper.use_sheets(session, KEEPER, UseSheets(certificate_ids=ids[turn * 4 : turn * 4 + 4]))
        except Conflict:
            return 0
        return 4

    with ThreadPoolExecutor(2) as hands:
        assert sorted(hands.map(take, range(2))) == [0, 4]
    with database.reading() as session:
        assert queries.view_stock(session).left == 2


def test_the_same_letter_typed_twice_at_once_is_received_once(database: Database) -> None:
    def receive(_: int) -> bool:
        given = Receive(letter_number="B.1", received_on=clock.today(), prefix="BNSP", first="0001", last="1000")
        try:
            with database.unit_of_work() as session:
                paper.receive_sheets(session, KEEPER, given)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as hands:
        assert list(hands.map(receive, range(4))).count(True) == 1
    with database.reading() as session:
        assert queries.view_stock(session).received == 1000


def test_the_database_itself_refuses_a_second_sheet_for_a_version(database: Database) -> None:
    ids = stocked(database, 1, "000002")
    with database.unit_of_work() as session:
        used(session, session.get_one(Certificate, ids[0]))
    with database.reading() as session:
        version_id = session.get_one(Certificate, ids[0]).current.id
        free = session.scalars(select(StockSheet).where(StockSheet.state == SheetState.FREE)).one()
        free.state, free.version_id = SheetState.USED, version_id
        with pytest.raises(IntegrityError):
            session.flush()


def test_lists_of_a_large_stock_answer_from_its_indexes(database: Database) -> None:
    stocked(database, 1, "009999")
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(StockSheet)) == 9999
        assert queries.find_next_label(session) == "BNSP 000001"
        assert queries.list_certificates_to_print(session, ToPrintQuery()).total == 1
        assert len(queries.list_meetings_to_print(session)) == 1
