"""Every letter in both languages."""

import re

import pytest

from kompeten.services import NAMES
from services.notification.letters import LETTERS, MAILS_FAILED, Letter
from services.notification.writing import FOLDER, LANGUAGES, write_letter
from services.registration.commands.telling import AccountChange
from services.registration.domain.factors import FactorChange
from shared.contracts import Fact
from shared.contracts.decision import CertificationDecided
from shared.contracts.involvement import INVOLVEMENT_FACTS
from shared.contracts.logs import LOG_FACTS
from shared.contracts.registration import AccountOpened, ApplicationReturned
from shared.contracts.surveillance import SurveillanceReviewed
from shared.contracts.words import Judgement
from tests.unit.notification.samples import sample

LINK = "https://lsp.contoh.test/x"


def written(letter: Letter, language: str) -> tuple[str, str]:
    return write_letter(letter.name, language, {"fact": sample(letter.fact), "name": "Siti Contoh", "link": LINK})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.name)
def test_each_letter_has_a_subject_a_greeting_a_next_step_and_the_link(letter: Letter, language: str) -> None:
    title, text = written(letter, language)
    assert 5 < len(title) < 100
    assert text.startswith("Yth. Siti Contoh," if language == "id" else "Dear Siti Contoh,")
    assert ("Langkah berikutnya:" if language == "id" else "Next step:") in text
    assert LINK in text
    assert "{" not in text
    assert not re.search(r"\n{4,}", text)


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.name)
def test_both_languages_say_different_words(letter: Letter) -> None:
    assert written(letter, "id")[0] != written(letter, "en")[0]


@pytest.mark.parametrize(("roles", "says"), [(["applicant"], False), (["applicant", "assessor"], True)])
def test_who_was_invited_is_told_where_the_password_comes_from(roles: list[str], says: bool) -> None:
    """Who registered has just set one; staff get this letter beside the invitation, before they have any."""
    fact = sample(AccountOpened).model_copy(update={"roles": roles})
    for language, word in (("id", "undangan"), ("en", "invitation")):
        text = write_letter("account_opened", language, {"fact": fact, "name": "Siti Contoh", "link": LINK})[1]
        assert (word in text) is says
        assert f"\n{LINK}" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.name)
def test_no_subject_tells_an_outcome_or_a_nik(letter: Letter, language: str) -> None:
    """Domain handbook 10: a subject is read on locked screens, by whoever stands beside."""
    title = written(letter, language)[0]
    assert not re.search(r"\bB?K\b|(?<!ke)kompeten\b|\bcompetent\b|\d{16}", title, re.IGNORECASE)


def test_no_template_is_left_without_a_letter() -> None:
    known = {
        f"{name}.{language}.txt"
        for name in [*(one.name for one in LETTERS), MAILS_FAILED, "frame"]
        for language in LANGUAGES
    }
    assert {file.name for file in FOLDER.iterdir()} == known


SILENT = {
    "assessment.assessment_recommended",  # a recommendation is no decision (R2)
    "assessment.assessor_blocked",
    "assessment.assessor_cleared",
    "decision.dossier_closed",  # for the stage that keeps the evidence
    "decision.dossier_opened",
    "registration.account_changed",
    "registration.clock_moved",
    "registration.period_announced",
    "registration.photo_prepared",
    "registration.tokens_superseded",  # what led to it is told, or was done by its owner
    "surveillance.surveillance_scheduled",
    *(f"{service}.people_involved" for service in INVOLVEMENT_FACTS),  # for the stages that name and admit people
    *(f"{service}.log_chained" for service in LOG_FACTS),  # for the services that keep copies of heads
}
"""Facts nobody is written to about: they stand on a work list, or on a public page."""


def test_every_fact_is_written_about_or_silent_on_purpose() -> None:
    told = {fact.type.removeprefix("id.kompeten.").removesuffix(".v1") for fact in Fact.all() if is_internal(fact)}
    written_about = {letter.fact.type.removeprefix("id.kompeten.").removesuffix(".v1") for letter in LETTERS}
    assert told - written_about == SILENT


def is_internal(fact: type[Fact]) -> bool:
    """Tests tell facts of their own, and other agencies hear theirs on another exchange."""
    return fact.service in NAMES


def test_letters_have_names_of_their_own() -> None:
    assert len({letter.name for letter in LETTERS}) == len(LETTERS)


def test_no_letter_asks_for_more_of_the_person_than_a_name() -> None:
    sensitive = re.compile(r"\bnik\b|adjustment|birth|phone|address_line", re.IGNORECASE)
    for file in FOLDER.iterdir():
        assert not sensitive.search(file.read_text(encoding="utf-8")), file.name


def test_the_reasons_of_a_return_stand_in_the_letter() -> None:
    fact = sample(ApplicationReturned, reasons=[{"item": "Ijazah", "reason": "Tidak terbaca (contoh)"}], note="")
    _, text = write_letter("application_returned", "id", {"fact": fact, "name": "Siti Contoh", "link": LINK})
    assert "- Ijazah: Tidak terbaca (contoh)\n\nLangkah berikutnya" in text


def test_a_bk_decision_names_the_units_and_the_last_day_for_an_appeal() -> None:
    units = [{"unit": "R.91PRP02.021.1", "judgement": "K"}, {"unit": "R.91PRP02.022.1", "judgement": "BK"}]
    fact = sample(CertificationDecided, judgement=Judgement.BK, units=units)
    title, text = write_letter("certification_decided", "id", {"fact": fact, "name": "Siti Contoh", "link": LINK})
    assert title == "Keputusan sertifikasi Anda"
    assert "Belum Kompeten (BK)" in text
    assert "- R.91PRP02.022.1" in text
    assert "- R.91PRP02.021.1" not in text
    assert "paling lambat 23 November 2026 09.00 WIB" in text


def test_a_k_decision_speaks_of_no_appeal() -> None:
    fact = sample(CertificationDecided, judgement=Judgement.K)
    _, text = write_letter("certification_decided", "en", {"fact": fact, "name": "Siti Contoh", "link": LINK})
    assert "appeal" not in text
    assert "23 November 2026 09:00 WIB" in text


@pytest.mark.parametrize(
    "outcome", ["maintained", "clarification_needed", "suspension_proposed", "withdrawal_proposed"]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_outcome_of_a_review_has_its_words(outcome: str, language: str) -> None:
    answer_by = "2026-12-11" if outcome == "clarification_needed" else None
    fact = sample(SurveillanceReviewed, outcome=outcome, reasons="", answer_by=answer_by)
    _, text = write_letter("surveillance_reviewed", language, {"fact": fact, "name": "Siti Contoh", "link": LINK})
    assert ("11 Desember 2026" in text or "11 December 2026" in text) == (outcome == "clarification_needed")


CHANGES = [change.value for change in AccountChange]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_change_of_a_second_factor_has_its_words(language: str) -> None:
    """A change that nobody thought of would be told as new recovery codes."""
    (letter,) = (one for one in LETTERS if one.name == "second_factor_changed")
    facts = [sample(letter.fact, change=change.value) for change in FactorChange]
    texts = [write_letter(letter.name, language, {"fact": fact, "name": "Siti", "link": LINK})[1] for fact in facts]
    assert len(set(texts)) == len(FactorChange)
    assert all("2026" in text for text in texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_change_of_an_account_has_its_words_and_says_what_to_do(language: str) -> None:
    """Somebody else's act is noticed by its owner alone."""
    (letter,) = (one for one in LETTERS if one.name == "account_security_changed")
    said = {}
    for change in CHANGES:
        fact = sample(letter.fact, change=change)
        title, text = write_letter(letter.name, language, {"fact": fact, "name": "Siti Contoh", "link": LINK})
        assert ("Langkah berikutnya:" if language == "id" else "Next step:") in text
        assert "2026" in text
        said[change] = (title, text)
    assert len({text for _, text in said.values()}) == len(CHANGES)


def test_an_unknown_language_is_answered_in_indonesian() -> None:
    assert written(LETTERS[0], "jv") == written(LETTERS[0], "id")


def test_a_name_with_a_line_break_makes_no_second_subject() -> None:
    fact = sample(ApplicationReturned, scheme_title="A\nBcc: x@contoh.test")
    title, _ = write_letter("application_returned", "id", {"fact": fact, "name": "Siti\nContoh", "link": LINK})
    assert "\n" not in title
