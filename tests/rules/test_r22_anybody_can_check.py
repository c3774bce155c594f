"""R22 (7.1): anybody can check a certificate's status, and learns the minimum."""

from typing import Any

import pytest

from kompeten.demo.client import Refused
from tests.rules.playing import Candidate, Played

Held = tuple[Candidate, dict[str, Any]]


def code_of(holder: Held) -> str:
    token = holder[1]["check_url"].rsplit("/", 1)[1]
    return f"{token[:5]}-{token[5:10]}"


def test_nobody_needs_an_account_at_any_door(played: Played, holder: Held) -> None:
    """By the token, by number and code as people type them, by the address pasted, on the page."""
    nobody, number = played.cast.nobody, holder[1]["number"]
    token = holder[1]["check_url"].rsplit("/", 1)[1]
    typed = {"number": f"No. {number.replace(' ', '')}", "code": code_of(holder).upper().replace("-", "\u2013")}
    answers = [
        nobody.get(f"/certificate/api/check/{token}"),
        nobody.post("/certificate/api/check/number", typed),
        nobody.post("/certificate/api/check/text", {"text": holder[1]["check_url"]}),
    ]
    assert [answer["standing"] for answer in answers] == ["valid"] * 3
    page = played.body.services["certificate"].app.test_client().get(f"/certificate/check/{token}")
    assert page.status_code == 200
    assert number in page.text


def test_what_is_incomplete_is_never_called_false(played: Played, holder: Held) -> None:
    """A number cut short, a code cut short: what has not the form is not judged."""
    for number, code in ((holder[1]["number"][:-3], code_of(holder)), (holder[1]["number"], code_of(holder)[:-3])):
        with pytest.raises(Refused) as caught:
            played.cast.nobody.post("/certificate/api/check/number", {"number": number, "code": code})
        assert caught.value.status == 422
        assert caught.value.code != "certificate-wrong-pair"


def test_neither_number_nor_code_alone_nor_a_name_lists_anything(played: Played, holder: Held) -> None:
    nobody, number = played.cast.nobody, holder[1]["number"]
    for body in ({"number": number, "code": "aaaaa-aaaaa"}, {"number": number, "code": holder[0].person.name}):
        with pytest.raises(Refused) as caught:
            nobody.post("/certificate/api/check/number", body)
        assert holder[0].person.name not in str(caught.value.problem)
    for path in ("/certificate/api/certificates", "/certificate/api/certificates.csv", "/certificate/api/feed"):
        with pytest.raises(Refused) as caught:
            nobody.get(path, q=holder[0].person.name)
        assert caught.value.status in (401, 403)


def test_the_answer_holds_no_more_than_the_minimum(played: Played, holder: Held) -> None:
    token = holder[1]["check_url"].rsplit("/", 1)[1]
    page = played.body.services["certificate"].app.test_client().get(f"/certificate/check/{token}").text
    answer = str(played.cast.nobody.get(f"/certificate/api/check/{token}"))
    person = holder[0].person
    for hidden in (person.nik, person.email, person.birth_date.isoformat(), holder[0].application):
        assert hidden not in page
        assert hidden not in answer
