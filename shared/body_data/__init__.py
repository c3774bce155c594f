"""What the certification body decides and writes into files: schemes, holidays, codes, who issues (decision 62).

The files are shipped in `packaged`; those in the operator's folder (KOMPETEN_BODY_DATA_DIR) stand in place of them,
file by file. They are read once, at the start: what is in force in a process is one set, with one digest.
"""

from shared.body_data.files import DataFile, data_in_force
from shared.body_data.reading import BadData, Fault, Strict
from shared.body_data.tree import KeptFile, Tree

__all__ = ["BadData", "DataFile", "Fault", "KeptFile", "Strict", "Tree", "data_in_force"]
