"""Every door reads text by the one normalising (decision 99): none reads it raw, and each field says what it is.

Forms, bodies, queries and paths are read by `shared/web`; what is left to find is code that goes round it, and fields
whose type does not say that they hold a number, a code or an address.
"""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from pydantic import BaseModel

import services
from shared.pagination import PageQuery
from shared.pasted_text import AS_TYPED, CODE
from shared.web.entering import reading_of, tidy_input
from tests.checks.source import ROOT

READERS = {"shared/web/bodies.py", "shared/web/requests.py", "shared/web/reading.py", "shared/web/forms/form.py"}
RAW = {("request", what) for what in ("args", "form", "values", "json", "get_json")}
PLUMBING = {
    "shared/web/app.py",
    "shared/web/authentication.py",
    "shared/web/form_state.py",
    "shared/web/forms/merging.py",
    "shared/web/headers.py",
    "shared/web/idempotency.py",
    "shared/web/kept_forms.py",
    "shared/web/translation.py",
    "shared/web/typed_route.py",
    "services/registration/pages/accounts.py",
    "services/registration/pages/factor_proof.py",
    "services/registration/pages/joining.py",
    "services/registration/pages/second_step.py",
    "services/registration/pages/sign_in.py",
    "services/certificate/checking/pages/check.py",
    "services/certificate/trust/pages.py",
}
"""They read a word of ours out of the request (a language, a step, the key of a link, which is hashed by
`hash_secret`), never what somebody wrote."""
IDENTIFIERS = {
    "code", "old", "key", "email", "nik", "number", "token", "secret", "contact", "phone", "city_code",
    "province_code", "renews",
}  # fmt: skip
PASSWORDS = {"password", "current", "new"}


def find_inputs() -> Iterator[type[BaseModel]]:
    """Every model that a view takes as query, path, form or body, and every model of a `Form(...)`."""
    for module in pkgutil.walk_packages(services.__path__, "services."):
        parts = module.name.split(".")
        if "migrations" in parts or not {"api", "pages"} & set(parts):
            continue
        loaded = importlib.import_module(module.name)
        tree = ast.parse(Path(str(loaded.__file__)).read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Form" and node.args:
                found = _named(loaded, node.args[0])
                if found is not None:
                    yield found
            if isinstance(node, ast.FunctionDef):
                for argument in node.args.args:
                    if argument.arg in ("query", "path", "form", "body") and argument.annotation is not None:
                        found = _named(loaded, argument.annotation)
                        if found is not None:
                            yield found


def _named(module: Any, node: ast.expr) -> type[BaseModel] | None:
    found: Any = None
    if isinstance(node, ast.Name):
        found = getattr(module, node.id, None)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        found = getattr(getattr(module, node.value.id, None), node.attr, None)
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None


INPUTS = sorted(set(find_inputs()), key=lambda model: (model.__module__, model.__name__))


def list_fields(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    """Each field with its whole type, marks included."""
    yield from (
        (name, kind) for name, kind in get_type_hints(model, include_extras=True).items() if name in model.model_fields
    )


def test_the_inputs_are_found() -> None:
    names = {model.__name__ for model in INPUTS}
    assert {"Credentials", "Register", "ByNumber", "Pasted", "OpenStaffAccount", "GiveNik"} <= names
    assert len(names) > 60


def test_no_code_reads_what_was_sent_round_the_readers() -> None:
    """This failure mode means a door that takes a mark nobody sees for a wrong code, or keeps it in a name."""
    found = set()
    for file in [*(ROOT / "services").rglob("*.py"), *(ROOT / "shared").rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                found |= {str(file.relative_to(ROOT))} if (node.value.id, node.attr) in RAW else set()
    assert found - READERS - PLUMBING == set()


@pytest.mark.parametrize("model", INPUTS, ids=lambda model: f"{model.__module__}.{model.__name__}")
def test_every_field_says_how_it_is_read(model: type[BaseModel]) -> None:
    for name, kind in list_fields(model):
        reading = reading_of(kind)
        if name in PASSWORDS:
            assert reading is AS_TYPED, f"{name} is a password: no door changes it"
        elif name in IDENTIFIERS:
            assert reading is CODE, f"{name} is compared sign by sign: mark it as Code"
        elif reading is AS_TYPED:
            assert (model.__name__, name) == ("Pasted", "text"), f"{name} is read raw"


@pytest.mark.parametrize("model", INPUTS, ids=lambda model: f"{model.__module__}.{model.__name__}")
def test_every_field_is_read_like_the_plain_one(model: type[BaseModel]) -> None:
    pasted, plain = "\ufeff１٢\u00a0Ab\u200b\u2013c\u202c", "12 Ab-c"
    for name, kind in list_fields(model):
        alias = model.model_fields[name].alias or name
        read = tidy_input({alias: pasted}, model)[alias]
        wanted = {AS_TYPED: pasted, CODE: plain, None: "１٢ Ab\u2013c"}[reading_of(kind)]
        assert read == wanted, name


def test_every_list_is_searched_through_one_function() -> None:
    """This failure mode means a list that finds a pasted name not, while the one beside it does."""
    for file in (ROOT / "services").rglob("*.py"):
        text = file.read_text()
        for line in text.splitlines():
            assert "query.q" not in line or any(
                way in line for way in ("if query.q", "contains_text(query.q", "search_mails(query.q", "q=query.q")
            ), f"{file}: {line.strip()}"
    assert reading_of(PageQuery.model_fields["q"].annotation) is None
