"""Which sort of work a file is, when its speed is measured and when it is foretold."""

from __future__ import annotations

from collections.abc import Mapping

from knowhub_ext.domain.forecast import Pending, Speed, forecast
from knowhub_ext.domain.jobs import EMBED, Job, Lane
from knowhub_ext.domain.media import Asset
from knowhub_ext.services.presence import machine
from knowhub_ext.services.speech import CAPTIONS
from knowhub_ext.store.database import Tx

#: Media whose words come from a caption file: nothing is recognised.
CAPTIONED = "captioned"
_SPEECH = "speech "
#: Vectors made anew; the model follows.
VECTORS = "vectors "
#: So many unfinished jobs are looked at; behind them nobody is told when.
_LOOKED_AT = 400


def sort_of(tx: Tx, asset: Asset) -> str:
    """Return the sort of work that was done on an asset: of speech with engine and model, of others by their kind."""
    if not asset.kind.timed:
        return asset.kind.value
    found = tx.transcripts.summary(asset.id)
    if found is None or found[0].provenance.engine == CAPTIONS:
        return CAPTIONED
    return f"{_SPEECH}{found[0].provenance.engine} {found[0].provenance.model}"


def etas(tx: Tx, limits: Mapping[Lane, int]) -> dict[str, float]:
    """Return the seconds until each unfinished job is over on this machine, by id, where that can be told."""
    jobs, speeds = tx.jobs.pending(_LOOKED_AT), tx.speeds.of(machine())
    assets = tx.assets.many([job.asset_id for job in jobs])
    rows = [Pending(job=job, cost_s=_cost_s(job, assets.get(job.asset_id), speeds)) for job in jobs]
    return forecast(rows, limits=limits, now_ms=tx.now)


def _cost_s(job: Job, asset: Asset | None, speeds: Mapping[str, Speed]) -> float | None:
    """Return what all of a job takes; speech as the engine and model do it that were at work last."""
    if asset is None:
        return 0.0  # it ends as soon as it begins
    if job.kind == EMBED:
        speed = speeds.get(VECTORS + job.params["model"])
    elif not asset.kind.timed:
        speed = speeds.get(asset.kind.value)
    elif job.lane is Lane.LIGHT:
        speed = speeds.get(CAPTIONED)
    else:
        speed = next((one for sort, one in speeds.items() if sort.startswith(_SPEECH)), None)
    return speed.cost_s(media_ms=asset.duration_ms, size=asset.size) if speed else None
