"""For authors of backends: contracts that every backend of a seam keeps, and small inputs to try one with."""

from __future__ import annotations
