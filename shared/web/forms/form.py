"""One HTML form over one pydantic model: read, checked by the same rules as the API, and shown again with its errors.

form = Form(StartApplication, values=known)
if form.submitted():
    with form.refusing():
        with unit_of_work() as session:
            commands.start_application(session, current_actor(), form.value)
        return redirect_to("pages.show_registration_home")
return render_page("registration/start.html", form=form)
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from enum import Enum
from types import TracebackType
from typing import Any, Generic, TypeVar

from flask import request
from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MultiDict

from shared.errors import Conflict, Invalid, OurFault, TooMany
from shared.web.form_state import note_secret, read_form_state
from shared.web.forms.leaves import digest_leaves, find_leaf, text_of_value
from shared.web.forms.merging import BOTH_CHANGED, CHOOSE, merge_saved
from shared.web.forms.tree import field_type, fields_to_tree, row_of_step
from shared.web.problems import fields_of_refusal, message_of_refusal
from shared.web.requests import refuse_unstorable_fields
from shared.web.translation import gettext
from shared.web.uploads import Upload, checked_upload
from shared.web.validation import SUMMARY, refusal_of

M = TypeVar("M", bound=BaseModel)


class Form(Generic[M]):
    """A form whose input must fit `model`; `values` (a model, or nested dicts and lists) fill it at first.

    With `merges`, `values` are what is saved now, its `version` among them: what somebody else saved meanwhile is put
    together with what was typed, and asked about where both changed the same field.
    """

    def __init__(
        self, model: type[M], *, values: BaseModel | Mapping[str, Any] | None = None, merges: bool = False
    ) -> None:
        self.model = model
        self.theirs: dict[str, str] = {}
        self.errors: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.message = ""
        self.status = 200
        self.retry_after: int | None = None
        self.is_restored = False
        self._value: M | None = None
        self.data: dict[str, Any] = dict(_plain_data(values) or {})
        self.merges = merges
        self.saved: dict[str, Any] = deepcopy(self.data) if merges else {}
        self.begun = digest_leaves(self.saved)
        if request.method == "POST":
            refuse_unstorable_fields(request)
            if merges and (state := read_form_state()):
                self.begun = state.begun

    @property
    def value(self) -> M:
        """The checked input; only after `submitted()` has said yes."""
        if self._value is None:
            raise RuntimeError("the form has not been submitted, or does not fit")
        return self._value

    def submitted(self, extra: Callable[[dict[str, Any]], dict[str, Any]] | None = None) -> bool:
        """Whether the request sends the form and it fits. Adding or removing a row is not sending.

        `extra` may complete the nested data before it is checked (what the page knows and the form does not ask).
        """
        if request.method != "POST":
            return False
        if "_add" in request.form or "_remove" in request.form:
            self.data = fields_to_tree(request.form, self.model, keep_empty_rows=True)
            self._change_rows()
            return False
        self.data = fields_to_tree(request.form, self.model)
        if self.merges and read_form_state():
            merge_saved(self)
        given = extra(dict(self.data)) if extra else self.data
        try:
            self._value = self.model.model_validate(given)
        except ValidationError as error:
            self.refuse(refusal_of(error))
        if self.theirs:
            self.refuse(Conflict("changed-meanwhile", BOTH_CHANGED, fields=dict.fromkeys(self.theirs, CHOOSE)))
        return not self.errors

    def restore(self, fields: MultiDict[str, str], errors: Mapping[str, str], begun: Mapping[str, str]) -> None:
        """Fill the form with what was typed before, with the refusals that stood beside it."""
        self.data = fields_to_tree(fields, self.model, keep_empty_rows=True)
        self.errors |= errors
        self.begun = dict(begun)
        self.is_restored = True

    def keep_as_saved(self, version: int) -> None:
        """What was sent has been saved as `version`, and the form is shown again for another reason."""
        self.data["version"] = version
        self.saved = deepcopy(self.data)
        self.begun = digest_leaves(self.saved)

    def secret(self, path: str) -> str:
        """Remember that a field is never kept; shows nothing itself."""
        note_secret(path)
        return ""

    def refusing(self) -> "Refusing":
        """What the domain refuses in the block is shown on the form: leave the block, render the page again."""
        return Refusing(self)

    def refuse(self, refusal: Invalid | Conflict | TooMany | OurFault) -> None:
        """Show `refusal` on the form: its sentence on top, its fields' beside them."""
        self.errors |= fields_of_refusal(refusal)
        self.message = message_of_refusal(refusal)
        self.status = refusal.status
        self.retry_after = refusal.details.get("retry_after")

    def upload(self, field: str = "file", *, types: set[str] | None = None, required: bool = True) -> Upload | None:
        """The checked file of a field; on None the form carries the error, or nothing was sent and none is required."""
        file = request.files.get(field)
        if not required and (file is None or not file.filename):
            return None
        with self.refusing():
            return checked_upload(file, field=field, types=types)
        return None

    def at(self, path: str) -> Any:
        """The nested value at a path such as `work.0.employer`; None where there is none."""
        return find_leaf(self.data, path)

    def text(self, path: str) -> str:
        """The value as an HTML field holds it: dates ISO, choices by their code."""
        value = self.at(path)
        if value is None:
            value = self._default(path)
        return "" if isinstance(value, dict | list) else text_of_value(value)

    def has(self, path: str, choice: str) -> bool:
        """Whether a choice is ticked in a field that holds many."""
        value = self.at(path)
        if isinstance(value, list):
            return choice in [str(item.value if isinstance(item, Enum) else item) for item in value]
        return self.text(path) == choice

    def ticked(self, path: str) -> bool:
        """Whether the box of the field at `path` is to be shown ticked."""
        return self.text(path).lower() in ("true", "on", "1", "yes")

    def rows(self, path: str, minimum: int = 1) -> range:
        """Indexes of the rows of a repeated group to show."""
        value = self.at(path)
        return range(max(minimum, len(value) if isinstance(value, list) else 0))

    def error(self, path: str) -> str:
        """What is wrong with the field at `path`, in the reader's language; empty when nothing is."""
        return self.errors.get(path, "")

    def required(self, path: str) -> bool:
        """Whether the model wants the field; a mark for people, the check is the model's."""
        info = self._info(path)
        return bool(info and info.is_required())

    def longest(self, path: str) -> int | None:
        """The model's largest length of a text, for `maxlength`."""
        info = self._info(path)
        found = [getattr(item, "max_length", None) for item in (info.metadata if info else [])]
        return next((length for length in found if length), None)

    def named(self, path: str, label: str) -> str:
        """Remember what a field is called, for the summary; shows nothing itself."""
        self.names[path] = label
        return ""

    def name_of(self, path: str) -> str:
        """What a field is called in the summary; within a row, the group's name and the row's number come first."""
        steps = path.split(".")
        own = self.names.get(path, "")
        for at in range(len(steps) - 1, 0, -1):
            group = self.names.get(".".join(steps[:at]))
            if group and (number := row_of_step(steps[at])) is not None:
                row = f"{group} {number + 1}"
                return f"{row}, {own}" if own else row
        return own

    def summary(self) -> list[tuple[str, str]]:
        """Errors in the order they came, for the list on top of the form: (path, sentence)."""
        return list(self.errors.items())

    def heading(self) -> str:
        """What stands above a refused form: its message, or that some fields need mending; empty before that.

        A message that is the sentence of a field, too, stands there and in the list, not a third time above it.
        """
        if self.message and self.message not in self.errors.values():
            return self.message
        return gettext(SUMMARY) if self.errors else ""

    def _info(self, path: str) -> Any:
        *way, last = path.split(".")
        owner = field_type(self.model, tuple(way))
        if isinstance(owner, type) and issubclass(owner, BaseModel):
            return owner.model_fields.get(last)
        return None

    def _default(self, path: str) -> Any:
        """The model's default for a field, before the form was sent; afterwards None, for empty then means empty."""
        if request.method == "POST" or self.is_restored:
            return None
        info = self._info(path)
        return None if info is None or info.is_required() else info.get_default(call_default_factory=True)

    def _change_rows(self) -> None:
        group = request.form.get("_add")
        if group is not None:
            self._group(group.split(".")).append({})
            return
        *way, last = request.form["_remove"].split(".")
        rows = self._group(way)
        if (row := row_of_step(last)) is not None and row < len(rows):
            del rows[row]

    def _group(self, steps: list[str]) -> list[Any]:
        """The rows of a group the model knows; a throw-away list for any other name."""
        found: Any = self.data
        for step in steps:
            if isinstance(found, list):
                row = row_of_step(step)
                found = found[row] if row is not None and row < len(found) else None
            elif isinstance(found, dict):
                found = found.setdefault(step, [])
            if found is None:
                return []
        return found if isinstance(found, list) else []


class Refusing:
    """A `with` block: a refusal raised in it is shown on the form, and the code after it renders the page again."""

    def __init__(self, form: Form[Any]) -> None:
        self._form = form

    def __enter__(self) -> Form[Any]:
        return self._form

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if isinstance(error, Invalid | Conflict | TooMany | OurFault):
            self._form.refuse(error)
            return True
        return False


def _plain_data(values: BaseModel | Mapping[str, Any] | None) -> dict[str, Any] | None:
    if isinstance(values, BaseModel):
        return values.model_dump()
    return dict(values) if values is not None else None
