"""Rerankers: a cross-encoder that is not there or damaged is refused with the cure, the plain one counts words.

The cross-encoder is a tiny one whose logits are known; no published one is loaded here.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import onnx
import pytest
from onnx import TensorProto, helper

from knowhub_ext.backends.rerankers.coverage import CoverageReranker
from knowhub_ext.backends.rerankers.cross_encoder import CrossEncoderReranker
from knowhub_ext.errors import DamagedWeights, MissingWeights
from tests.standins import crossencoders

TEXTS = ["the worker dies", "santa clara", "the task of a worker that dies is lost", "gin"]
ASKED = "task lost worker dies"
SHARED = [2, 0, 4, 0]


@pytest.mark.parametrize(("classes", "place"), [(1, "model.onnx"), (2, "model.onnx"), (1, "onnx/model.onnx")])
def test_each_text_has_the_logit_of_the_model(tmp_path: Path, classes: int, place: str) -> None:
    made = CrossEncoderReranker(folder=crossencoders.write(tmp_path / "tiny", classes=classes, place=place))
    assert made.score(ASKED, TEXTS) == SHARED
    assert made.name == "cross-encoder:tiny"


def test_texts_of_all_lengths_are_batched_and_what_is_too_long_is_cut(tmp_path: Path) -> None:
    made = CrossEncoderReranker(folder=crossencoders.write(tmp_path))
    assert made.score(ASKED, ["worker " * n for n in range(0, 2_000, 97)]) == [0.0] + [1.0] * 20
    assert made.score(ASKED, ["of " * 5_000 + "worker"]) == [0.0], "the last word is beyond what the model reads"


@pytest.mark.parametrize("left", [[], ["model.onnx"], ["tokenizer.json"]])
def test_a_folder_without_model_or_tokenizer_is_named_with_the_cure(tmp_path: Path, left: list[str]) -> None:
    folder = crossencoders.write(tmp_path / "tiny")
    for name in {"model.onnx", "tokenizer.json"} - set(left):
        (folder / name).unlink()
    with pytest.raises(MissingWeights, match=r"tiny.*model\.onnx and tokenizer.json") as raised:
        CrossEncoderReranker(folder=folder).score(ASKED, TEXTS)
    assert "reranker_options" in raised.value.cure


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
@pytest.mark.parametrize("damage", [b"", b"no model", None])
def test_a_damaged_file_is_refused_with_the_cure(tmp_path: Path, name: str, damage: bytes | None) -> None:
    path = crossencoders.write(tmp_path / "tiny") / name
    path.write_bytes(path.read_bytes()[:-40] if damage is None else damage)
    with pytest.raises(DamagedWeights, match="tiny") as raised:
        CrossEncoderReranker(folder=path.parent).score(ASKED, TEXTS)
    assert "again" in raised.value.cure
    assert "\n" not in raised.value.message


def test_a_model_of_another_kind_is_refused(tmp_path: Path) -> None:
    """A classifier of three classes, and one that asks for what no tokenizer gives."""
    folder = crossencoders.write(tmp_path / "tiny", classes=3)
    with pytest.raises(DamagedWeights, match="3 numbers a text"):
        CrossEncoderReranker(folder=folder).score(ASKED, TEXTS)
    pixels = helper.make_tensor_value_info("pixels", TensorProto.FLOAT, [1])
    graph = helper.make_graph([helper.make_node("Neg", ["pixels"], ["out"])], "other", [pixels],
                              [helper.make_tensor_value_info("out", TensorProto.FLOAT, [1])])
    onnx.save(helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)]),
              str(folder / "model.onnx"))
    with pytest.raises(DamagedWeights, match="pixels"):
        CrossEncoderReranker(folder=folder).score(ASKED, TEXTS)


def test_making_one_loads_nothing(tmp_path: Path) -> None:
    """Every process of a hub makes the one that is set, and most of them never search."""
    code = (
        "import sys; from knowhub_ext.backends import registry; "
        f"registry.create('rerankers', 'cross_encoder', folder={str(tmp_path)!r}); "
        "print([m for m in ('onnxruntime', 'tokenizers', 'numpy') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_plain_one_counts_rare_words_more_and_pairs_on_top() -> None:
    made = CoverageReranker()
    texts = ["the worker and the broker", "the worker and the timeout", "a timeout of visibility", "visibility timeout",
             "the worker"]
    both, one, apart, together, common = made.score("worker visibility timeout", texts)
    assert together > apart > common
    assert one > both == common, "what the question does not ask for is worth nothing"
    assert made.score("the of and", texts) == [0.0] * len(texts)
