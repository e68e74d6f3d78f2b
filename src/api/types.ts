// Generated from knowhub_ext/server/openapi.yaml by `jlpm generate:types`; do not edit.
/* eslint-disable */
export interface paths {
    "/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is asking, and what answers here. Sets the XSRF cookie; every element's first call. */
        get: operations["getSession"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/courses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listCourses"];
        put?: never;
        post: operations["createCourse"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/courses/{course}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or slug */
                course: components["parameters"]["course"];
            };
            cookie?: never;
        };
        get: operations["getCourse"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/courses/{course}/assets": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or slug */
                course: components["parameters"]["course"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Add files of the server by contents path; they are copied, the originals never touched. */
        post: operations["addAssets"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/courses/{course}/removed": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or slug */
                course: components["parameters"]["course"];
            };
            cookie?: never;
        };
        /** The files that were taken out of the course's lessons, the last one first; for those who may change it. */
        get: operations["listRemovedFiles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/courses/{course}/search": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or slug */
                course: components["parameters"]["course"];
            };
            cookie?: never;
        };
        get: operations["search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/courses/{course}/ask": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or slug */
                course: components["parameters"]["course"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask the course. Streams server-sent events unless only application/json is accepted.
         * @description Events: `passages` {items}, `token` {text} (draft), `sentence` (replaces its draft; only this may render as an
         *     answer), `done` (the full answer document), `error` (a problem document).
         */
        post: operations["ask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/courses/{course}/history": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or slug */
                course: components["parameters"]["course"];
            };
            cookie?: never;
        };
        /** The caller's own questions with their answers as they were shown, newest first. */
        get: operations["listHistory"];
        put?: never;
        post?: never;
        /** Delete all of the caller's own questions of this course. They can be brought back for seven days. */
        delete: operations["clearHistory"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/courses/{course}/history/restore": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or slug */
                course: components["parameters"]["course"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Bring back what one deletion took. */
        post: operations["restoreHistory"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/history/{entry}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                entry: components["parameters"]["entry"];
            };
            cookie?: never;
        };
        /** One of the caller's own questions with its answer as it was shown. */
        get: operations["getHistoryEntry"];
        put?: never;
        post?: never;
        /** Delete it. It can be brought back for seven days. */
        delete: operations["deleteHistoryEntry"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/history/{entry}/rating": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                entry: components["parameters"]["entry"];
            };
            cookie?: never;
        };
        get?: never;
        /** Say whether the answer was helpful; null takes it back. Sent twice, it is the same. */
        put: operations["rateAnswer"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/courses/{course}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or slug */
                course: components["parameters"]["course"];
            };
            cookie?: never;
        };
        /** The caller's own notes and bookmarks, lesson by lesson, in the order of the lessons. */
        get: operations["listCourseNotes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/courses/{course}/notes/export": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or slug */
                course: components["parameters"]["course"];
            };
            cookie?: never;
        };
        /** The caller's own notes of the course as a file. */
        get: operations["exportCourseNotes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/lessons/{lesson}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                lesson: components["parameters"]["lesson"];
            };
            cookie?: never;
        };
        /** The caller's own notes and bookmarks of the lesson, in its order. */
        get: operations["listNotes"];
        put?: never;
        /** Keep a note, or a bookmark. One whose id was sent before stays as it is. */
        post: operations["addNote"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/lessons/{lesson}/notes/export": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                lesson: components["parameters"]["lesson"];
            };
            cookie?: never;
        };
        /** The caller's own notes of the lesson as a file; a notebook's cells open their second in JupyterLab. */
        get: operations["exportNotes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notes/{note}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, as its client made it */
                note: components["parameters"]["note"];
            };
            cookie?: never;
        };
        /** One of the caller's own notes. */
        get: operations["getNote"];
        /** Give it other words. 409 where it is not of that version any more, and nothing is changed. Sent twice, it is the same. */
        put: operations["editNote"];
        post?: never;
        /** Delete it. It can be brought back for thirty days. */
        delete: operations["deleteNote"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notes/{note}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, as its client made it */
                note: components["parameters"]["note"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Bring a deleted note back as it was. */
        post: operations["restoreNote"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/courses/{course}/progress": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or slug */
                course: components["parameters"]["course"];
            };
            cookie?: never;
        };
        /** The caller's own progress, lesson by lesson. */
        get: operations["getCourseProgress"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/courses/{course}/plan": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or slug */
                course: components["parameters"]["course"];
            };
            cookie?: never;
        };
        /** On which days the caller would watch what is left of a course, as a document or as a calendar file. */
        get: operations["getPlan"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/courses/{course}/speech": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or slug */
                course: components["parameters"]["course"];
            };
            cookie?: never;
        };
        /** The course's hot words, best first, and how its speech is recognised. For those who may change it. */
        get: operations["getCourseSpeech"];
        /** Set them. What is left out stays; lectures that are transcribed already stay as they are. */
        put: operations["setCourseSpeech"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/lessons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Find one lesson by `course-slug/lesson-slug` or id. */
        get: operations["findLesson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/lessons/{lesson}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                lesson: components["parameters"]["lesson"];
            };
            cookie?: never;
        };
        get: operations["getLesson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/lessons/{lesson}/transcript": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                lesson: components["parameters"]["lesson"];
            };
            cookie?: never;
        };
        /** The transcript of the lesson's primary medium, or of `asset`. */
        get: operations["getTranscript"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/lessons/{lesson}/progress": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                lesson: components["parameters"]["lesson"];
            };
            cookie?: never;
        };
        get: operations["getLessonProgress"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/lessons/{lesson}/recognise": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                lesson: components["parameters"]["lesson"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hear the lesson's medium once more, whole or a stretch; the old transcript stays until the new one is whole.
         * @description Cues that a person edited stay as they are. What is left out is as the course's settings say.
         */
        post: operations["recogniseLesson"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/assets/{asset}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                asset: components["parameters"]["asset"];
            };
            cookie?: never;
        };
        get: operations["getAsset"];
        put?: never;
        post?: never;
        /**
         * Take the file out of its lesson. It is out of search and answers at once; for those who may change the course.
         * @description It comes back with `POST /assets/{asset}/restore`, until the course is purged.
         */
        delete: operations["deleteAsset"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/assets/{asset}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                asset: components["parameters"]["asset"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put a removed file back into its lesson, with all that was made of it; for those who may change the course.
         * @description Found by its words at once, by its meaning when a job has made its vectors again.
         */
        post: operations["restoreAsset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/assets/{asset}/media": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                asset: components["parameters"]["asset"];
            };
            cookie?: never;
        };
        /** A signed address of the medium, good for at most ten minutes. */
        get: operations["getMediaUrl"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/assets/{asset}/content": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                asset: components["parameters"]["asset"];
            };
            cookie?: never;
        };
        /** The canonical text of a document or notebook, in blocks with their locators. */
        get: operations["getContent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/assets/{asset}/watched": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                asset: components["parameters"]["asset"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Report watched intervals. Repeating an event id changes nothing. */
        post: operations["postWatched"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/media/{asset}": {
        parameters: {
            query: {
                /** @description Revision */
                r: number;
                /** @description Person */
                p: string;
                /** @description Expiry in Unix seconds */
                e: number;
                /** @description Signature */
                s: string;
            };
            header?: never;
            path: {
                /** @description Id */
                asset: components["parameters"]["asset"];
            };
            cookie?: never;
        };
        /** The bytes. The signature is the credential; byte ranges and If-Range as RFC 9110. */
        get: operations["readMedia"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head: operations["headMedia"];
        patch?: never;
        trace?: never;
    };
    "/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller's own uploads that are unfinished or failed lately, oldest first, to go on after a restart of the browser. */
        get: operations["listUploads"];
        put?: never;
        /**
         * Begin an upload by tus 1.0. Refused here, before a byte is sent, is what cannot be taken.
         * @description Upload-Metadata names `course` (id or slug) and `filename`, and where wanted `path` (relative path within a
         *     dropped folder), `lesson` (title of the lesson to join) and `batch` (an id of the client for all files of one
         *     drop). A bare name with other content is kept beside the file of its name; with `replace` `yes` it takes its
         *     place. A body of `application/offset+octet-stream` is the first piece. OPTIONS tells the extensions.
         */
        post: operations["createUpload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/uploads/{upload}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                upload: string;
            };
            cookie?: never;
        };
        /** How far an upload is, and what became of it. */
        get: operations["getUpload"];
        put?: never;
        /** PATCH or DELETE for clients behind a proxy that knows neither. */
        post: operations["overrideUpload"];
        /** Give an upload up, with what is here of it. */
        delete: operations["endUpload"];
        options?: never;
        /** How far an upload is, in the headers of tus. */
        head: operations["headUpload"];
        /** The next piece. What came before a cut connection counts, unless a checksum was sent with it. */
        patch: operations["patchUpload"];
        trace?: never;
    };
    "/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/clear": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes jobs that are over off the lists. Nothing is deleted. */
        post: operations["clearJobs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{job}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                job: components["parameters"]["job"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["cancelJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{job}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                job: components["parameters"]["job"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["retryJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/embeddings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Models of vectors, how much there is of each, and what of each course is out of date. For those who may change courses. */
        get: operations["getEmbeddings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/embeddings/rebuild": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Queues what brings courses up to date; what is current is left alone. They are searched by what they have until all of it is there. */
        post: operations["rebuildEmbeddings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/embeddings/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stops making vectors. What was made stays; courses go on with the model they are searched by. */
        post: operations["cancelEmbeddings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/embeddings/{model}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A model's name, as `getEmbeddings` has it */
                model: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Deletes all vectors of a model. 409 while a course is searched by them, or waits for them. For the owner alone. */
        delete: operations["deleteEmbeddings"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Websocket. Every committed change the caller may see, as JSON text frames of schema Event. */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            cure: string;
            request_id: string;
        };
        Session: {
            person: {
                id: string;
                name: string;
            };
            roles: ("owner" | "educator" | "learner" | "viewer")[];
            /** @constant */
            api: 1;
            version: string;
            /** @description Send as X-XSRFToken with every write; empty where none is needed */
            xsrf: string;
            /** @description The one course a link gives; null otherwise */
            course: string | null;
            answers: {
                /** @enum {string} */
                mode: "quote" | "model";
                model: string | null;
                /** @description One line: how to get a chat model, where there is none */
                hint: string | null;
            };
        };
        NewCourse: {
            slug: string;
            title?: string;
        };
        Course: {
            /** @description The slug */
            course: string;
            id: string;
            title: string;
            description: string;
            /** @description How many */
            lessons: number;
        };
        CoursePage: {
            items: components["schemas"]["Course"][];
            next: string | null;
        };
        LessonSummary: {
            lesson: string;
            slug: string;
            title: string;
            position: number;
            /** @description Kind of the primary asset */
            kind: string | null;
            /** @description Seconds of the primary medium */
            duration: number | null;
            /**
             * @description Worst of its assets
             * @enum {string}
             */
            status: "queued" | "processing" | "ready" | "empty" | "failed";
        };
        CourseDetail: {
            course: string;
            id: string;
            title: string;
            description: string;
            lessons: components["schemas"]["LessonSummary"][];
        };
        ErrorInfo: {
            slug: string;
            message: string;
            cure: string;
        } | null;
        /** @description What of the file could not be read: cues by line, pages by number; null: about the whole file */
        Notes: {
            line: number | null;
            page: number | null;
            message: string;
        }[];
        /** @description A page of a deck of the lesson and the stretch of the primary medium in which it is spoken of */
        SlideSpan: {
            /** @description The deck */
            asset: string;
            page: number;
            start: number;
            end: number;
            /** @description Likeness of slide and speech, 0 to 1 */
            score: number;
        };
        Asset: {
            asset: string;
            lesson: string;
            key: string;
            name: string;
            /** @enum {string} */
            kind: "video" | "audio" | "captions" | "document" | "notebook";
            path: string;
            /** @enum {string} */
            status: "queued" | "processing" | "ready" | "empty" | "failed";
            error: components["schemas"]["ErrorInfo"];
            notes: components["schemas"]["Notes"];
            revision: number;
            primary: boolean;
            size: number;
            duration: number | null;
            /** @description Where the original lies below the Jupyter server's root, if it still does */
            contents_path: string | null;
        };
        RemovedFile: {
            asset: string;
            lesson: string;
            /** @description The lesson's */
            title: string;
            name: string;
            /** @enum {string} */
            kind: "video" | "audio" | "captions" | "document" | "notebook";
            /** Format: date-time */
            removed_at: string;
        };
        Upload: {
            upload: string;
            /** @description The slug */
            course: string;
            name: string;
            /** @description Relative path within what was dropped; the asset's key */
            path: string;
            batch: string | null;
            size: number;
            /** @description Bytes that are safely here */
            offset: number;
            /** @enum {string} */
            state: "receiving" | "finishing" | "done" | "failed";
            /** @description What it became */
            asset: string | null;
            /** @description The work queued for it; null where the same content was ready already */
            job: string | null;
            error: components["schemas"]["ErrorInfo"];
            place?: components["schemas"]["Place"];
            /** Format: date-time */
            expires_at: string;
        };
        /**
         * @description Where there was a file of its name: kept beside it, or its next version
         * @enum {string|null}
         */
        Place: "beside" | "replaced" | null;
        UploadPage: {
            items: components["schemas"]["Upload"][];
            next: string | null;
        };
        /** @description A notebook cell and the stretch of the primary medium it belongs to */
        CellLink: {
            /** @description The notebook */
            asset: string;
            cell: string;
            start: number;
            end: number;
            quote: string;
            /** @description The cue it belongs to; null: the transcript has none there (stale) */
            segment: string | null;
            contents_path: string | null;
        };
        LessonDetail: {
            lesson: string;
            slug: string;
            title: string;
            position: number;
            course: components["schemas"]["CourseRef"];
            assets: components["schemas"]["Asset"][];
            /** @description Asset id of the primary medium */
            primary: string | null;
            transcript: {
                complete: boolean;
                segments: number;
                engine: string;
                language: string;
            } | null;
            /** @description Up to three questions this lesson can answer */
            questions: string[];
            /** @description By time; empty where no deck fits what is said */
            slides: components["schemas"]["SlideSpan"][];
            links: components["schemas"]["CellLink"][];
            /** @description The latest unfinished job of the lesson */
            job: components["schemas"]["Job"] | null;
        };
        CourseRef: {
            course: string;
            id: string;
            title: string;
        };
        NewAssets: {
            /** @description Contents paths of files or folders */
            paths: string[];
            /** @description Title of the lesson they join */
            lesson?: string | null;
            /** @description They take the place of files of their names, also with other content from elsewhere */
            replace?: boolean;
        };
        Added: {
            course: string;
            lessons: {
                lesson: string | null;
                title: string;
                assets: {
                    asset: string | null;
                    kind: string | null;
                    path: string;
                    status: string;
                    error: components["schemas"]["ErrorInfo"];
                    notes?: components["schemas"]["Notes"];
                    place?: components["schemas"]["Place"];
                }[];
            }[];
            jobs: string[];
        };
        HotWord: {
            word: string;
            /**
             * @description course: an educator wrote it
             * @enum {string}
             */
            source: "course" | "notebook" | "document" | "slides";
            /** @description The file it was mined from */
            from: string | null;
            /** @description False: the educator does not want it used */
            kept: boolean;
            /** @description Whether a lecture that has no files of its own is recognised with it */
            given: boolean;
        };
        SpeechModel: {
            name: string;
            /** @enum {string} */
            languages: "en" | "many";
            why: string;
            /** @description What `auto` means here */
            chosen: boolean;
            available: boolean;
        };
        CourseSpeech: {
            /** @description Best first; among mined ones a lecture's own files come before the other files of its course */
            hot_words: components["schemas"]["HotWord"][];
            /** @description How many of the educator's words an engine is given at most */
            limit: number;
            /** @description Up to how many words in all mined ones are added to those */
            fill: number;
            /** @description `auto` or the name of a model */
            model: string;
            /** @description A code such as en; null: it is heard */
            language: string | null;
            /** @enum {string} */
            task: "transcribe" | "translate";
            models: components["schemas"]["SpeechModel"][];
        };
        SpeechChange: {
            /** @description The educator's words, in order */
            hot_words?: string[];
            /** @description Mined words not to use */
            hidden?: string[];
            model?: string;
            /** @description A code such as en; null or auto: it is heard */
            language?: string | null;
            /** @enum {string} */
            task?: "transcribe" | "translate";
        };
        Recognise: {
            model?: string | null;
            /** @description Seconds */
            start?: number | null;
            /** @description Seconds */
            end?: number | null;
            /** @description A code such as en; auto: it is heard; null: as the course says */
            language?: string | null;
            /** @enum {string|null} */
            task?: "transcribe" | "translate" | null;
            /** @description Also where a caption file made by hand is the transcript */
            replace_captions?: boolean;
        };
        Queued: {
            job: string;
        };
        Locator: {
            /** @enum {string} */
            kind: "time" | "page" | "cell" | "text";
            start?: number;
            end?: number;
            page?: number;
            cell?: string;
        };
        SearchResult: {
            query: string;
            took_ms: number;
            hits: {
                rank: number;
                lesson: string;
                asset: string;
                /** @description The lesson's */
                title: string;
                locator: components["schemas"]["Locator"];
                text: string;
                preview?: components["schemas"]["Preview"];
            }[];
        };
        /** @description What to show of a hit. A hub of an older version sends none. */
        Preview: {
            /** @description A sentence of the hit, or two short neighbours, verbatim */
            text: string;
            locator: components["schemas"]["Locator"];
            /** @description Code points `[start, end)` of `text` that match the query; in order, none overlapping another */
            marks: number[][];
        };
        Question: {
            question: string;
            /** @enum {string|null} */
            mode?: "quote" | "model" | null;
            /** @description Prefer what this lesson says */
            lesson?: string | null;
            /** @description Second of the lesson's medium: the minute before it is what is asked about, and looked at first */
            at?: number | null;
            /** @description The questions before it in the conversation, oldest first: one that leans on them is searched as what it means */
            previous?: string[];
        };
        HistoryPage: {
            items: components["schemas"]["HistoryEntry"][];
            next: string | null;
            /** @description Whether what is asked now is kept; the setting `history` */
            kept: boolean;
        };
        HistoryEntry: {
            entry: string;
            /** @description The lesson it was asked in; null where the whole course was asked */
            lesson: string | null;
            /** Format: date-time */
            asked_at: string;
            answer: components["schemas"]["Answer"];
            rating: {
                helpful: boolean;
                comment: string | null;
            } | null;
        };
        Rating: {
            helpful: boolean | null;
            /** @description Goes with a rating; left out it is none */
            comment?: string | null;
        };
        Deletion: {
            /** @description What brings it back */
            deletion: string;
            /** @description How many questions */
            deleted: number;
            /**
             * Format: date-time
             * @description Until then it can be brought back, then it is gone for good
             */
            until: string;
        };
        RestoreHistory: {
            deletion: string;
        };
        Restored: {
            restored: number;
        };
        LearnerNotePage: {
            items: components["schemas"]["LearnerNote"][];
            next: string | null;
        };
        LearnerNote: {
            note: string;
            lesson: string;
            asset: string;
            /** @description The lesson's */
            title: string;
            /**
             * @description What the asset is; null where it is not there any more
             * @enum {string|null}
             */
            kind: "video" | "audio" | "captions" | "document" | "notebook" | null;
            locator: components["schemas"]["Locator"];
            /** @description What stood at the place when it was written */
            quote: string;
            /** @description The line of the transcript at that time */
            segment: string | null;
            /** @description The asset's at that time */
            revision: number;
            /** @description Markdown; empty: a bookmark */
            body: string;
            version: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            /** Format: date-time */
            deleted_at: string | null;
            /** @description Where the place is now, found again by quote and time */
            anchor: {
                /**
                 * @description `stale`: what is quoted is not there any more; `gone`: the file is not
                 * @enum {string}
                 */
                state: "found" | "moved" | "stale" | "gone";
                locator: components["schemas"]["Locator"];
                /** @description The line of the transcript there now */
                segment: string | null;
            };
        };
        NewLearnerNote: {
            /** @description Made by the client; idempotency key and the note's id */
            id: string;
            /** @description A file of the lesson; left out it is its lecture */
            asset?: string | null;
            locator: components["schemas"]["NotePlace"];
            /** @description What is noted; left out it is what stands there */
            quote?: string | null;
            /** @description Markdown; left out or empty: a bookmark */
            body?: string;
        };
        NotePlace: {
            /** @enum {string} */
            kind: "time" | "page" | "cell" | "text";
            start?: number;
            end?: number;
            page?: number;
            cell?: string;
        };
        LearnerNoteEdit: {
            body: string;
            /** @description The one it was read at */
            version: number;
        };
        LearnerNoteDeleted: {
            note: string;
            /**
             * Format: date-time
             * @description Until then it can be brought back, then it is gone for good
             */
            until: string;
        };
        Citation: {
            n: number;
            lesson: string;
            asset: string;
            title: string;
            /**
             * @description What the source is, by the names that `kinds` of a search has
             * @enum {string|null}
             */
            kind?: "video" | "audio" | "captions" | "document" | "notebook" | null;
            locator: components["schemas"]["Locator"];
            quote: string;
            /** @description Of an answer of the history: the file is not there any more */
            gone?: boolean;
            /**
             * @description Of an answer of the history: `moved`: `locator` is where the quote is now; `stale`: the file does not say it any more
             * @enum {string}
             */
            state?: "found" | "moved" | "stale" | "gone";
        };
        Sentence: {
            index: number;
            text: string;
            /** @description Numbers n of the answer's citations */
            citations: number[];
            supported: boolean;
        };
        Answer: {
            /** @description As it was asked */
            question: string;
            /** @description What was searched for instead, where the question leaned on earlier ones */
            rewritten_query?: string | null;
            answer: string;
            grounded: boolean;
            /** @enum {string} */
            mode: "quote" | "model";
            sentences: components["schemas"]["Sentence"][];
            citations: components["schemas"]["Citation"][];
            took_ms: number;
            /** @description What was said just then, where it was asked about that */
            moment?: {
                lesson: string;
                start: number;
                end: number;
            } | null;
            /** @description Its place in the caller's history; null where it is not kept */
            entry?: string | null;
            /** @description How the answer came about, where that is worth knowing */
            notice?: string | null;
            /** @description Of a refusal: the lessons that come nearest, as a way on, not as sources */
            nearest?: {
                lesson: string;
                title: string;
            }[];
        };
        Transcript: {
            lesson: string;
            asset: string;
            language: string;
            engine: string;
            model: string;
            hot_words?: string[];
            complete: boolean;
            segments: {
                id: string;
                start: number;
                end: number;
                text: string;
                speaker?: string;
                /** @description A person wrote it; no recognition changes it */
                edited?: boolean;
                words?: {
                    start: number;
                    end: number;
                    text: string;
                    probability: number;
                }[];
            }[];
        };
        MediaUrl: {
            url: string;
            /** Format: date-time */
            expires_at: string;
            etag: string;
        };
        Content: {
            asset: string;
            kind: string;
            name: string;
            text: string;
            blocks: {
                text: string;
                locator: components["schemas"]["Locator"];
                /**
                 * @description notes: what a speaker noted under a slide
                 * @enum {string}
                 */
                kind: "text" | "heading" | "notes" | "code";
            }[];
        };
        Watched: {
            /** @description Where the playhead is now, in seconds */
            position: number | null;
            events: {
                /** @description Made by the client; idempotency key */
                id: string;
                start: number;
                end: number;
            }[];
        };
        Interval: [
            number,
            number
        ];
        Progress: {
            lesson: string;
            asset: string | null;
            duration: number | null;
            watched: components["schemas"]["Interval"][];
            missing: components["schemas"]["Interval"][];
            coverage: number;
            /** @description Whether it counts as watched: nine tenths were */
            enough: boolean;
            position: number;
        };
        CourseProgress: {
            course: string;
            coverage: number;
            /** @description Seconds still to be watched; a lecture counts as watched when nine tenths of it were */
            left: number;
            /** @description What the caller watched a day lately, days without any counted; null where that was less than five minutes in all */
            pace: {
                /** @description Seconds of media */
                per_day: number;
                /** @description Over so many days up to today */
                days: number;
            } | null;
            /** @description Days that the rest takes at this pace */
            days_left: number | null;
            /** @description The lesson to go on with; null where all are watched */
            next: {
                lesson: string;
                title: string;
                position: number;
                begun: boolean;
            } | null;
            lessons: ({
                title: string;
            } & components["schemas"]["Progress"])[];
        };
        Plan: {
            course: string;
            left: number;
            /**
             * Format: date
             * @description The last day; null where all is watched
             */
            ends: string | null;
            days: {
                /** Format: date */
                day: string;
                duration: number;
                parts: {
                    lesson: string;
                    title: string;
                    start: number;
                    end: number;
                }[];
            }[];
        };
        Job: {
            job: string;
            asset: string;
            kind: string;
            /** @enum {string} */
            state: "queued" | "running" | "done" | "failed" | "cancelled" | "dead";
            stage: string;
            progress: number;
            /** @description Seconds until it is over, by measured speed and what stands before it */
            eta_s: number | null;
            attempts: number;
            error: components["schemas"]["ErrorInfo"];
            /** @description Taken off the lists; shown with `all=1` alone */
            cleared: boolean;
            course?: string;
            lesson?: string;
            /** @description The asset's name */
            title?: string;
            /**
             * @description What the file is
             * @enum {string}
             */
            media?: "video" | "audio" | "captions" | "document" | "notebook";
            /** @description The file has a newer version, with a job of its own: this one cannot be retried */
            superseded?: boolean;
        };
        Embeddings: {
            /** @description The model of the settings */
            chosen: {
                model: string;
                dimensions: number;
                /** @description Whether near vectors mean near meaning */
                semantic: boolean;
            };
            totals: {
                passages: number;
                stale: number;
                missing: number;
                outdated: number;
                coarse: number;
                /** @description Of all models, those of the trash among them */
                vectors: number;
                bytes: number;
            };
            models: components["schemas"]["VectorSet"][];
            courses: components["schemas"]["CourseVectors"][];
            offers: components["schemas"]["EmbedderOffer"][];
        };
        VectorSet: {
            model: string;
            dimensions: number;
            vectors: number;
            bytes: number;
            /** @description A course is searched by it or waits for it, be it in the trash */
            used: boolean;
            /** @description It is on this machine */
            available: boolean;
            /** @description Slugs of the live ones that use it */
            courses: string[];
        };
        CourseVectors: {
            /** @description The slug */
            course: string;
            title: string;
            /**
             * @description The most important thing about it
             * @enum {string}
             */
            state: "empty" | "words" | "building" | "stale" | "other" | "current";
            /**
             * @description words: the model of its vectors is not on this machine
             * @enum {string}
             */
            search: "vectors" | "words";
            /** @description What it is searched by */
            model: string | null;
            /** @description What it will be searched by once all of it is there */
            coming: string | null;
            passages: number;
            /** @description Without a vector of the model that is coming; else of the one it has */
            missing: number;
            /** @description With a vector made by older rules */
            outdated: number;
            /** @description Cut by older rules */
            coarse: number;
            /** @description Any of these */
            stale: number;
            /** @description That make its vectors */
            jobs: number;
            /** @description How much of those jobs that run is done, 0..1 each, summed */
            running: number;
            eta_s: number | null;
        };
        EmbedderOffer: {
            /** @description How it is set */
            name: string;
            model: string;
            dimensions: number;
            available: boolean;
            chosen: boolean;
            /** @description What it lacks here, and the cure */
            why: string | null;
        };
        Rebuilding: {
            /** @description Ids or slugs; none: all */
            courses?: string[];
            /** @description An embedder by its name or its model; null: that of the settings */
            model?: string | null;
            /** @description Also what is current */
            everything?: boolean;
        };
        Rebuilt: {
            model: string;
            jobs: string[];
            courses: string[];
            /** @description The last change of any vector before */
            change: number;
        };
        Stopping: {
            /** @description Ids or slugs; none: all */
            courses?: string[];
        };
        Stopped: {
            cancelled: number;
        };
        VectorsDeleted: {
            model: string;
            deleted: number;
            bytes: number;
        };
        Clearing: {
            /** @description Id or slug; null: all courses */
            course?: string | null;
            /** @description Also jobs that failed or died, besides those done or cancelled */
            failed?: boolean;
        };
        Cleared: {
            cleared: number;
        };
        JobPage: {
            items: components["schemas"]["Job"][];
            next: string | null;
        };
        Event: {
            seq: number;
            /** Format: date-time */
            at: string;
            /**
             * @example asset.added
             * @example job.changed
             * @example segments.added
             * @example asset.ready
             * @example progress.changed
             * @example course.created
             */
            kind: string;
            /** @description Course id; empty outside any */
            course: string;
            subject: string;
            data: Record<string, never>;
        };
    };
    responses: {
        /** @description What went wrong and the cure (RFC 9457) */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /** @description Id or slug */
        course: string;
        /** @description Id */
        lesson: string;
        /** @description Id */
        asset: string;
        /** @description Id */
        entry: string;
        /** @description Id, as its client made it */
        note: string;
        /** @description Those that hold all these words, or words that begin so, in their text or quote */
        noteWords: string;
        /** @description `md`: Markdown, `ipynb`: a notebook */
        noteFormat: "md" | "ipynb";
        /** @description Id */
        job: string;
        tus: "1.0.0";
        /** @description Where the piece begins */
        offset: number;
        /** @description `sha1` or `sha256`, a space, the digest of this piece in Base64 */
        checksum: string;
        /** @description `next` of the page before */
        cursor: string;
        limit: number;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listCourses: {
        parameters: {
            query?: {
                /** @description `next` of the page before */
                cursor?: components["parameters"]["cursor"];
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of courses */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CoursePage"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createCourse: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCourse"];
            };
        };
        responses: {
            /** @description The course */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CourseDetail"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getCourse: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or slug */
                course: components["parameters"]["course"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The course with its lessons */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CourseDetail"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    addAssets: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or slug */
                course: components["parameters"]["course"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewAssets"];
            };
        };
        responses: {
            /** @description What was queued */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Added"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listRemovedFiles: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or slug */
                course: components["parameters"]["course"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The removed files */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["RemovedFile"][];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    search: {
        parameters: {
            query: {
                q: string;
                limit?: components["parameters"]["limit"];
                /** @description Search one lesson only */
                lesson?: string;
                /** @description Search files of these kinds only, separated by commas: `video`, `audio`, `captions`, `document`, `notebook` */
                kinds?: string;
                /** @description 1: only what the caller has watched, with the documents of these lessons */
                watched?: 0 | 1;
            };
            header?: never;
            path: {
                /** @description Id or slug */
                course: components["parameters"]["course"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Hits, best first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchResult"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or slug */
                course: components["parameters"]["course"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Question"];
            };
        };
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Answer"];
                    "text/event-stream": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listHistory: {
        parameters: {
            query?: {
                /** @description `next` of the page before */
                cursor?: components["parameters"]["cursor"];
                limit?: components["parameters"]["limit"];
                /** @description Those asked about this lesson only; its id */
                lesson?: string;
            };
            header?: never;
            path: {
                /** @description Id or slug */
                course: components["parameters"]["course"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the history */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HistoryPage"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    clearHistory: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or slug */
                course: components["parameters"]["course"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was deleted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deletion"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    restoreHistory: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or slug */
                course: components["parameters"]["course"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RestoreHistory"];
            };
        };
        responses: {
            /** @description How many questions are back */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Restored"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getHistoryEntry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                entry: components["parameters"]["entry"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The entry */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HistoryEntry"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteHistoryEntry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                entry: components["parameters"]["entry"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was deleted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deletion"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    rateAnswer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                entry: components["parameters"]["entry"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Rating"];
            };
        };
        responses: {
            /** @description The entry */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HistoryEntry"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listCourseNotes: {
        parameters: {
            query?: {
                /** @description `next` of the page before */
                cursor?: components["parameters"]["cursor"];
                limit?: components["parameters"]["limit"];
                /** @description Those that hold all these words, or words that begin so, in their text or quote */
                q?: components["parameters"]["noteWords"];
                /** @description 1: those that were deleted and can be brought back */
                deleted?: 0 | 1;
            };
            header?: never;
            path: {
                /** @description Id or slug */
                course: components["parameters"]["course"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of notes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LearnerNotePage"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    exportCourseNotes: {
        parameters: {
            query?: {
                /** @description `md`: Markdown, `ipynb`: a notebook */
                format?: components["parameters"]["noteFormat"];
            };
            header?: never;
            path: {
                /** @description Id or slug */
                course: components["parameters"]["course"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Markdown, or a notebook */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/markdown": string;
                    "application/x-ipynb+json": Record<string, never>;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listNotes: {
        parameters: {
            query?: {
                /** @description `next` of the page before */
                cursor?: components["parameters"]["cursor"];
                limit?: components["parameters"]["limit"];
                /** @description Those that hold all these words, or words that begin so, in their text or quote */
                q?: components["parameters"]["noteWords"];
                /** @description 1: those that were deleted and can be brought back */
                deleted?: 0 | 1;
            };
            header?: never;
            path: {
                /** @description Id */
                lesson: components["parameters"]["lesson"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of notes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LearnerNotePage"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    addNote: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                lesson: components["parameters"]["lesson"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewLearnerNote"];
            };
        };
        responses: {
            /** @description It was sent before; this is what became of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LearnerNote"];
                };
            };
            /** @description The note */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LearnerNote"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    exportNotes: {
        parameters: {
            query?: {
                /** @description `md`: Markdown, `ipynb`: a notebook */
                format?: components["parameters"]["noteFormat"];
            };
            header?: never;
            path: {
                /** @description Id */
                lesson: components["parameters"]["lesson"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Markdown, or a notebook */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/markdown": string;
                    "application/x-ipynb+json": Record<string, never>;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getNote: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, as its client made it */
                note: components["parameters"]["note"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The note */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LearnerNote"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    editNote: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, as its client made it */
                note: components["parameters"]["note"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LearnerNoteEdit"];
            };
        };
        responses: {
            /** @description The note */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LearnerNote"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteNote: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, as its client made it */
                note: components["parameters"]["note"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Until when */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LearnerNoteDeleted"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    restoreNote: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, as its client made it */
                note: components["parameters"]["note"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The note */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LearnerNote"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getCourseProgress: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or slug */
                course: components["parameters"]["course"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Progress */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CourseProgress"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getPlan: {
        parameters: {
            query?: {
                /** @description Media time a day */
                minutes?: number;
                /** @description Days of the week: `mo,we,fr` or `mo-fr` */
                days?: string;
                /** @description The first day, `2026-12-31`; without it today in UTC */
                start?: string;
                format?: "json" | "ics";
            };
            header?: never;
            path: {
                /** @description Id or slug */
                course: components["parameters"]["course"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The plan */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Plan"];
                    "text/calendar": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getCourseSpeech: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or slug */
                course: components["parameters"]["course"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Words and settings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CourseSpeech"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    setCourseSpeech: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or slug */
                course: components["parameters"]["course"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SpeechChange"];
            };
        };
        responses: {
            /** @description Words and settings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CourseSpeech"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    findLesson: {
        parameters: {
            query: {
                ref: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The lesson */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LessonDetail"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getLesson: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                lesson: components["parameters"]["lesson"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The lesson */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LessonDetail"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getTranscript: {
        parameters: {
            query?: {
                asset?: string;
                format?: "json" | "vtt" | "srt" | "txt" | "ttml" | "ass";
                /** @description 1 adds word times and probabilities */
                words?: 0 | 1;
            };
            header?: never;
            path: {
                /** @description Id */
                lesson: components["parameters"]["lesson"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The transcript */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transcript"];
                    "text/vtt": string;
                    "application/x-subrip": string;
                    "application/ttml+xml": string;
                    "text/x-ssa": string;
                    "text/plain": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getLessonProgress: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                lesson: components["parameters"]["lesson"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The caller's own progress */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Progress"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    recogniseLesson: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                lesson: components["parameters"]["lesson"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Recognise"];
            };
        };
        responses: {
            /** @description The job */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queued"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getAsset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                asset: components["parameters"]["asset"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The asset */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Asset"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteAsset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                asset: components["parameters"]["asset"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    restoreAsset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                asset: components["parameters"]["asset"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The asset */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Asset"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getMediaUrl: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                asset: components["parameters"]["asset"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The address */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MediaUrl"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getContent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                asset: components["parameters"]["asset"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The text */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Content"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postWatched: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                asset: components["parameters"]["asset"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Watched"];
            };
        };
        responses: {
            /** @description Progress after it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Progress"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    readMedia: {
        parameters: {
            query: {
                /** @description Revision */
                r: number;
                /** @description Person */
                p: string;
                /** @description Expiry in Unix seconds */
                e: number;
                /** @description Signature */
                s: string;
            };
            header?: never;
            path: {
                /** @description Id */
                asset: components["parameters"]["asset"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The whole medium */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description One range of it */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No such range */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    headMedia: {
        parameters: {
            query: {
                /** @description Revision */
                r: number;
                /** @description Person */
                p: string;
                /** @description Expiry in Unix seconds */
                e: number;
                /** @description Signature */
                s: string;
            };
            header?: never;
            path: {
                /** @description Id */
                asset: components["parameters"]["asset"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Headers alone */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Headers of the range */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No such range */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    listUploads: {
        parameters: {
            query?: {
                course?: string;
                /** @description `next` of the page before */
                cursor?: components["parameters"]["cursor"];
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of uploads */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadPage"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createUpload: {
        parameters: {
            query?: never;
            header: {
                "Tus-Resumable": components["parameters"]["tus"];
                /** @description Bytes of the file */
                "Upload-Length": number;
                /** @description Pairs of a key and a value in Base64, with commas between */
                "Upload-Metadata": string;
                /** @description `sha1` or `sha256`, a space, the digest of this piece in Base64 */
                "Upload-Checksum"?: components["parameters"]["checksum"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/offset+octet-stream": string;
            };
        };
        responses: {
            /** @description Its address in Location, with Upload-Offset and Upload-Expires */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            507: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                upload: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The upload */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    overrideUpload: {
        parameters: {
            query?: never;
            header: {
                "Tus-Resumable": components["parameters"]["tus"];
                "X-HTTP-Method-Override": "PATCH" | "DELETE";
            };
            path: {
                /** @description Id */
                upload: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/offset+octet-stream": string;
            };
        };
        responses: {
            /** @description As the method that is meant */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    endUpload: {
        parameters: {
            query?: never;
            header: {
                "Tus-Resumable": components["parameters"]["tus"];
            };
            path: {
                /** @description Id */
                upload: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            423: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    headUpload: {
        parameters: {
            query?: never;
            header: {
                "Tus-Resumable": components["parameters"]["tus"];
            };
            path: {
                /** @description Id */
                upload: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Upload-Offset, Upload-Length, Upload-Metadata, Upload-Expires */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    patchUpload: {
        parameters: {
            query?: never;
            header: {
                "Tus-Resumable": components["parameters"]["tus"];
                /** @description Where the piece begins */
                "Upload-Offset": components["parameters"]["offset"];
                /** @description `sha1` or `sha256`, a space, the digest of this piece in Base64 */
                "Upload-Checksum"?: components["parameters"]["checksum"];
            };
            path: {
                /** @description Id */
                upload: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/offset+octet-stream": string;
            };
        };
        responses: {
            /** @description Upload-Offset and Upload-Expires as they are now; after the last byte it is part of its course, or soon will be */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            423: components["responses"]["Problem"];
            460: components["responses"]["Problem"];
            507: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listJobs: {
        parameters: {
            query?: {
                course?: string;
                /** @description 1: with those that were cleared */
                all?: 0 | 1;
                /** @description `next` of the page before */
                cursor?: components["parameters"]["cursor"];
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Jobs, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobPage"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    clearJobs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Clearing"];
            };
        };
        responses: {
            /** @description How many */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cleared"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    cancelJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                job: components["parameters"]["job"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    retryJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id */
                job: components["parameters"]["job"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getEmbeddings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How vectors stand */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Embeddings"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    rebuildEmbeddings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Rebuilding"];
            };
        };
        responses: {
            /** @description The jobs */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rebuilt"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    cancelEmbeddings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Stopping"];
            };
        };
        responses: {
            /** @description How many jobs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stopped"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteEmbeddings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A model's name, as `getEmbeddings` has it */
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is gone */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VectorsDeleted"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    live: {
        parameters: {
            query?: {
                /** @description Resume after this sequence number */
                after?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Switching protocols */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
}
