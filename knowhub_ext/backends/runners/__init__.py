"""Waking a worker; the database says which job it takes. One vendor a file."""

from __future__ import annotations
