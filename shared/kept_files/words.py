"""What the states of kept files are called, in every service."""

from enum import Enum

from shared.errors import N_
from shared.kept_files.models import FileState

FILE_STATE_NAMES: dict[Enum, str] = {
    FileState.MISSING: N_("Hilang"),
    FileState.ALTERED: N_("Berubah"),
    FileState.EXTRA: N_("Tidak dikenal"),
}
