"""Who is admitted to certification: any one of three paths (domain handbook 3.1).

Each path answers with what is missing, so that an applicant sees what to do about it before filing.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum, StrEnum
from typing import Any

from shared.errors import N_

YEARS_OF_WORK = 2


class Level(IntEnum):
    """Education levels, in order: `Level.D2 < Level.S1`."""

    SLTA = 1
    D1 = 2
    D2 = 3
    D3 = 4
    D4_S1 = 5
    S2 = 6
    S3 = 7


class Proof(StrEnum):
    """Kinds of documents that a path asks for; the values are those of `application.DocumentKind`."""

    DIPLOMA = "diploma"
    TRANSCRIPT = "transcript"
    TRAINING_CERTIFICATE = "training_certificate"
    WORK_EVIDENCE = "work_evidence"


@dataclass(frozen=True, slots=True)
class Education:
    """One completed education."""

    level: Level
    library_science: bool


@dataclass(frozen=True, slots=True)
class Training:
    """`fits`: competency-based, and in library and information science."""

    fits: bool


@dataclass(frozen=True, slots=True)
class Work:
    """A period of work, both days included; `until` is None while it lasts."""

    since: date
    until: date | None
    matches: bool


@dataclass(frozen=True, slots=True)
class Background:
    """What an applicant brings: education, trainings, work, and the kinds of documents that prove them."""

    education: Sequence[Education] = ()
    trainings: Sequence[Training] = ()
    work: Sequence[Work] = ()
    proofs: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that a path lacks: `message` is an Indonesian msgid, `params` fill its placeholders."""

    code: str
    message: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Path:
    """One way to be admitted, and what is missing for it."""

    code: str
    title: str
    missing: tuple[Missing, ...]

    @property
    def met(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class Run:
    """Work without a gap, both days included."""

    since: date
    until: date

    @property
    def days(self) -> int:
        """How long it lasts, in days."""
        return (self.until - self.since).days + 1

    def lasts(self, years: int) -> bool:
        """Whether `years` calendar years are full; who began on 29 February completes a year on 28 February."""
        return self.until + timedelta(days=1) >= add_years(self.since, years)


def add_years(day: date, years: int) -> date:
    """Return the same calendar day `years` later; 1 March for a 29 February that the year has not."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def join_work_runs(work: Iterable[Work], today: date) -> list[Run]:
    """Return matching work as runs without a gap, in order: periods that touch or overlap are joined.

    A gap of one day breaks a run, and no day after `today` counts (domain handbook 3.1).
    """
    spans = sorted(
        (period.since, min(period.until or today, today))
        for period in work
        if period.matches and period.since <= min(period.until or today, today)
    )
    joined: list[Run] = []
    for since, until in spans:
        if joined and since <= joined[-1].until + timedelta(days=1):
            joined[-1] = Run(joined[-1].since, max(joined[-1].until, until))
        else:
            joined.append(Run(since, until))
    return joined


def find_longest_run(work: Iterable[Work], today: date) -> Run | None:
    """Return the longest run of continuous matching work, or None where there is no matching work."""
    return max(join_work_runs(work, today), key=lambda run: run.days, default=None)


def judge_admission_paths(background: Background, today: date) -> list[Path]:
    """Return the three admission paths in the order a, b, c, each with what is missing (domain handbook 3.1)."""
    return [_library_diploma(background), _other_diploma(background), _work_experience(background, today)]


def find_met_path(found: Iterable[Path]) -> Path | None:
    """Return the first path that is met, or None."""
    return next((path for path in found if path.met), None)


def _library_diploma(background: Background) -> Path:
    missing = []
    if not any(one.library_science and one.level >= Level.D2 for one in background.education):
        missing.append(Missing("library-diploma", N_("Pendidikan paling rendah D2 di bidang ilmu perpustakaan.")))
    missing += _proofs(background, Proof.DIPLOMA, Proof.TRANSCRIPT)
    return Path("a", N_("Ijazah paling rendah D2 ilmu perpustakaan"), tuple(missing))


def _other_diploma(background: Background) -> Path:
    missing = []
    if not any(one.level >= Level.D2 for one in background.education):
        missing.append(Missing("diploma", N_("Pendidikan paling rendah D2 di bidang apa pun.")))
    if not any(training.fits for training in background.trainings):
        missing.append(
            Missing("training", N_("Pelatihan berbasis kompetensi di bidang ilmu perpustakaan dan informasi."))
        )
    missing += _proofs(background, Proof.DIPLOMA, Proof.TRANSCRIPT, Proof.TRAINING_CERTIFICATE)
    return Path("b", N_("Ijazah paling rendah D2 bidang lain dan pelatihan berbasis kompetensi"), tuple(missing))


def _work_experience(background: Background, today: date) -> Path:
    missing = []
    if not background.education:
        missing.append(Missing("school", N_("Pendidikan paling rendah SLTA atau sederajat.")))
    run = find_longest_run(background.work, today)
    if run is None:
        missing.append(
            Missing(
                "work",
                N_("Pengalaman kerja sesuai klaster paling sedikit {years} tahun tanpa jeda; belum ada yang dicatat."),
                {"years": YEARS_OF_WORK},
            )
        )
    elif not run.lasts(YEARS_OF_WORK):
        missing.append(
            Missing(
                "work",
                N_(
                    "Pengalaman kerja sesuai klaster paling sedikit {years} tahun tanpa jeda; "
                    "yang terpanjang baru {days} hari ({since} sampai {until})."
                ),
                {
                    "years": YEARS_OF_WORK,
                    "days": run.days,
                    "since": run.since.isoformat(),
                    "until": run.until.isoformat(),
                },
            )
        )
    missing += _proofs(background, Proof.DIPLOMA, Proof.WORK_EVIDENCE)
    return Path("c", N_("Ijazah SLTA atau sederajat dan pengalaman kerja sesuai klaster"), tuple(missing))


_PROOF = {
    Proof.DIPLOMA: N_("Unggah ijazah."),
    Proof.TRANSCRIPT: N_("Unggah transkrip nilai."),
    Proof.TRAINING_CERTIFICATE: N_("Unggah sertifikat pelatihan."),
    Proof.WORK_EVIDENCE: N_("Unggah bukti kerja, misalnya SK atau surat keterangan bekerja."),
}


def _proofs(background: Background, *wanted: Proof) -> list[Missing]:
    return [Missing(f"document-{proof}", _PROOF[proof]) for proof in wanted if proof.value not in background.proofs]
