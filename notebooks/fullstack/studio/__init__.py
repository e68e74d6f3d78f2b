"""The tools that film the sample course: script, voice, slides, mp4. Not part of the installed package."""
