"""Flat fields into nested data."""

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from shared.web import PageQuery, authentication, idempotency, like_pattern
from shared.web.forms import fields_to_tree
from shared.web.uploads import safe_file_name
from tests.unit.web.tiny import WriteNote

KEYS = st.one_of(
    st.sampled_from(
        ["work.0.employer", "work-1-since", "work", "topics", "topics.0", "title.0", "work.0", "csrf_token"]
    ),
    st.text(alphabet="work.-0123456789title", max_size=12),
)


def test_rows_become_lists_in_their_order() -> None:
    fields = MultiDict([("work.2.employer", "B"), ("work-0-employer", "A"), ("work.0.since", "2020-01-01")])
    assert fields_to_tree(fields, WriteNote) == {"work": [{"employer": "A", "since": "2020-01-01"}, {"employer": "B"}]}


def test_empty_fields_are_not_given_and_empty_rows_left_out() -> None:
    fields = MultiDict([("title", " "), ("work.0.employer", ""), ("work.1.employer", "B")])
    assert fields_to_tree(fields, WriteNote) == {"work": [{"employer": "B"}]}


def test_ticked_choices_are_gathered() -> None:
    fields = MultiDict([("topics", "a"), ("topics", "b"), ("title", "x"), ("title", "y")])
    assert fields_to_tree(fields, WriteNote) == {"topics": ["a", "b"], "title": "y"}


def test_the_form_s_own_fields_are_none_of_the_model() -> None:
    """They stand in every form; a model that takes no other fields refused each form as having an unknown one."""
    own = [(name, "x") for name in (authentication.FIELD, idempotency.FIELD, "_add", "_remove")]
    assert fields_to_tree(MultiDict([*own, ("title", "y")]), WriteNote) == {"title": "y"}


def test_line_ends_are_those_of_text() -> None:
    assert fields_to_tree(MultiDict([("title", "a\r\nb\r\n")]), WriteNote) == {"title": "a\nb"}


@given(st.lists(st.tuples(KEYS, st.text(max_size=8)), max_size=12), st.booleans())
def test_no_names_at_all_break_the_reader(pairs: list[tuple[str, str]], keep: bool) -> None:
    tree = fields_to_tree(MultiDict(pairs), WriteNote, keep_empty_rows=keep)
    assert "csrf_token" not in tree


@given(st.text(max_size=300))
def test_any_name_becomes_a_safe_one(name: str) -> None:
    safe = safe_file_name(name, "pdf")
    assert safe.endswith(".pdf")
    assert len(safe) <= 124
    assert not set(safe) & set('/\\"\r\n\x00;:')
    assert not safe.startswith(".")


@given(st.text(max_size=20))
def test_search_words_are_taken_literally(words: str) -> None:
    pattern = like_pattern(words)
    assert pattern.startswith("%")
    assert pattern[1:-1].replace("\\%", "%").replace("\\_", "_").replace("\\\\", "\\") == words


def test_a_page_query_has_bounds() -> None:
    assert PageQuery().size == 20
