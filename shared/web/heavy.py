"""Files that take all the time they may: charged to who brings them, who has few at once and few in a while.

Whoever's file overran its limits once may have met with an accident; whoever's sixth does keeps the readers, which all
share, from everybody else (decision 84).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from shared.errors import Refusal
from shared.runtime.confinement import Overran
from shared.security.allowances import Allowance, find_allowances
from shared.web.limits import refusing_spent

HEAVY_FILES = "6/10 minutes"


@contextmanager
def charging_heavy_files(subject: str, rates: str = HEAVY_FILES) -> Iterator[None]:
    """Read a file of `subject` (an account, or the mark of a network) inside `with`.

    A refusal whose cause is that the reading overran its limits uses one of the subject's allowance up; while a file is
    being read it counts as one. Raises TooMany when none is left.
    """
    allowance = Allowance("heavy files", rates, (subject,))
    with refusing_spent():
        find_allowances().take(allowance)
    overran = False
    try:
        yield
    except Refusal as refusal:
        overran = isinstance(refusal.__cause__, Overran | TimeoutError)
        raise
    finally:
        if not overran:
            find_allowances().give_back(allowance)
