"""What the templates of forms ask: what was typed here before, and what a form says of itself."""

from collections.abc import Callable
from typing import Any

from flask import g

from shared.web.form_state import FormState, find_owner, find_page, list_secrets, seal_form_state
from shared.web.forms.form import Form
from shared.web.kept_forms import TYPED, find_typed
from shared.web.limits import current_service


def restore_form(form: Form[Any] | None, action: str) -> bool:
    """Fill the form with what was typed into it on this page and did not arrive; whether there was anything."""
    typed = find_typed(action or find_page()) if form is not None else None
    if form is None or typed is None:
        return False
    form.restore(typed.fields, typed.errors, typed.begun)
    return True


def make_form_state(form: Form[Any] | None, action: str) -> str:
    """The hidden field by which the form is known again when it comes back."""
    page = find_page()
    begun = form.begun if form is not None else {}
    return seal_form_state(FormState(find_owner(), page, action or page, list_secrets(), begun))


def next_form_id() -> str:
    """An id for the next form of the page."""
    g.forms_on_page = g.get("forms_on_page", 0) + 1
    return f"isian-{g.forms_on_page}"


def first_form_id() -> str:
    """The id of the page's first form with fields; empty without one."""
    return "isian-1" if g.get("forms_on_page") else ""


def typed_address() -> str:
    """Where a form sends what is typed so far."""
    return f"/{current_service()}{TYPED}"


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "restore_form": restore_form,
    "make_form_state": make_form_state,
    "next_form_id": next_form_id,
    "first_form_id": first_form_id,
    "typed_address": typed_address,
}
