"""Answers with the course's own sentences, verbatim and cited; says nothing where nothing fits. Needs no model.

The plain backend of its seam.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowhub_ext.domain.quoting import best_sentences
from knowhub_ext.ports import Prompt


class QuoteModel:
    """Chooses up to three sentences by `domain.quoting.best_sentences`."""

    name = "quote"

    def reply(self, prompt: Prompt) -> Iterator[str]:
        """Yield one verbatim sentence with its mark at a time; nothing where no passage is relevant."""
        for quote in best_sentences(prompt.question, prompt.passages):
            number = next(n for n, passage in enumerate(prompt.passages, 1) if passage is quote.passage)
            # an empty line ends a sentence for whoever binds the marks, so that none may stand inside one
            text = re.sub(r"\n{2,}", "\n", quote.sentence.text)
            yield f"{text} [{number}]\n\n"
