"""The files of `.ci` are not a package: they are put on the path here, as `python .ci/x.py` does."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / ".ci"))
