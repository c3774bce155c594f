"""JSON columns whose content is a pydantic model."""

import pytest
from pydantic import BaseModel, ValidationError
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from shared.database.types import json_of


class Claim(BaseModel, frozen=True):
    element: str
    evidence: list[str] = []


class Base(DeclarativeBase):
    pass


class Sheet(Base):
    __tablename__ = "sheets"

    id: Mapped[int] = mapped_column(primary_key=True)
    claims: Mapped[list[Claim]] = mapped_column(json_of(list[Claim]))
    first: Mapped[Claim | None] = mapped_column(json_of(Claim))


@pytest.fixture
def session() -> Session:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    return Session(engine)


def test_a_column_gives_back_the_models_that_were_put_in(session: Session) -> None:
    with session:
        session.add(Sheet(id=1, claims=[Claim(element="1", evidence=["a"])], first=None))
        session.commit()
        session.expire_all()
        sheet = session.scalars(select(Sheet)).one()
        assert sheet.claims == [Claim(element="1", evidence=["a"])]
        assert sheet.first is None
        assert session.scalar(text("SELECT claims FROM sheets")) == '[{"element": "1", "evidence": ["a"]}]'


def test_a_row_that_does_not_fit_is_an_error_and_no_surprise_later(session: Session) -> None:
    with session:
        session.execute(text("INSERT INTO sheets (id, claims) VALUES (1, '[{}]')"))
        with pytest.raises(ValidationError):
            session.scalars(select(Sheet)).one()
