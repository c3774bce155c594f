from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.body_data import BadData, KeptFile, Tree
from shared.body_data.tree import PACKAGED
from shared.errors import NotFound
from shared.schemes import Schemes, load_schemes, shipped_schemes

NAMED = {
    "Pelaksanaan Pengembangan Koleksi Perpustakaan",
    "Pelaksanaan Evaluasi Pengembangan Koleksi Perpustakaan",
    "Pelaksanaan Pengatalogan Deskriptif",
    "Layanan Dasar Perpustakaan",
    "Promosi Perpustakaan",
    "Pengembangan dan Kemampuan Literasi Informasi",
}


def raw(version: str = "2026.1", since: str = "2020-01-01") -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((PACKAGED / "schemes" / "layanan-dasar" / "2026.1.yaml").read_text())
    return data | {"version": version, "in_force_from": date.fromisoformat(since)}


def kept(name: str, data: dict[str, Any]) -> KeptFile:
    return KeptFile(name, Path(name), own=True, text=yaml.safe_dump(data))


def written(*files: dict[str, Any]) -> Schemes:
    names = [f"schemes/{data['id']}/{data['version']}.yaml" for data in files]
    return load_schemes(Tree({name: kept(name, data) for name, data in zip(names, files, strict=True)}))


def test_the_six_clusters_known_by_name_are_shipped() -> None:
    assert {scheme.title.id for scheme in shipped_schemes().current()} >= NAMED


def test_every_shipped_unit_that_is_not_verified_says_that_it_is_a_sample() -> None:
    unverified = [unit for scheme in shipped_schemes().all() for unit in scheme.units if not unit.verified]
    assert all("(contoh)" in unit.title.id for unit in unverified)
    verified = {unit.code for scheme in shipped_schemes().all() for unit in scheme.units if unit.verified}
    assert verified == {"R.91PRP02.021.1"}


def test_every_shipped_scheme_has_three_to_six_units_with_elements_and_criteria() -> None:
    for scheme in shipped_schemes().all():
        assert 3 <= len(scheme.units) <= 6
        assert all(element.criteria for unit in scheme.units for element in unit.elements)
        assert scheme.fee == 0


def test_the_version_in_force_is_the_newest_whose_day_has_come() -> None:
    known = written(raw("2024.1", "2020-01-01"), raw("2024.10", "2020-01-01"), raw("2099.1", "2099-01-01"))
    assert known.get("layanan-dasar").version == "2024.10"
    assert [scheme.version for scheme in known.current()] == ["2024.10"]
    assert known.get("layanan-dasar", "2099.1").version == "2099.1"


def test_an_older_version_stays_readable_for_those_who_filed_under_it() -> None:
    known = written(raw("2024.1"), raw("2026.1", "2025-01-01"))
    assert known.get("layanan-dasar", "2024.1").version == "2024.1"
    assert len(known.all()) == 2


@pytest.mark.parametrize(("scheme", "version"), [("tidak-ada", None), ("layanan-dasar", "1999.1")])
def test_an_unknown_scheme_or_version_is_not_found(scheme: str, version: str | None) -> None:
    with pytest.raises(NotFound):
        shipped_schemes().get(scheme, version)


def test_a_scheme_whose_day_has_not_come_is_not_found() -> None:
    with pytest.raises(NotFound):
        written(raw("2099.1", "2099-01-01")).get("layanan-dasar")


def test_a_unit_code_of_another_shape_is_refused() -> None:
    data = raw()
    data["units"][0]["code"] = "91PRP03.030"
    with pytest.raises(BadData, match="code"):
        written(data)


def test_a_unit_code_given_twice_is_refused() -> None:
    data = raw()
    data["units"][1]["code"] = data["units"][0]["code"]
    with pytest.raises(BadData, match="unit given twice"):
        written(data)


def test_one_code_for_two_units_in_two_versions_is_refused() -> None:
    newer = raw("2026.2")
    newer["units"][0]["title"] = {"id": "Lain (contoh)", "en": "Another (sample)"}
    with pytest.raises(BadData, match="another title"):
        written(raw(), newer)


@pytest.mark.parametrize("key", ["units", "methods", "title", "validity_years"])
def test_a_scheme_with_nothing_in_it_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(BadData, match=key):
        written(raw() | {key: []})


def test_a_unit_without_elements_is_refused() -> None:
    data = raw()
    data["units"][0]["elements"] = []
    with pytest.raises(BadData, match="elements"):
        written(data)


def test_an_element_without_criteria_is_refused() -> None:
    data = raw()
    data["units"][0]["elements"][0]["criteria"] = []
    with pytest.raises(BadData, match="criteria"):
        written(data)


def test_a_criterion_of_another_element_is_refused() -> None:
    data = raw()
    data["units"][0]["elements"][0]["criteria"][0]["code"] = "2.1"
    with pytest.raises(BadData, match=r"2\.1"):
        written(data)


def test_an_unverified_unit_that_hides_it_is_refused() -> None:
    data = raw()
    data["units"][0]["title"]["id"] = "Melakukan Layanan Sirkulasi"
    with pytest.raises(BadData, match="contoh"):
        written(data)


def test_a_field_nobody_knows_is_refused() -> None:
    with pytest.raises(BadData, match="colour"):
        written(raw() | {"colour": "red"})


def test_a_file_in_the_wrong_place_is_refused() -> None:
    name = "schemes/promosi/2026.1.yaml"
    with pytest.raises(BadData, match="belongs into schemes/layanan-dasar/2026"):
        load_schemes(Tree({name: kept(name, raw())}))


def test_titles_read_in_either_language() -> None:
    title = shipped_schemes().get("layanan-dasar").title
    assert title.in_language("en") == "Basic Library Services"
    assert title.in_language("id") == str(title) == "Layanan Dasar Perpustakaan"
