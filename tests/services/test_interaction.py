"""Late interaction: each word of a question against those of a passage's first sentences, by the signs kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from sqlalchemy import delete, func, select

from knowhub_ext.domain.embeddings import TokenVectors
from knowhub_ext.domain.locators import PageRef, TimeSpan
from knowhub_ext.domain.passages import NEAR, Neighbour
from knowhub_ext.domain.texts import words
from knowhub_ext.hub.parts import exact_index
from knowhub_ext.ports import TokenEmbedder, Vector
from knowhub_ext.services import interaction, picking
from knowhub_ext.services.embedding import meanings_of
from knowhub_ext.services.interaction import nearness, signs
from knowhub_ext.services.searching import Searching
from knowhub_ext.services.vectorising import keep
from knowhub_ext.store.tables import OPENING
from knowhub_ext.testing.hubs import run_jobs
from tests.services.test_embedding import passage

WIDTH = 64


def row(word: str) -> np.ndarray:
    """Return the numbers of a word: the same for the same word, far from those of any other."""
    return np.random.default_rng(sum(map(ord, word)) * 7919).normal(size=WIDTH).astype("<f4")


def told(text: str) -> TokenVectors:
    tokens = tuple(words(text))
    rows = np.array([row(token) for token in tokens], dtype="<f4").reshape(-1, WIDTH)
    mean = rows.mean(axis=0) if tokens else np.ones(WIDTH)
    return TokenVectors(vector=(mean / np.linalg.norm(mean)).tolist(), tokens=tokens, rows=rows.tobytes())


class Spelling:
    """An embedder that tells of words; `semantic` is off, so that no answer rests on it."""

    name, dimensions, semantic = "spelling", WIDTH, False

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        return [told(text).vector for text in texts]

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return [told(text) for text in texts]


def beside(*sentences: str, asset: str = "a", first: int = 0) -> tuple[list[Neighbour], dict[str, bytes]]:
    """Return passages of three sentences' length that begin one a sentence, and what is kept of them."""
    rows = [
        Neighbour(
            id=f"{asset}{n}", asset_id=asset, ordinal=first + n, start=text,
            locator=TimeSpan(start_ms=n * 1000, end_ms=(n + 3) * 1000),
        )
        for n, text in enumerate(sentences)
    ]
    return rows, {one.id: signs(told(one.start)) for one in rows}


def test_signs_are_one_bit_a_number_and_of_a_long_text_only_its_beginning():
    assert len(signs(told("one two three"))) == 3 * WIDTH // 8
    assert len(signs(told("word " * 500))) == 64 * WIDTH // 8
    assert signs(told("")) == b""


def test_a_word_is_nearest_to_itself():
    rows, kept = beside("a gradient", "some colours", "quite another matter", "nothing")
    near = nearness(told("gradient"), rows, kept)
    assert near["a0"] > 0.7
    assert near["a2"] < 0.4


def test_all_of_a_passages_first_sentences_count_and_no_other():
    rows, kept = beside("one", "two", "a gradient", "four", "five", "six")
    near = nearness(told("gradient"), rows, kept)
    assert near["a0"] == near["a1"] == near["a2"], "each of them has the sentence in its three seconds"
    assert near["a3"] < near["a0"]
    other, more = beside("gradient", asset="b")
    assert nearness(told("gradient"), [*rows[3:], *other], kept | more)["a5"] < 0.4, "another file is no neighbour"


def test_what_lies_between_is_not_skipped():
    rows, kept = beside("one", "two", "gradient")
    far = [rows[0], rows[2]]
    assert nearness(told("gradient"), far, kept)["a0"] > 0.7, "within reach"
    gone = Neighbour(
        id="z", asset_id="a", ordinal=NEAR, start="gradient", locator=TimeSpan(start_ms=1, end_ms=2),
    )
    assert nearness(told("gradient"), [rows[0], gone], kept | {"z": kept["a2"]})["a0"] < 0.4


def test_pages_are_not_read_on_into_the_next():
    rows = [Neighbour(id=f"p{n}", asset_id="a", ordinal=n, start=text, locator=PageRef(page=n + 1))
            for n, text in enumerate(["nothing here", "a gradient"])]
    kept = {one.id: signs(told(one.start)) for one in rows}
    near = nearness(told("gradient"), rows, kept)
    assert near["p0"] < 0.4 < near["p1"]


def test_function_words_do_not_count_but_where_there_is_nothing_else():
    rows, kept = beside("how do you of the", "gradient")
    near = nearness(told("how do you make the gradient"), rows[:1], kept)
    assert near["a0"] < 0.4
    assert nearness(told("how do you"), rows[:1], kept)["a0"] > 0.7


def test_what_has_no_tokens_kept_is_left_out():
    rows, kept = beside("one", "two")
    assert nearness(told("one"), rows, {}) == {}
    assert set(nearness(told("one"), rows, {"a1": kept["a1"]})) == {"a1"}
    assert nearness(told(""), rows, kept) == {}


def test_an_embedder_that_tells_of_no_tokens_is_asked_for_none():
    class Plain:
        name, dimensions, semantic = "plain", 2, False

        def embed(self, texts: Sequence[str]) -> list[Vector]:
            return [[1.0, 0.0] for _ in texts]

    assert not isinstance(Plain(), TokenEmbedder)
    [made] = meanings_of(Plain(), [passage("a", "b")])
    assert made.tokens is None
    [made] = meanings_of(Spelling(), [passage("a", "b")])
    assert made.tokens == signs(told("a"))


LINES = (
    "Photographs are taken with a camera outside.", "The camera is heavy.", "We carry it up a hill.",
    "It rains there.", "Colours run into another.", "That is a ramp of colours, a gradient ramp.", "It is smooth.",
    "Then we go home.", "The hill is behind us.", "Supper is ready.",
)


@pytest.fixture
def spelled(hub, me, tmp_path):
    """Index a lecture by an embedder that tells of tokens; return how it is searched."""
    cues = "".join(f"\n00:00:{n * 5:02}.000 --> 00:00:{n * 5 + 5:02}.000\n{text}\n" for n, text in enumerate(LINES))
    (tmp_path / "talk.vtt").write_text("WEBVTT\n" + cues)
    course = hub.courses.create(me, "spelled").id
    hub.ingest.add(me, "spelled", [tmp_path / "talk.vtt"])
    run_jobs(hub)
    index(hub, course)
    return lambda query, **more: Searching(hub.store, Spelling(), exact_index).search(me, "spelled", query, **more)


def index(hub, course):
    with hub.store.write() as tx:
        [asset] = tx.assets.of_course(course)
        passages = tx.passages.of_asset(asset.id)
        keep(tx, course, Spelling.name, passages, meanings_of(Spelling(), passages))
        tx.embeddings.serve(course, Spelling.name)


def test_tokens_are_kept_with_the_vectors_and_go_with_them(hub, spelled):
    with hub.store.read() as tx:
        ids = [row["passage_id"] for row in tx.session.rows(select(OPENING.c.passage_id))]
        assert len(tx.vectors.tokens(Spelling.name, ids)) == len(LINES)
        assert tx.vectors.tokens("hashing-256", ids) == {}
    with hub.store.write() as tx:
        tx.vectors.put(Spelling.name, [(ids[0], [0.0] * WIDTH)])
    with hub.store.read() as tx:
        assert ids[0] not in tx.vectors.tokens(Spelling.name, ids), "a vector made anew without tokens has none"
    with hub.store.write() as tx:
        tx.embeddings.delete(Spelling.name)
        assert tx.session.scalar(select(func.count()).select_from(OPENING)) == 0


def test_search_compares_tokens_and_opens_where_the_answer_begins(hub, spelled, monkeypatch):
    with_tokens = spelled("a gradient ramp")
    assert "gradient" in with_tokens[0].text
    seconds = [hit.locator.start_ms for hit in with_tokens]
    assert len(set(seconds)) == len(seconds)
    with hub.store.write() as tx:
        tx.session.run(delete(OPENING))
    assert "gradient" in spelled("a gradient ramp")[0].text, "what was made before there were tokens is found"


def test_tokens_change_the_order(hub, me, spelled, monkeypatch):
    asked = "hill camera"
    before = [hit.passage.id for hit in spelled(asked)]
    monkeypatch.setattr(interaction, "_NEARNESS", -5.0)
    assert [hit.passage.id for hit in spelled(asked)] != before


def test_an_answer_reads_what_was_ranked_and_not_where_one_would_begin_to_listen(spelled, monkeypatch):
    ranked = [hit.passage.id for hit in spelled("a gradient ramp", opened=False)]
    monkeypatch.setattr(picking, "opened", lambda hit, around: min(around, key=lambda one: one.start_ms).id)
    assert [hit.passage.id for hit in spelled("a gradient ramp", opened=False)] == ranked
    assert [hit.passage.id for hit in spelled("a gradient ramp")] != ranked, "the control"
