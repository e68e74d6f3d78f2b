from __future__ import annotations

from sqlalchemy import text

from knowhub_ext.domain.segments import Provenance, Segment, Word

PROVENANCE = Provenance(
    engine="faster-whisper", model="tiny.en", language="en", options={"beam_size": 5, "vad": True, "t": [0.0, 0.2]},
    hot_words=("Celery", "GIN"),
)


def cue(number: int, speaker: str = "") -> Segment:
    start = number * 1000
    words = (
        Word(start_ms=start, end_ms=start + 400, text=f"word{number}", probability=0.4321),
        Word(start_ms=start + 500, end_ms=start + 900, text="ünd\U0001f600", probability=1.0),
    )
    return Segment(start_ms=start, end_ms=start + 900, text=f"word{number} ünd\U0001f600", speaker=speaker, words=words)


def begin(store, asset, provenance=PROVENANCE):
    with store.write() as tx:
        return tx.transcripts.begin(asset.id, asset.revision, provenance)


def test_an_asset_without_transcript_has_none(store, make):
    asset = make.asset()
    with store.read() as tx:
        assert tx.transcripts.current(asset.id) is None
        assert tx.transcripts.summary(asset.id) is None


def test_a_transcript_grows_in_many_transactions_and_comes_back_whole(store, make):
    asset = make.asset()
    transcript = begin(store, asset)
    stored = []
    for batch in ([cue(0), cue(1, "Ada")], [], [cue(2)]):
        with store.write() as tx:
            stored += tx.transcripts.append(transcript.id, batch)
        with store.read() as tx:
            found = tx.transcripts.current(asset.id)
            assert found.segments == stored
            assert not found.complete
    assert len({segment.id for segment in stored}) == 3
    with store.write() as tx:
        tx.transcripts.finish(transcript.id)
    with store.read() as tx:
        found = tx.transcripts.current(asset.id)
        assert (found.id, found.asset_id, found.revision) == (transcript.id, asset.id, 1)
        assert found.provenance == PROVENANCE
        assert found.complete
        assert [segment.words for segment in found.segments] == [cue(n).words for n in range(3)]


def test_when_the_newest_transcript_changed_is_known(store, make, clock):
    asset = make.asset()
    changes = []
    for _ in range(2):
        clock.forward(10)
        transcript = begin(store, asset)
        clock.forward(10)
        with store.write() as tx:
            tx.transcripts.finish(transcript.id)
            changes.append(tx.now)
            assert tx.transcripts.changed_at([asset.id, "nothing"]) == {asset.id: changes[-1]}
    assert changes[0] < changes[1]


def test_words_can_be_left_out(store, make):
    asset = make.asset()
    transcript = begin(store, asset)
    with store.write() as tx:
        tx.transcripts.append(transcript.id, [cue(0)])
        found = tx.transcripts.current(asset.id, words=False)
    assert found.segments[0].words == ()
    assert found.segments[0].text == cue(0).text


def test_a_summary_counts_without_loading(store, make):
    asset = make.asset()
    transcript = begin(store, asset)
    with store.write() as tx:
        tx.transcripts.append(transcript.id, [cue(n) for n in range(5)])
        found, count = tx.transcripts.summary(asset.id)
    assert (found.id, found.segments, count) == (transcript.id, (), 5)


def test_only_the_newest_transcript_counts_and_the_older_one_is_kept(store, make):
    asset, other = make.asset(), make.asset()
    apart = begin(store, other)
    old = begin(store, asset)
    with store.write() as tx:
        tx.transcripts.append(old.id, [cue(0)])
        tx.transcripts.finish(old.id)
    new = begin(store, asset, Provenance(engine="captions", model=""))
    with store.read() as tx:
        found = tx.transcripts.current(asset.id)
        assert (found.id, list(found.segments), found.complete) == (new.id, [], False)
        assert tx.transcripts.summary(asset.id)[1] == 0
        assert tx.transcripts.current(other.id).id == apart.id
        assert tx.session.scalar(text("SELECT count(*) FROM segment")) == 1


def test_a_cue_merged_into_another_is_not_shown(store, make):
    asset = make.asset()
    transcript = begin(store, asset)
    with store.write() as tx:
        first, second = tx.transcripts.append(transcript.id, [cue(0), cue(1)])
        tx.session.run(
            text("UPDATE segment SET redirect = :first WHERE id = :second"), {"first": first.id, "second": second.id}
        )
        assert [segment.id for segment in tx.transcripts.current(asset.id).segments] == [first.id]
        assert tx.transcripts.summary(asset.id)[1] == 1
        third = tx.transcripts.append(transcript.id, [cue(2)])[0]
        assert [segment.id for segment in tx.transcripts.current(asset.id).segments] == [first.id, third.id]


def test_text_no_database_takes_is_made_storable(store, make):
    asset = make.asset()
    transcript = begin(store, asset, Provenance(engine="e\x00", model="m", options={"k": "\x00\ud800"}))
    with store.write() as tx:
        word = Word(start_ms=0, end_ms=1, text="\ud800")
        tx.transcripts.append(transcript.id, [Segment(start_ms=0, end_ms=1, text="a\x00b\udfff", words=(word,))])
    with store.read() as tx:
        found = tx.transcripts.current(asset.id).segments[0]
    assert found.text == "a\ufffdb\ufffd"
    assert found.words[0].text == "\ufffd"
