"""Files of the operator's folder stand in place of those shipped, whole file by file, or the service does not start."""

from datetime import date
from pathlib import Path

import pytest

from services.surveillance.body_settings import SETTINGS, body_working_days
from shared.body_data import BadData, data_in_force
from shared.body_data.checking import list_faults, refuse_bad_data
from shared.body_data.holidays import HOLIDAYS, find_end_of_holidays
from shared.body_data.tree import PACKAGED, has_changed, read_tree
from shared.schemes import shipped_schemes

SCHEME = "schemes/layanan-dasar/2026.1.yaml"


def put_in(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def test_what_is_shipped_can_be_used() -> None:
    assert list_faults(read_tree(None), [HOLIDAYS, SETTINGS]) == []


def test_a_file_of_the_folder_stands_in_place_of_the_shipped_one(folder: Path) -> None:
    put_in(folder, "holidays.yaml", "every_year: ['01-01']\nannounced: [2027-03-09]\n")
    assert not body_working_days().works(date(2027, 3, 9))
    assert body_working_days().works(date(2026, 12, 25))
    assert data_in_force().files["holidays.yaml"].own
    assert not data_in_force().files["bnsp.yaml"].own


def test_a_new_version_of_a_scheme_stands_beside_the_shipped_one(folder: Path) -> None:
    text = (PACKAGED / SCHEME).read_text()
    later = text.replace('"2026.1"', '"2026.2"').replace("in_force_from: ", "in_force_from: 2026-11-01 # ")
    assert '"2026.2"' in later
    put_in(folder, "schemes/layanan-dasar/2026.2.yaml", later)
    assert shipped_schemes().get("layanan-dasar").version == "2026.2"
    assert shipped_schemes().get("layanan-dasar", "2026.1").version == "2026.1"


def test_what_was_edited_after_the_start_is_not_in_force_and_is_known(folder: Path) -> None:
    file = put_in(folder, "holidays.yaml", "every_year: []\nannounced: [2027-03-09]\n")
    before = data_in_force()
    file.write_text("every_year: []\nannounced: [2027-03-10]\n")
    assert not body_working_days().works(date(2027, 3, 9))
    assert has_changed(before, folder)
    file.write_text("every_year: []\nannounced: [2027-03-09]\n")
    assert not has_changed(before, folder)


def test_alike_files_have_one_digest_wherever_they_lie(tmp_path: Path) -> None:
    for name in ("a", "b"):
        put_in(tmp_path / name, "paper.yaml", "low_stock: 7\n")
    put_in(tmp_path / "c", "paper.yaml", "low_stock: 8\n")
    digests = [read_tree(tmp_path / name).digest for name in ("a", "b", "c")]
    assert digests[0] == digests[1] != digests[2]
    assert len({*digests, read_tree(None).digest}) == 3


ALIASES = "a:\n- &a0 [x]\n" + "".join(f"- &a{n + 1} [{', '.join([f'*a{n}'] * 9)}]\n" for n in range(20))
"""Short to write and without end to look at, unless each part is looked at once."""


@pytest.mark.parametrize(
    ("name", "text", "line", "said"),
    [
        ("holidays.yaml", "every_year: []\nannounced:\n  - 2027-13-01\n", 3, "announced.0"),
        ("holidays.yaml", "every_year:\n  - 01-01\n  - 02-30\nannounced: []\n", 3, "every_year.1"),
        ("holidays.yaml", "every_year: []\nannounced: []\nholiday: []\n", 3, "holiday: Extra inputs"),
        ("holidays.yaml", "every_year: []\n", 1, "announced: Field required"),
        ("holidays.yaml", "every_year: []\nannounced: []\nannounced: [2027-01-01]\n", 3, "a second time"),
        ("holidays.yaml", "every_year: [\nannounced: []\n", 3, "not YAML"),
        ("holidays.yaml", "", None, "the file"),
        ("holidays.yaml", "every_year: &days [*days]\nannounced: []\n", 1, "every_year.0"),
        ("holidays.yaml", "every_year: []\nannounced: []\n" + ALIASES, 3, "a: Extra inputs"),
        ("surveillance.yaml", (PACKAGED / "surveillance.yaml").read_text() + "\nunknown: 1\n", None, "unknown"),
        (SCHEME, (PACKAGED / SCHEME).read_text().replace("kkni_level: ", "kkni_level: 1"), None, "kkni_level"),
    ],
)
def test_what_does_not_fit_is_told_with_its_line(
    folder: Path, name: str, text: str, line: int | None, said: str
) -> None:
    file = put_in(folder, name, text)
    with pytest.raises(BadData) as bad:
        refuse_bad_data(data_in_force(), [HOLIDAYS, SETTINGS])
    (fault,) = bad.value.faults
    assert fault.file == file
    assert said in str(fault)
    if line is not None:
        assert fault.line == line


def test_every_fault_is_told_at_once(folder: Path) -> None:
    put_in(folder, "holidays.yaml", "every_year: ['13-01']\nannounced: [x]\n")
    put_in(folder, "surveillance.yaml", "reminder_days: many\n")
    faults = list_faults(data_in_force(), [HOLIDAYS, SETTINGS])
    assert len({fault.file for fault in faults}) == 2
    assert len(faults) > 3


@pytest.mark.parametrize("name", ["holiday.yaml", "holidays.yml", "schemes/2026.1.yaml"])
def test_a_file_that_nothing_reads_is_told(folder: Path, name: str) -> None:
    put_in(folder, name, "every_year: []\nannounced: []\n")
    with pytest.raises(BadData, match=r"nothing reads a file of this name; known are .*holidays\.yaml"):
        data_in_force()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="there is no such folder"):
        read_tree(tmp_path / "gone")


def test_notes_beside_the_files_are_no_data(folder: Path) -> None:
    put_in(folder, "README.md", "catatan")
    assert data_in_force().digest == read_tree(None).digest


def test_a_unit_with_another_title_than_elsewhere_is_told(folder: Path) -> None:
    text = (PACKAGED / SCHEME).read_text().replace('"2026.1"', '"2026.2"').replace("(contoh)", "lain (contoh)")
    put_in(folder, "schemes/layanan-dasar/2026.2.yaml", text)
    with pytest.raises(BadData, match="has another title in another scheme"):
        refuse_bad_data(data_in_force(), [])


@pytest.mark.parametrize(
    ("today", "told"),
    [(date(2027, 10, 1), None), (date(2027, 10, 2), date(2027, 12, 31)), (date(2028, 2, 1), date(2027, 12, 31))],
)
def test_a_table_that_ends_says_so_90_days_before(folder: Path, today: date, told: date | None) -> None:
    put_in(folder, "holidays.yaml", "every_year: []\nannounced: [2027-01-01, 2026-12-24]\n")
    assert find_end_of_holidays(today) == told


def test_a_table_without_announced_days_has_ended(folder: Path) -> None:
    put_in(folder, "holidays.yaml", "every_year: []\nannounced: []\n")
    assert find_end_of_holidays(date(2027, 1, 1)) == date(2027, 1, 1)
