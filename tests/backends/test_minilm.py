"""all-MiniLM-L6-v2 against the same network written out in numpy from the same weights: the positive control."""

from __future__ import annotations

import math
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from knowhub_ext.backends import weights
from knowhub_ext.backends.embedders.hashing import HashingEmbedder
from knowhub_ext.backends.embedders.minilm import MAX_TOKENS, MiniLMEmbedder, read_safetensors
from knowhub_ext.errors import DamagedWeights

pytestmark = pytest.mark.models

SENTENCES = [
    "What happens to a Celery task when its worker dies?",
    "If the process that executes a job is killed, the job is lost.",
    "A GIN index keeps a list of rows for every word.",
    "The championship was played in Santa Clara, California.",
    "¿Qué es un índice invertido? 漢字 🙂 naïve café",
]


@pytest.fixture(scope="module")
def source() -> Path:
    return weights.checked(weights.MINILM)


def reference(source: Path, texts: list[str]) -> Any:
    """Run BERT (Devlin et al. 2018, post-norm, GELU) with mean pooling in float32, one text at a time."""
    from tokenizers import Tokenizer

    t = read_safetensors(source / "model.safetensors")
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.no_padding()
    erf = np.vectorize(math.erf, otypes=[np.float32])

    def norm(x: Any, name: str) -> Any:
        centred = x - x.mean(-1, keepdims=True)
        return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12) * t[f"{name}.weight"] + t[f"{name}.bias"]

    def linear(x: Any, name: str) -> Any:
        return x @ t[f"{name}.weight"].T + t[f"{name}.bias"]

    def layer(x: Any, at: str) -> Any:
        parts = (linear(x, f"{at}.attention.self.{name}") for name in ("query", "key", "value"))
        q, k, v = (part.reshape(-1, 12, 32).swapaxes(0, 1) for part in parts)
        scores = np.exp(q @ k.swapaxes(1, 2) / math.sqrt(32))
        heard = (scores / scores.sum(-1, keepdims=True) @ v).swapaxes(0, 1).reshape(-1, 384)
        x = norm(x + linear(heard, f"{at}.attention.output.dense"), f"{at}.attention.output.LayerNorm")
        wide = linear(x, f"{at}.intermediate.dense")
        wide = wide * 0.5 * (1 + erf(wide / math.sqrt(2)))
        return norm(x + linear(wide, f"{at}.output.dense"), f"{at}.output.LayerNorm")

    def embed(text: str) -> Any:
        ids = tokenizer.encode(text).ids
        words, places = t["embeddings.word_embeddings.weight"], t["embeddings.position_embeddings.weight"]
        x = words[ids] + places[: len(ids)] + t["embeddings.token_type_embeddings.weight"][0]
        x = norm(x, "embeddings.LayerNorm")
        for number in range(6):
            x = layer(x, f"encoder.layer.{number}")
        mean = x.mean(0)
        return mean / np.linalg.norm(mean)

    return np.array([embed(text) for text in texts])


def test_vectors_are_those_of_the_network_written_out(source: Path) -> None:
    ours, theirs = np.array(MiniLMEmbedder().embed(SENTENCES)), reference(source, SENTENCES)
    cosines = (ours * theirs).sum(1)
    assert cosines.min() >= 0.99, cosines
    assert np.abs(ours @ ours.T - theirs @ theirs.T).max() < 0.03


def test_a_paraphrase_is_nearer_than_shared_spelling() -> None:
    texts = ["How do I terminate a running program?", "Kill the process.", "How do I run a marathon programme?"]
    a, b, c = np.array(MiniLMEmbedder().embed(texts))
    assert a @ b > a @ c
    a, b, c = np.array(HashingEmbedder().embed(texts))
    assert a @ b < a @ c, "the control: spelling alone says the opposite"


def test_a_text_has_the_same_vector_alone_and_among_others() -> None:
    many = [f"{text} {'again ' * n}" for n, text in enumerate(SENTENCES * 9)]
    together, embedder = np.array(MiniLMEmbedder().embed(many)), MiniLMEmbedder()
    for number in (0, 7, 44):
        assert together[number] @ np.array(embedder.embed([many[number]])[0]) > 0.999


def test_a_long_text_is_cut_where_the_model_ends() -> None:
    cut, longer = np.array(MiniLMEmbedder().embed(["word " * MAX_TOKENS, "word " * (MAX_TOKENS + 50)]))
    assert cut @ longer > 0.9999


PROCESS = """
import sys
from knowhub_ext.backends.embedders.minilm import MiniLMEmbedder
print(len(MiniLMEmbedder(cache=sys.argv[1]).embed(["hello"])[0]))
"""


def test_two_processes_may_make_the_model_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROCESS, str(tmp_path)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [process.communicate()[0].strip() for process in running] == ["384", "384"]
    made = list((tmp_path / "models").iterdir())
    assert [path.name for path in made if path.name.startswith(".")] == []
    assert len(made) == 1


def test_a_cache_that_cannot_be_written_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = subprocess.run(
        [sys.executable, "-c", PROCESS, str(tmp_path / "file")], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "384", done.stderr


def test_what_is_no_safetensors_file_is_damaged_weights(source: Path, tmp_path: Path) -> None:
    shutil.copyfile(source / "config.json", tmp_path / "model.safetensors")
    with pytest.raises(DamagedWeights, match="not a safetensors file"):
        read_safetensors(tmp_path / "model.safetensors")
