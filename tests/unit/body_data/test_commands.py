"""`kompeten check-data`, and services that refuse to start with data that cannot be used."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from kompeten.body_data import list_data_files
from kompeten.commands import kompeten
from shared.body_data.tree import PACKAGED, read_tree
from tests.unit.body_data.test_in_force import SCHEME, put_in


def test_every_file_that_is_not_a_scheme_is_read_by_one_service() -> None:
    tree = read_tree(None)
    others = {name for name, file in tree.files.items() if file not in tree.schemes}
    assert sorted(file.name for file in list_data_files()) == sorted(others)


def test_what_is_shipped_passes() -> None:
    done = CliRunner().invoke(kompeten, ["check-data"])
    assert done.exit_code == 0, done.output
    assert "bnsp.yaml\t" in done.output
    assert done.output.count("as shipped") == len(read_tree(None).files)


def test_what_changed_is_shown_line_by_line(tmp_path: Path) -> None:
    text = (PACKAGED / "paper.yaml").read_text().replace("50", "80")
    put_in(tmp_path, "paper.yaml", text)
    put_in(
        tmp_path, "schemes/layanan-dasar/2026.2.yaml", (PACKAGED / SCHEME).read_text().replace('"2026.1"', '"2026.2"')
    )
    done = CliRunner().invoke(kompeten, ["check-data", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "    -low_stock: 50\n    +low_stock: 80" in done.output
    assert "schemes/layanan-dasar/2026.2.yaml" in done.output
    assert "\tnew, " in done.output


def test_what_cannot_be_used_ends_with_1_and_its_line(tmp_path: Path) -> None:
    file = put_in(tmp_path, "holidays.yaml", "every_year: []\nannounced: [2027-02-30]\n")
    done = CliRunner().invoke(kompeten, ["check-data", str(tmp_path)])
    assert done.exit_code == 1
    assert f"WRONG {file}:2: announced.0" in done.output


def test_a_changed_version_of_a_scheme_is_warned_of(tmp_path: Path) -> None:
    put_in(tmp_path, SCHEME, (PACKAGED / SCHEME).read_text() + "\n# disunting\n")
    done = CliRunner().invoke(kompeten, ["check-data", str(tmp_path)])
    assert done.exit_code == 0
    assert f"WARNING {SCHEME} changes a version that people may have applied under (R27)" in done.output


@pytest.mark.parametrize("command", [["serve", "surveillance"], ["up"]])
def test_nothing_starts_with_data_that_cannot_be_used(folder: Path, command: list[str]) -> None:
    file = put_in(folder, "holidays.yaml", "every_year: []\nannounced:\n  - besok\n")
    done = CliRunner().invoke(kompeten, command)
    assert done.exit_code == 1
    assert f"{file}:3: announced.0" in done.output
    assert "Traceback" not in done.output
