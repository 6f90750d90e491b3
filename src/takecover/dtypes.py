"""The types of every array that crosses from the model into a kernel, and the value that means unreached."""

import numpy as np

INDEX = np.int32
"""Position from 0 in a table; -1 where there is none."""

TIME_DS = np.int32
"""Duration [ds], tenths of a second."""

COUNT = np.int64
"""People or places."""

NO_INDEX = -1
"""The position that means: none."""

UNREACHED = np.iinfo(np.int32).max
"""The duration that means: not reached within the limit."""
