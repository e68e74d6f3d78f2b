"""Texts of like length share a batch, since the shorter ones are padded to the longest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def batches(encoded: Sequence[Sequence[int]], most: int) -> Iterator[list[int]]:
    """Yield the numbers of texts in batches of like length, at most `most` padded tokens each, or one text."""
    batch: list[int] = []
    for number in sorted(range(len(encoded)), key=lambda n: len(encoded[n])):
        if batch and (len(batch) + 1) * len(encoded[number]) > most:
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch
