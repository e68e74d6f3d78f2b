"""Which asset a transcript belongs to: a caption file beside a medium of the same stem is that medium's transcript."""

from __future__ import annotations

from collections.abc import Sequence

from knowhub_ext.domain.media import Asset, AssetKind, AssetStatus
from knowhub_ext.services.gathering import same_stem


def captions_of(medium: Asset, siblings: Sequence[Asset]) -> Asset | None:
    """Return the lesson's caption file for this medium, unless it failed: then speech is recognised after all."""
    for asset in siblings:
        fits = asset.kind is AssetKind.CAPTIONS and same_stem(asset.key, medium.key)
        if fits and asset.status not in (AssetStatus.FAILED, AssetStatus.EMPTY):
            return asset
    return None


def medium_of(captions: Asset, siblings: Sequence[Asset]) -> Asset:
    """Return the medium whose transcript this caption file is, or the caption file itself where it stands alone."""
    for asset in siblings:
        if asset.kind.timed and same_stem(asset.key, captions.key):
            return asset
    return captions
