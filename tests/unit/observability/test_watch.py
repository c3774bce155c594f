"""Alarms: once, again only when it got better and worse again, and without broker or database."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kompeten.asking import Answer, Findings
from kompeten.watching import watch_once
from shared.clock import read_from
from shared.mail import Mail
from shared.mail.alarms import LASTS, Alarms
from shared.observability.ailments import Ailment, Code
from shared.observability.backups import find_backup_ailments, find_quiet_ailments
from shared.settings import Settings

START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
ADMIN = "administrator@contoh.test"
DEAD = Ailment("decision", Code.DEAD, figures={"count": 3})


class Outbox:
    """A mailer that keeps what it is given, and may be away."""

    def __init__(self) -> None:
        self.sent: list[Mail] = []
        self.away = False

    def send(self, mail: Mail) -> None:
        if self.away:
            raise ConnectionRefusedError("contoh")
        self.sent.append(mail)

    def probe(self) -> None:
        """Always there."""


class Watch:
    """Rounds a minute apart, each seeing what a test says."""

    def __init__(self, file: Path) -> None:
        self.file, self.mailer, self.at, self.starting = file, Outbox(), START, False
        self.config = Settings()
        self.restart()

    def restart(self) -> None:
        self.alarms = Alarms(self.file, self.mailer, "LSP <lsp@contoh.test>", ADMIN)

    def look(self, found: Findings) -> None:
        with read_from(lambda: self.at):
            watch_once(self.config, self.alarms, lambda _: found, self.starting)

    def rounds(self, count: int, *ailments: Ailment, silent: str = "") -> int:
        """How many mails left in these rounds."""
        before = len(self.mailer.sent)
        for _ in range(count):
            self.at += timedelta(minutes=1)
            found = Findings([Answer(silent, error="contoh")] if silent else [], list(ailments))
            self.look(found)
        return len(self.mailer.sent) - before


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    return Watch(tmp_path / "alarms.json")


def test_what_lasts_is_told_once_with_what_to_do(watch: Watch) -> None:
    assert watch.rounds(2, DEAD) == 0
    assert watch.rounds(1, DEAD) == 1
    assert watch.rounds(60, DEAD) == 0
    (mail,) = watch.mailer.sent
    assert mail.to == ADMIN
    for words in ("decision/dead-letters", "3 surat mati", "3 dead letters", "kompeten dead-letters replay"):
        assert words in mail.text


def test_what_passes_quickly_is_not_told(watch: Watch) -> None:
    assert watch.rounds(1, DEAD) + watch.rounds(5) == 0


def test_what_got_better_and_worse_again_is_told_again(watch: Watch) -> None:
    assert watch.rounds(5, DEAD) == 1
    assert watch.rounds(5) == 0
    assert watch.rounds(5, DEAD) == 1
    assert len({mail.message_id for mail in watch.mailer.sent}) == 2


def test_a_moment_without_it_is_no_getting_better(watch: Watch) -> None:
    assert watch.rounds(5, DEAD) == 1
    assert watch.rounds(1) + watch.rounds(5, DEAD) == 0


def test_a_watch_that_is_started_again_knows_what_it_told(watch: Watch) -> None:
    assert watch.rounds(5, DEAD) == 1
    watch.restart()
    assert watch.rounds(5, DEAD) == 0


def test_what_starts_together_with_the_watch_is_given_time(watch: Watch) -> None:
    """This failure mode means an alarm about every service each time a busy machine starts."""
    away = Ailment("decision", Code.SERVICE, figures={"error": "contoh"})
    watch.starting = True
    assert watch.rounds(4, away, silent="decision") == 0
    watch.starting = False
    assert watch.rounds(5) == 0


def test_what_is_wrong_still_when_all_had_time_to_start_is_told(watch: Watch) -> None:
    watch.starting = True
    assert watch.rounds(4, DEAD) == 0
    watch.starting = False
    assert watch.rounds(1, DEAD) == 1


def test_a_mail_that_could_not_leave_is_tried_again(watch: Watch) -> None:
    watch.mailer.away = True
    assert watch.rounds(5, DEAD) == 0
    watch.mailer.away = False
    assert watch.rounds(3, DEAD) == 1


def test_a_service_that_falls_silent_has_not_got_better(watch: Watch) -> None:
    away = Ailment("decision", Code.SERVICE, figures={"error": "contoh"})
    assert watch.rounds(5, DEAD) == 1
    assert watch.rounds(5, away, silent="decision") == 1
    assert watch.rounds(5, DEAD) == 0


def test_two_things_are_told_in_one_mail(watch: Watch) -> None:
    stuck = Ailment("decision", Code.OUTBOX, "kompeten.events", {"count": 9, "minutes": 12})
    assert watch.rounds(5, DEAD, stuck) == 1
    assert "decision/outbox-stuck/kompeten.events" in watch.mailer.sent[0].text


def test_what_comes_and_goes_with_load_is_not_mailed(watch: Watch) -> None:
    assert watch.rounds(9, Ailment("decision", Code.LOOP, figures={"seconds": 3})) == 0


def test_a_file_that_cannot_be_read_stops_no_alarm(watch: Watch) -> None:
    watch.file.write_text("{")
    watch.restart()
    assert watch.rounds(3, DEAD) == 1
    assert timedelta(minutes=1) < LASTS


@pytest.mark.parametrize(("hours", "told"), [(1, 0), (25, 0), (27, 1), (None, 1)])
def test_backups_are_told_after_26_hours(tmp_path: Path, hours: int | None, told: int) -> None:
    file = tmp_path / "last-backup.json"
    if hours is not None:
        file.write_text("{}")
        at = (START - timedelta(hours=hours)).timestamp()
        os.utime(file, (at, at))
    found = find_backup_ailments(Settings(backup_file=file), START)
    assert [ailment.code for ailment in found] == [Code.BACKUP] * told
    assert find_backup_ailments(Settings(), START) == []


def test_a_restored_system_mails_nobody_and_says_that_it_is_quiet(watch: Watch) -> None:
    watch.config = Settings(quiet=True)
    assert watch.rounds(5, DEAD) == 0
    assert [ailment.code for ailment in find_quiet_ailments(watch.config)] == [Code.QUIET]
    assert find_quiet_ailments(Settings()) == []
    watch.config = Settings()
    assert watch.rounds(5, DEAD) == 1
