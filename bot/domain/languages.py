"""The languages the bot speaks: each has a catalogue in `locales/`, English is the source."""

LANGUAGES = ("en", "ru")
