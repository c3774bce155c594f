"""The registers of assessors and TUK."""

from datetime import timedelta

import pytest

from services.assessment.commands import registers
from services.assessment.queries import registers as queries
from services.assessment.queries.registers import RegisterQuery
from shared import clock
from shared.errors import Conflict, Invalid, NotFound
from shared.security.roles import Role
from tests.unit.assessment.scene import SCHEME, Scene, account, person


def asked(**values: object) -> RegisterQuery:
    return RegisterQuery.model_validate(values)


def test_only_an_open_account_with_the_role_is_registered(scene: Scene) -> None:
    for actor in (scene.secretary, person("Asing Contoh", Role.ASSESSOR)):
        with pytest.raises(Invalid) as refusal:
            scene.register(actor, "MET.7 contoh")
        assert "account_id" in refusal.value.fields


def test_nobody_is_registered_twice_and_no_number_serves_two(scene: Scene) -> None:
    with pytest.raises(Conflict):
        scene.register(scene.assessor, "MET.7 contoh")
    new = person("Baru Contoh", Role.ASSESSOR)
    scene.hear(account(new))
    with pytest.raises(Conflict) as refusal:
        scene.register(new, "MET.000.000001 2020 contoh")
    assert "met_number" in refusal.value.fields


def test_an_unknown_scheme_is_refused_by_its_place(scene: Scene) -> None:
    new = person("Baru Contoh", Role.ASSESSOR)
    scene.hear(account(new))
    with pytest.raises(Invalid) as refusal:
        scene.register(new, "MET.7 contoh", schemes=[SCHEME, "tidak-ada"])
    assert list(refusal.value.fields) == ["schemes.1"]


def test_a_registration_is_renewed_and_the_audit_log_keeps_the_old(scene: Scene) -> None:
    until = clock.today() + timedelta(900)
    wanted = registers.AssessorDetails(met_number="MET.7 contoh", valid_until=until, schemes=[SCHEME])
    assert registers.change_assessor(scene.session, scene.head, scene.assessor.id, wanted).valid_until == until
    assert scene.audited()[-1] == "assessor:change"
    with pytest.raises(NotFound):
        registers.change_assessor(scene.session, scene.head, scene.secretary.id, wanted)


def test_centres_have_names_of_their_own(scene: Scene) -> None:
    with pytest.raises(Conflict) as refusal:
        scene.add_centre("TUK Contoh")
    assert "name" in refusal.value.fields


def test_registers_are_searched_and_filtered(scene: Scene) -> None:
    scene.add_centre("TUK Lama", verified_until=clock.today() - timedelta(1), schemes=["promosi-perpustakaan"])
    scene.session.flush()
    names = [each.name for each in queries.list_centres(scene.session, asked(status="expired")).items]
    assert names == ["TUK Lama"]
    assert [each.name for each in queries.list_centres(scene.session, asked(scheme=SCHEME)).items] == ["TUK Contoh"]
    assert queries.list_centres(scene.session, asked(q="contoh 1", status="valid")).total == 1
    assert [each.name for each in queries.list_assessors(scene.session, asked(q="000002")).items] == [
        "Pengganti Contoh"
    ]
    assert queries.list_assessors(scene.session, asked(scheme="promosi-perpustakaan")).total == 0
    assert queries.list_assessors(scene.session, asked(q="%")).total == 0


def test_accounts_still_to_register_are_offered(scene: Scene) -> None:
    new = person("Baru Contoh", Role.ASSESSOR)
    scene.hear(account(new))
    assert [each.id for each in queries.list_unregistered_accounts(scene.session)] == [new.id]


def test_the_usable_centres_are_those_in_force(scene: Scene) -> None:
    scene.add_centre("TUK Lama", verified_until=clock.today() - timedelta(1))
    scene.add_centre("TUK Tutup", active=False)
    scene.session.flush()
    assert [each.name for each in queries.list_usable_centres(scene.session)] == ["TUK Contoh"]
