"""What somebody else saved while a form was being filled in, put together with what was typed.

A field that only one of the two changed is taken from whoever changed it. Where both did, both values are shown beside
the field, and who sends the form chooses: `_take.<path>` is `mine` or `theirs`.
"""

from typing import TYPE_CHECKING, Any

from flask import request
from pydantic import ValidationError

from shared.errors import N_
from shared.web.form_state import digest_value
from shared.web.forms.leaves import VERSION, find_leaf, list_leaves, put_leaf

if TYPE_CHECKING:
    from shared.web.forms.form import Form

BOTH_CHANGED = N_(
    "Data ini diubah di tempat lain sementara Anda mengisi. Perubahan lain sudah digabung; pilih isian yang dipakai "
    "pada bagian yang ditandai, lalu kirim lagi."
)
CHOOSE = N_("Isian ini diubah di dua tempat. Pilih yang dipakai.")
TAKE = "_take."


def merge_saved(form: "Form[Any]") -> None:
    """Put what is saved now together with what was typed; fields that both changed are in `form.theirs` afterwards.

    The form then goes with the version that is saved now. Without the version it was begun with nothing is compared.
    """
    if VERSION not in form.data or str(form.data[VERSION]) == str(form.saved.get(VERSION)):
        _take_chosen(form)
        return
    mine, theirs = list_leaves(_as_it_would_be_saved(form)), list_leaves(form.saved)
    for path in {**theirs, **mine}:
        typed, saved = mine.get(path, ""), theirs.get(path, "")
        if typed == saved or _is_as_begun(form, path, saved):
            continue
        if _is_as_begun(form, path, typed):
            put_leaf(form.data, path, find_leaf(form.saved, path))
        else:
            form.theirs[path] = saved
    form.data[VERSION] = form.saved.get(VERSION)
    form.begun = {path: digest_value(path, text) for path, text in theirs.items()}


def _as_it_would_be_saved(form: "Form[Any]") -> dict[str, Any]:
    """What was typed in the form it would be saved in (capitals, grouped digits), so that only what differs differs."""
    try:
        return form.model.model_validate(form.data).model_dump(mode="json")  # type: ignore[no-any-return]
    except ValidationError:
        return form.data


def _take_chosen(form: "Form[Any]") -> None:
    """Take what is saved where that was chosen."""
    for name in request.form:
        if name.startswith(TAKE) and request.form[name] == "theirs":
            path = name.removeprefix(TAKE)
            if path in {**list_leaves(form.saved), **list_leaves(form.data)}:
                put_leaf(form.data, path, find_leaf(form.saved, path))


def _is_as_begun(form: "Form[Any]", path: str, text: str) -> bool:
    known = form.begun.get(path)
    return text == "" if known is None else known == digest_value(path, text)
