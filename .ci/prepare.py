"""`make setup`: everything the other targets need, on a machine with nothing but Python, git and make.

Fast when nothing changed: below a second. Not for users of a released wheel: those say `pip install`.
"""

from __future__ import annotations

import sys

from frontend import build_frontend
from node import find_node
from packages import install_packages, make_venv
from steps import Step, alone, perform_all

SETUP = [
    Step("Virtual environment", make_venv),
    Step("Python packages", install_packages),
    Step("Node", find_node),
    Step("JupyterLab extension", build_frontend),
]


if __name__ == "__main__":
    with alone():
        sys.exit(perform_all(SETUP))
