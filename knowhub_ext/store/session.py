"""One open transaction as repositories see it: run statements, add rows, read the clock. Knows no table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Executable, RowMapping, Table
from sqlalchemy.dialects import postgresql, sqlite

Values = Mapping[str, Any]


class Session:
    """A connection inside a transaction. `now` is the instant the transaction began, UTC milliseconds."""

    def __init__(self, connection: Connection, clock: Callable[[], int]) -> None:
        self.connection = connection
        self.clock = clock
        self.now = clock()

    @property
    def sqlite(self) -> bool:
        return self.connection.dialect.name == "sqlite"

    def rows(self, statement: Executable, values: Values | None = None) -> Sequence[RowMapping]:
        return self.connection.execute(statement, values).mappings().all()

    def row(self, statement: Executable, values: Values | None = None) -> RowMapping | None:
        """Return the first row, or None."""
        return self.connection.execute(statement, values).mappings().first()

    def scalar(self, statement: Executable) -> Any:
        """Return the first column of the first row, or None."""
        return self.connection.execute(statement).scalar()

    def run(self, statement: Executable, values: Values | Sequence[Values] | None = None) -> int:
        """Execute a change; return how many rows it touched (meaningless for many sets of values)."""
        return self.connection.execute(statement, values).rowcount

    def add(self, table: Table, values: Values | Sequence[Values]) -> None:
        """Insert one row, or as many as there are values (none at all is fine)."""
        if values:
            self.connection.execute(table.insert(), values)

    def add_new(self, table: Table, values: Values) -> bool:
        """Insert a row unless one with the same key or unique value exists; return whether it was new.

        A failed insert would end a PostgreSQL transaction, hence ON CONFLICT rather than an exception.
        """
        insert = sqlite.insert(table) if self.sqlite else postgresql.insert(table)
        made = insert.values(**values).on_conflict_do_nothing().returning(*table.primary_key.columns)
        return self.connection.execute(made).first() is not None
