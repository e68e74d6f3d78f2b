"""A cross-encoder in ONNX from a folder of this machine: it reads a question and a text together. Downloads nothing.

Nogueira and Cho 2019, "Passage Re-ranking with BERT". Models of sentence-transformers are published in this form.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowhub_ext.backends.batching import batches
from knowhub_ext.backends.vendors import usable_threads, vendor
from knowhub_ext.errors import DamagedWeights, MissingWeights

#: Where the model lies within the folder; the second is how sentence-transformers publishes it.
_PLACES = ("model.onnx", "onnx/model.onnx")
#: Tokens that question and text may have together; what is longer is cut.
_MAX_TOKENS = 512
_BATCH_TOKENS = 2048
_GET = (
    "Put a cross-encoder as model.onnx with its tokenizer.json there, for instance the files of "
    "cross-encoder/ms-marco-MiniLM-L6-v2, and name the folder in c.KnowHub.reranker_options = {'folder': '…'}; "
    "or set c.KnowHub.reranker = 'none'."
)
_AGAIN = "Copy model.onnx and tokenizer.json of one cross-encoder there again, or set c.KnowHub.reranker = 'none'."


@dataclass(frozen=True, kw_only=True, slots=True)
class _Model:
    """Vendors' objects; `pad` is the token that fills a shorter text up."""

    tokenizer: Any
    session: Any
    pad: int


class CrossEncoderReranker:
    """Options: `folder`, with `model.onnx` (or `onnx/model.onnx`) and `tokenizer.json`; `weight`, how much its scores
    count beside the ranking, in standard deviations of each; `threads` (0: up to four)."""

    def __init__(self, *, folder: Path | str, weight: float = 2.0, threads: int = 0) -> None:
        self.folder = Path(folder).expanduser()
        self.weight, self.threads = weight, threads or usable_threads()
        self.name = f"cross-encoder:{self.folder.name}"
        self._loading = threading.Lock()
        self._model: _Model | None = None

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return the model's logit for each text; of a model of two classes, by how much the second has more.

        Raises:
            MissingWeights: folder, model or tokenizer are not there.
            DamagedWeights: they cannot be loaded, or are no cross-encoder.
        """
        if not texts:
            return []
        with self._loading:
            model = self._model = self._model or self._loaded()
        encoded = model.tokenizer.encode_batch([(question, text) for text in texts])
        scores: dict[int, float] = {}
        for numbers in batches([row.ids for row in encoded], _BATCH_TOKENS):
            scores |= zip(numbers, self._run(model, [encoded[number] for number in numbers]), strict=True)
        return [scores[number] for number in range(len(texts))]

    def _loaded(self) -> _Model:
        with vendor("onnxruntime"):
            import onnxruntime
        with vendor("tokenizers"):
            from tokenizers import Tokenizer

        model, words = self._files()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.log_severity_level = 4  # what goes wrong is raised, not printed as well
        try:
            tokenizer = Tokenizer.from_file(str(words))
            session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # neither vendor has a class of its own for this
            raise self._unfit(error) from error
        pad, cut = (tokenizer.padding or {}).get("pad_id", 0), (tokenizer.truncation or {}).get("max_length")
        tokenizer.no_padding()
        tokenizer.enable_truncation(min(cut or _MAX_TOKENS, _MAX_TOKENS))
        return _Model(tokenizer=tokenizer, session=session, pad=pad)

    def _files(self) -> tuple[Path, Path]:
        words = self.folder / "tokenizer.json"
        for model in (self.folder / name for name in _PLACES):
            if model.is_file() and words.is_file():
                return model, words
        raise MissingWeights(
            f"'{self.folder}' does not hold a cross-encoder: {_PLACES[0]} and {words.name} are needed.", cure=_GET
        )

    def _run(self, model: _Model, rows: Sequence[Any]) -> list[float]:
        import numpy as np

        longest = max(len(row.ids) for row in rows)

        def padded(name: str, fill: int) -> Any:
            return np.asarray([[*getattr(row, name), *[fill] * (longest - len(row.ids))] for row in rows], np.int64)

        named = {
            "input_ids": padded("ids", model.pad), "attention_mask": padded("attention_mask", 0),
            "token_type_ids": padded("type_ids", 0),
        }
        wanted = {one.name for one in model.session.get_inputs()}
        try:
            found = model.session.run(None, {name: named[name] for name in wanted})[0]
            logits = np.asarray(found, dtype=np.float64).reshape(len(rows), -1)
        except Exception as error:
            raise self._unfit(error) from error
        if logits.shape[1] not in (1, 2) or not np.isfinite(logits).all():
            raise self._unfit(f"it gives {logits.shape[1]} numbers a text, where one or two finite ones are meant")
        scores = logits[:, -1] - (logits[:, 0] if logits.shape[1] == 2 else 0.0)
        return [float(score) for score in scores]

    def _unfit(self, why: object) -> DamagedWeights:
        return DamagedWeights(f"What '{self.folder}' holds cannot be used as a cross-encoder: {why}.", cure=_AGAIN)
