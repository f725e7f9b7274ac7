"""Makes the playlist of an episode."""

GREETING = "Here├óΓé¼Γäós what we├óΓé¼Γäóve played:"
CLOSING = "That├óΓé¼Γäós all ├óΓé¼ΓÇ¥ we don├óΓé¼Γäót know more than that├óΓé¼┬ª"

TRACKS = [
    ("Renée Valcourt", "S├â┬⌐r├â┬⌐nade d├óΓé¼Γäó├â┬⌐t├â┬⌐"),
    ("Söhne der Düne", "M├â┬╢wen ├â┬╝ber B├â┬╝sum"),
    ("The Kettle", "Boiling Point"),
]


def playlist() -> str:
    return "\n".join([GREETING, *(f"{who} – {what}" for who, what in TRACKS), CLOSING])
