"""The parts of a hub that take files in: how much room there is, and uploads."""

from __future__ import annotations

from knowhub_ext.config import KnowHub
from knowhub_ext.ports import BlobStore, JobRunner
from knowhub_ext.services.finishing import Finishing
from knowhub_ext.services.room import Limits, Room
from knowhub_ext.services.uploads import Uploads
from knowhub_ext.store.database import Store
from knowhub_ext.store.folder import DataFolder
from knowhub_ext.store.parts import Parts


def room_of(settings: KnowHub, folder: DataFolder) -> Room:
    return Room(folder.path, Limits(
        file_bytes=settings.upload_max_bytes, course_bytes=settings.course_quota_bytes,
        floor_bytes=settings.free_disk_floor_bytes, expiry_s=settings.upload_expiry_s,
    ))


def uploads_of(store: Store, blobs: BlobStore, runner: JobRunner, *, folder: DataFolder, room: Room) -> Uploads:
    parts = Parts(folder.uploads)
    return Uploads(store, parts, Finishing(store, blobs, runner, parts=parts, room=room))
