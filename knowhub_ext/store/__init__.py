"""The only place that knows SQL: takes and returns domain values, one repository a noun."""

from __future__ import annotations
