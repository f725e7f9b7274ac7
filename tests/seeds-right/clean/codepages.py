"""Upper halves of a few code pages, for the transmitter's display. Right as it stands."""

# windows-1252, rows 8 to F; the five undefined bytes are dots
#   80  € . ‚ ƒ „ … † ‡ ˆ ‰ Š ‹ Œ . Ž .
#   90  . ‘ ’ “ ” • – — ˜ ™ š › œ . ž Ÿ
#   C0  À Á Â Ã Ä Å Æ Ç È É Ê Ë Ì Í Î Ï
#   D0  Ð Ñ Ò Ó Ô Õ Ö × Ø Ù Ú Û Ü Ý Þ ß
#   E0  à á â ã ä å æ ç è é ê ë ì í î ï
#   F0  ð ñ ò ó ô õ ö ÷ ø ù ú û ü ý þ ÿ
CP437_BOX = "░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌"
KOI8_R = "юабцдефгхийклмнопярстужвьызшэщчъЮАБЦДЕФГХИЙКЛМНОПЯРСТУЖВЬЫЗШЭЩЧЪ"
GREEK = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ αβγδεζηθικλμνξοπρστυφχψω άέήίόύώ"
UNITS = {"Å": "ångström", "µ": "micro", "Ω": "ohm", "°": "degree"}
