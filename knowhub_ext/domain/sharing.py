"""What overlapping passages share: each of their sentences once, and which of these each passage is made of."""

from __future__ import annotations

from collections.abc import Sequence

from knowhub_ext.domain.passages import Passage, Sentence


def shared(passages: Sequence[Passage]) -> tuple[list[str], list[tuple[int, int]]]:
    """Return texts, and for each passage the half-open range of those that it consists of.

    Neighbours that begin where the one before goes on share texts; starts and ends never go back. A passage that is not
    its sentences with spaces between them is a text of its own.

    Args:
        passages: those of one asset, in order.
    """
    texts: list[str] = []
    spans: list[tuple[int, int]] = []
    run: list[Sentence] = []  # of the passages so far that share sentences; the first of them is number `base`
    base = begin = 0
    for passage in passages:
        rows = list(passage.sentences)
        if not rows or " ".join(row.text for row in rows) != passage.text:
            texts.append(passage.text)
            spans.append((len(texts) - 1, len(texts)))
            run, base, begin = [], len(texts), 0
            continue
        begin = next(at for at in range(begin, len(run) + 1) if run[at:] == rows[: len(run) - at])
        fresh = rows[len(run) - begin :]
        run += fresh
        texts += [row.text for row in fresh]
        spans.append((base + begin, base + begin + len(rows)))
    return texts, spans
