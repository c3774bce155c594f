"""What a JSON column holds is said by a type: a model where it has fields, never `dict[str, Any]`."""

import ast

from tests.checks.source import all_modules

EXPLAINED = {
    # any service's own job: its parameters are the job's own model, read when it is done
    "shared/messaging/models.py JobRow.payload",
    # whatever an act changed, kept as it was shown: nothing computes with it (R26)
    "shared/audit.py AuditRow.before",
    "shared/audit.py AuditRow.after",
    # the whole file as it was told, kept beside its hash: it is handed on, never taken apart
    "services/registration/models/applications.py SelfAssessment.file",
}
"""`path Class.column` of what cannot be typed, each with the reason beside it."""


def test_no_column_holds_anything_at_all() -> None:
    """If this fails: `json_of(Model)` of `shared/database/types.py`."""
    untyped = {
        f"{module.path} {table.name}.{ast.unparse(column.target)}"
        for module in all_modules()
        for table in module.public(ast.ClassDef)
        for column in table.body
        if isinstance(column, ast.AnnAssign) and "Mapped[" in (said := ast.unparse(column.annotation)) and "Any" in said
    }
    assert untyped == EXPLAINED
