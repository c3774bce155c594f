"""Each role finds its own places, and where it is."""

import pytest

from kompeten.navigation import make_navigation
from kompeten.services import NAMES, list_services
from shared.security.roles import OFFICERS, Role
from shared.web.navigation import Place, find_current_entry, is_current_place, is_own_account
from tests.unit.web.conftest import person

navigation = make_navigation(NAMES)
list_places, find_landing = navigation.list_places, navigation.find_landing


def test_each_service_declares_the_places_that_are_shown_of_it() -> None:
    assert [place for service in list_services() for place in service.places] == list(navigation.places)
    assert {role for service in list_services() for role in service.lands} == set(navigation.landings)


@pytest.mark.parametrize("role", Role)
def test_every_role_has_places_of_its_own(role: Role) -> None:
    assert list_places(person(role))


@pytest.mark.parametrize("officer", OFFICERS)
def test_officers_land_on_the_decisions(officer: Role) -> None:
    assert find_landing({officer}) == "/decision/"


def test_an_assessor_who_is_an_officer_too_lands_where_the_office_works() -> None:
    assert find_landing({Role.ASSESSOR, Role.CHAIR}) == "/decision/"
    assert find_landing({Role.ASSESSOR}) == "/assessment/"
    assert find_landing({Role.APPLICANT}) == "/registration/"


def test_one_place_is_lit_for_each_page() -> None:
    places = list_places(person(Role.APPLICANT, Role.SECRETARIAT))
    lit = [place.path for place in places if is_current_place(place, "/registration/verification/x", places)]
    assert lit == ["/registration/verification"]


def test_the_only_place_of_a_service_is_lit_for_all_of_its_pages() -> None:
    places = list_places(person(Role.APPLICANT))
    lit = [place.path for place in places if is_current_place(place, "/registration/periods", places)]
    assert lit == ["/registration/applications"]


@pytest.mark.parametrize("role", [Role.APPLICANT, Role.SECRETARIAT, Role.ADMINISTRATOR])
@pytest.mark.parametrize("path", ["/registration/account", "/registration/account/second-factor"])
def test_ones_own_account_is_no_place(role: Role, path: str) -> None:
    places = list_places(person(role))
    assert [place.path for place in places if is_current_place(place, path, places)] == []
    assert is_own_account(path)
    assert not is_own_account("/registration/accounts")


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("/assessment/", "/assessment/"),
        ("/assessment/cases", "/assessment/cases"),
        ("/assessment/cases/1", "/assessment/cases"),
        ("/assessment/cases/old/1", "/assessment/cases/old"),
        ("/assessment/casesx", None),
        ("/assessment/other", None),
    ],
)
def test_the_nearest_entry_of_a_menu_is_lit(path: str, entry: str | None) -> None:
    menu = [Place(one, "", frozenset()) for one in ("/assessment/", "/assessment/cases", "/assessment/cases/old")]
    found = find_current_entry(menu, path)
    assert (found and found.path) == entry


def test_nobody_is_led_to_a_stage_without_work_for_the_role() -> None:
    assert "/surveillance/" not in [place.path for place in list_places(person(Role.SECRETARIAT))]
    assert "/surveillance/" in [place.path for place in list_places(person(Role.CHAIR))]


def test_nobody_has_no_places() -> None:
    assert list_places(None) == []
