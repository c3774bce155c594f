"""The `kompeten` command."""

import os
import sys
import warnings


def main() -> None:
    """Make the process cooperative before anything else is imported, unless threads run it; then run the command."""
    if os.environ.get("KOMPETEN_RUNNER") != "threads":
        _make_cooperative()
    from kompeten.commands import kompeten

    sys.exit(kompeten())


def _make_cooperative() -> None:
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")  # a second less to start; see shared/runtime/names.py
    import eventlet

    eventlet.monkey_patch()
    from psycogreen.eventlet import patch_psycopg

    patch_psycopg()
    from shared.runtime.names import look_names_up_beside_the_loop

    look_names_up_beside_the_loop()
