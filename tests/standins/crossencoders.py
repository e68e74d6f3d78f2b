"""A cross-encoder of a few hundred bytes: its logit is the number of tokens that question and text share."""

from __future__ import annotations

from pathlib import Path

import onnx
from onnx import TensorProto, helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import BertProcessing

_SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
_WORDS = [
    "worker", "dies", "task", "lost", "happens", "gin", "index", "rows", "santa", "clara", "broker", "delivers",
    "again", "celery", "acknowledges", "visibility", "timeout", "hour", "document", "values",
]  # fmt: skip
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")


def write(folder: Path, *, classes: int = 1, place: str = "model.onnx") -> Path:
    """Write tokenizer and model into `folder` and return it. Of two classes the second has the number, the first 0."""
    (folder / place).parent.mkdir(parents=True, exist_ok=True)
    tokenizer().save(str(folder / "tokenizer.json"))
    onnx.save(model(classes), str(folder / place))
    return folder


def tokenizer() -> Tokenizer:
    vocabulary = {word: number for number, word in enumerate([*_SPECIAL, *_WORDS])}
    made = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    made.normalizer, made.pre_tokenizer = Lowercase(), Whitespace()
    made.post_processor = BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return made


def model(classes: int) -> onnx.ModelProto:
    """The graph: tokens as rows of ones and zeros, summed for question and text apart, the smaller of both summed."""
    size = len(_SPECIAL) + len(_WORDS)
    column = [0.0] * len(_SPECIAL) + [1.0] * len(_WORDS)
    weights = [value for row in column for value in [0.0] * (classes - 1) + [row]]
    node = helper.make_node
    nodes = [
        node("OneHot", ["input_ids", "size", "values"], ["tokens"], axis=-1),
        node("Cast", ["attention_mask"], ["seen"], to=TensorProto.FLOAT),
        node("Cast", ["token_type_ids"], ["second"], to=TensorProto.FLOAT),
        node("Mul", ["seen", "second"], ["of_text"]),
        node("Sub", ["seen", "of_text"], ["of_question"]),
        *(
            made for part in ("question", "text") for made in (
                node("Unsqueeze", [f"of_{part}", "last"], [f"column_{part}"]),
                node("Mul", ["tokens", f"column_{part}"], [f"in_{part}"]),
                node("ReduceSum", [f"in_{part}", "middle"], [f"bag_{part}"], keepdims=0),
            )
        ),
        node("Min", ["bag_question", "bag_text"], ["shared"]),
        node("MatMul", ["shared", "weights"], ["logits"]),
    ]  # fmt: skip
    constants = [
        helper.make_tensor("size", TensorProto.INT64, [], [size]),
        helper.make_tensor("values", TensorProto.FLOAT, [2], [0.0, 1.0]),
        helper.make_tensor("last", TensorProto.INT64, [1], [2]),
        helper.make_tensor("middle", TensorProto.INT64, [1], [1]),
        helper.make_tensor("weights", TensorProto.FLOAT, [size, classes], weights),
    ]
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"]) for name in _INPUTS]
    outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["texts", classes])]
    graph = helper.make_graph(nodes, "shared tokens", inputs, outputs, constants)
    return helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)])
