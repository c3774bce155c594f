"""What is written down of a failure fits a table and holds nobody's data."""

from sqlalchemy.exc import IntegrityError

from shared.messaging.failures import LONGEST, describe_failure


def test_the_kind_and_the_words_are_kept() -> None:
    assert describe_failure(ValueError("no such day")) == "ValueError: no such day"


def test_of_a_statement_only_the_databases_first_line_is_kept() -> None:
    original = Exception("duplicate key\nDETAIL: Key (name)=(Siti Contoh) already exists.")
    failure = IntegrityError("INSERT INTO people VALUES (?)", ("Siti Contoh",), original)
    assert describe_failure(failure) == "IntegrityError: duplicate key"


def test_what_no_table_can_keep_is_replaced_and_the_rest_stays() -> None:
    assert describe_failure(ValueError("a\x00b\ud800c")) == "ValueError: a\\0b?c"


def test_a_description_has_an_end() -> None:
    described = describe_failure(ValueError("x" * 5000))
    assert len(described) == LONGEST
    assert described.startswith("ValueError: x")
