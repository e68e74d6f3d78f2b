"""all-MiniLM-L6-v2 on CTranslate2, the engine that speech recognition brings already: no PyTorch, no download.

The packaged weights are converted once into the user's cache folder and kept there as int8.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from knowhub_ext.backends import weights
from knowhub_ext.backends.batching import batches
from knowhub_ext.backends.vendors import cache_dir, usable_threads, vendor
from knowhub_ext.domain.embeddings import TokenVectors
from knowhub_ext.errors import DamagedWeights, MissingWeights
from knowhub_ext.ports import Vector

#: Tokens a text may have, as the model was trained; what is longer is cut.
MAX_TOKENS = 256
#: Small enough that what is encoded at ingest is several, one for each thread.
_BATCH_TOKENS = 1024
_LAYERS, _HEADS = 6, 12
_LOADING = threading.Lock()


class MiniLMEmbedder:
    """Options: `cache`, the folder for the converted model; `threads` (0: up to four)."""

    name = weights.MINILM.name
    dimensions = 384
    semantic = True

    def __init__(self, *, cache: Path | str | None = None, threads: int = 0) -> None:
        self.cache, self.threads = cache, threads or usable_threads()

    @staticmethod
    def missing() -> MissingWeights | None:
        """Return what is missing to use this backend with its defaults, or None."""
        return weights.missing(weights.MINILM)

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        """Return the mean of each text's token vectors, of unit length. Texts of like length share a batch.

        Raises:
            MissingWeights, DamagedWeights: the packaged weights are not there or not the pinned ones.
        """
        return [_floats(hidden) for _, hidden in self._hidden(texts)]

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return the vectors of each text and of its tokens.

        Raises:
            MissingWeights, DamagedWeights: as `embed`.
        """
        return [
            TokenVectors(vector=_floats(hidden), tokens=tokens[1:-1], rows=hidden[1:-1].astype("<f4").tobytes())
            for tokens, hidden in self._hidden(texts)
        ]

    def _hidden(self, texts: Sequence[str]) -> list[tuple[tuple[str, ...], Any]]:
        """Return the tokens of each text, the marks around it among them, and what the encoder makes of each."""
        if not texts:
            return []
        with _LOADING:
            tokenizer, encoder = _loaded(str(cache_dir(self.cache)), self.threads)
        encodings = tokenizer.encode_batch([text or " " for text in texts])
        encoded = [encoding.ids for encoding in encodings]
        numbers = list(batches(encoded, _BATCH_TOKENS))
        found: dict[int, Any] = {}
        for batch, rows in zip(numbers, self._made(encoder, encoded, numbers), strict=True):
            found |= zip(batch, rows, strict=True)
        return [(tuple(encoding.tokens), found[number]) for number, encoding in enumerate(encodings)]

    def _made(self, encoder: Any, encoded: Sequence[Sequence[int]], numbers: Sequence[list[int]]) -> list[list[Any]]:
        """Return the token vectors of each text of each batch, made side by side where there are several."""
        ids = [[encoded[number] for number in batch] for batch in numbers]
        if len(ids) == 1:
            return [_forward(encoder, ids[0])]
        with ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(partial(_forward, encoder), ids))


def _forward(encoder: Any, ids: Sequence[Sequence[int]]) -> list[Any]:
    """Return a matrix a text: a row for each of its tokens."""
    import numpy as np

    hidden = np.asarray(encoder.forward_batch([list(row) for row in ids]).last_hidden_state, dtype=np.float32)
    return [hidden[number, : len(row)] for number, row in enumerate(ids)]


def _floats(hidden: Any) -> Vector:
    """Return the mean of the rows, of unit length."""
    import numpy as np

    mean = hidden.mean(axis=0)
    vector: Vector = (mean / np.linalg.norm(mean)).tolist()
    return vector


@lru_cache(maxsize=1)
def _loaded(cache: str, threads: int) -> tuple[Any, Any]:
    with vendor("ctranslate2"):
        import ctranslate2
    with vendor("tokenizers"):
        from tokenizers import Tokenizer

    source = weights.checked(weights.MINILM, cache=cache)
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    folder = converted(source, Path(cache), ctranslate2.__version__)
    # One thread a batch: two that share one question wait for each other wherever the processor is busy otherwise.
    encoder = ctranslate2.Encoder(
        str(folder), device="cpu", compute_type="int8", inter_threads=threads, intra_threads=1
    )
    return tokenizer, encoder


def converted(source: Path, cache: Path, engine_version: str) -> Path:
    """Return the folder of the converted model, converting first where it is not there yet.

    It appears under its name in one step, so that two processes may do this at once and neither sees half of it. Where
    the cache cannot be written, the model goes to a temporary folder of this process.
    """
    final = cache / "models" / f"{weights.MINILM.name}-{weights.MINILM.fingerprint}-ct2-{engine_version}-int8"
    if (final / "model.bin").is_file():
        return final
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".making-", dir=final.parent))
    except OSError:
        final = Path(tempfile.mkdtemp(prefix="knowhub-model-")) / "model"
        work = final.parent / ".making"
    try:
        convert(source, work / "made")
        os.rename(work / "made", final)
    except OSError:
        if not (final / "model.bin").is_file():  # else another process was faster
            raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return final


def convert(source: Path, target: Path, quantization: str | None = "int8") -> None:
    """Fill CTranslate2's description of a BERT encoder from the tensors and save it; None keeps their numbers whole."""
    from ctranslate2.specs import common_spec, transformer_spec

    tensors = read_safetensors(source / "model.safetensors")
    encoder = transformer_spec.TransformerEncoderSpec(
        _LAYERS, _HEADS, pre_norm=False, activation=common_spec.Activation.GELU, layernorm_embedding=True,
        num_source_embeddings=2, embeddings_merge=common_spec.EmbeddingsMerge.ADD,
    )
    spec = transformer_spec.TransformerEncoderModelSpec(encoder, pooling_layer=False)
    _fill(encoder, tensors)
    vocabulary = json.loads((source / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
    spec.register_vocabulary(sorted(vocabulary, key=vocabulary.__getitem__))
    spec.config.unk_token = "[UNK]"
    spec.config.layer_norm_epsilon = 1e-12
    spec.validate()
    spec.optimize(quantization=quantization)
    target.mkdir(parents=True)
    spec.save(str(target))


def _fill(encoder: Any, tensors: Mapping[str, Any]) -> None:
    import numpy as np

    def linear(spec: Any, *names: str) -> None:
        spec.weight = np.concatenate([tensors[f"{name}.weight"] for name in names])
        spec.bias = np.concatenate([tensors[f"{name}.bias"] for name in names])

    def norm(spec: Any, name: str) -> None:
        spec.gamma, spec.beta = tensors[f"{name}.weight"], tensors[f"{name}.bias"]

    encoder.scale_embeddings = False
    encoder.embeddings[0].weight = tensors["embeddings.word_embeddings.weight"]
    encoder.embeddings[1].weight = tensors["embeddings.token_type_embeddings.weight"]
    encoder.position_encodings.encodings = tensors["embeddings.position_embeddings.weight"]
    norm(encoder.layernorm_embedding, "embeddings.LayerNorm")
    for number, layer in enumerate(encoder.layer):
        at = f"encoder.layer.{number}"
        linear(layer.self_attention.linear[0], *(f"{at}.attention.self.{part}" for part in ("query", "key", "value")))
        linear(layer.self_attention.linear[1], f"{at}.attention.output.dense")
        norm(layer.self_attention.layer_norm, f"{at}.attention.output.LayerNorm")
        linear(layer.ffn.linear_0, f"{at}.intermediate.dense")
        linear(layer.ffn.linear_1, f"{at}.output.dense")
        norm(layer.ffn.layer_norm, f"{at}.output.LayerNorm")


def read_safetensors(path: Path) -> dict[str, Any]:
    """Read the float32 tensors of a safetensors file: 8 bytes of header length, a JSON header, then raw data.

    Raises:
        DamagedWeights: it is not laid out like that.
    """
    import numpy as np

    data = path.read_bytes()
    try:
        length = int.from_bytes(data[:8], "little")
        header = json.loads(data[8 : 8 + length])
        header.pop("__metadata__", None)
        tensors = {}
        for name, about in header.items():
            if about["dtype"] == "F32":
                start, end = (8 + length + offset for offset in about["data_offsets"])
                tensors[name] = np.frombuffer(data[start:end], dtype="<f4").reshape(about["shape"]).copy()
        return tensors
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedWeights(f"'{path.name}' in {path.parent} is not a safetensors file: {error}.") from error
