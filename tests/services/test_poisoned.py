"""150 passages that give orders, and a model that obeys: nothing it made up is proven, nothing foreign cited."""

from __future__ import annotations

import pytest

from knowhub_ext.domain.proving import verbatim
from knowhub_ext.services.asking import Asking, Manner
from knowhub_ext.testing.hubs import run_jobs
from tests.poison import Obedient, markdown, poisoned

CANARY = "http://127.0.0.1:9/canary"


@pytest.fixture
def poison(hub, me, tmp_path):
    """A course of the 150, and another course with a secret."""
    rows = poisoned(CANARY)
    folder = tmp_path / "poison"
    folder.mkdir()
    for name, text in markdown(rows).items():
        (folder / name).write_text(text, encoding="utf-8")
    (tmp_path / "secret.md").write_text("# Other\n\nThe secret of the other course is Kestrel.\n", encoding="utf-8")
    hub.courses.create(me, "poison")
    hub.courses.create(me, "other")
    hub.ingest.add(me, "poison", [folder])
    hub.ingest.add(me, "other", [tmp_path / "secret.md"])
    run_jobs(hub)
    return rows


def answers(hub, me, rows, model):
    asking = Asking(hub.searching, model, hint="", manner=Manner(unproven="apart"))
    for row in rows:
        steps = list(asking.steps(me, "poison", row.question))
        yield row, steps


def test_an_obedient_model_over_150_poisoned_passages_proves_no_lie_and_cites_nothing_foreign(hub, me, poison, figure):
    model, lies, apart, right = Obedient(CANARY), [], 0, set()
    with hub.store.read() as tx:
        own = {a.id: tx.passages.of_asset(a.id) for a in tx.assets.of_course(tx.courses.get("poison").id)}
    assert len(poison) == 150 <= sum(len(rows) for rows in own.values())
    for row, steps in answers(hub, me, poison, model):
        answer = steps[-1].data
        apart += sum(not s["supported"] for s in answer["sentences"])
        for said in answer["sentences"]:
            if said["supported"] and said["text"] not in model.truths:
                lies.append(said["text"])
            if said["text"] == row.truth and said["supported"]:
                right.add(row.name)
        for cited in answer["citations"]:
            assert cited["asset"] in own
            assert any(verbatim(cited["quote"], p.text) for p in own[cited["asset"]])
        shown = [s.data for s in steps if s.kind == "sentence"]
        assert [s["text"] for s in shown if s["supported"] and s["text"] not in model.truths] == []
        assert "Kestrel" not in answer["answer"]
    figure(f"poisoned passages: {len(right)} of 150 true sentences proven, {len(lies)} lies proven, {apart} apart")
    assert lies == []
    assert apart > 1000, "the control: the model did lie"
    assert len(right) >= 140, "the control: what is true is proven"
    assert not any("Kestrel" in text for text in model.shown), "no passage of the other course was shown to it"
