"""HTML forms over pydantic models."""

from shared.web.forms.form import Form
from shared.web.forms.tree import fields_to_tree

__all__ = ["Form", "fields_to_tree"]
