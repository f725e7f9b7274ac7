-- Dump of the guest book.
INSERT INTO guestbook (id, name, message) VALUES
  (1, 'Chloé', 'Lovely programme 😀 we listened twice 🌊🌊'),
  (2, 'Tom', 'No damage here 🙂 and none here either: naïve, façade, œuvre'),
  (3, 'Björn', 'Der Leuchtturm war schön 🎉 bis nächste Woche!'),
  (4, 'İpek', '¡Qué bien! ¿Cuándo será la próxima? 🚢');
