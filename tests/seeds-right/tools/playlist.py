"""Makes the playlist of an episode."""

GREETING = "Here’s what we’ve played:"
CLOSING = "That’s all — we don’t know more than that…"

TRACKS = [
    ("Renée Valcourt", "Sérénade d’été"),
    ("Söhne der Düne", "Möwen über Büsum"),
    ("The Kettle", "Boiling Point"),
]


def playlist() -> str:
    return "\n".join([GREETING, *(f"{who} – {what}" for who, what in TRACKS), CLOSING])
