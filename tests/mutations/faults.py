"""The faults of a file: what mutmut would change, without what only changes a wording."""

import re
from pathlib import Path

from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.utils.format_utils import get_mutant_name, mangled_name_from_mutant_name

WORDING = re.compile(r'\b(N_|_|log\.\w+)\(\s*(?:"[^"]*"\s*)+')
"""A call that begins with a text for people. Texts are read by translators; tests that repeat them find nothing."""


def name_faults(file: str) -> list[str]:
    """mutmut's names for the faults of `file`, a path from the working folder; its settings are read there."""
    made = mutate_file_contents(file, Path(file).read_text())
    lines = made.code.splitlines()

    def read_without_wording(name: str) -> str:
        span = made.line_span_by_function_name[name]
        # what follows the function's name, in which each fault has its number
        return WORDING.sub(r"\1(", "\n".join(lines[span.start - 1 : span.end]).partition(f"def {name}")[2])

    return [
        get_mutant_name(Path(file), name)
        for name in made.mutant_names
        if read_without_wording(name) != read_without_wording(f"{mangled_name_from_mutant_name(name)}__mutmut_orig")
    ]
