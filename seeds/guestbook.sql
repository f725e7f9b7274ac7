-- Dump of the guest book.
INSERT INTO guestbook (id, name, message) VALUES
  (1, 'ChloÃ©', 'Lovely programme í ½í¸€ we listened twice í ¼í¼Ší ¼í¼Š'),
  (2, 'Tom', 'No damage here 🙂 and none here either: naïve, façade, œuvre'),
  (3, 'BjÃ¶rn', 'Der Leuchtturm war schÃ¶n í ¼í¾‰ bis nÃ¤chste Woche!'),
  (4, 'İpek', 'Â¡QuÃ© bien! Â¿CuÃ¡ndo serÃ¡ la prÃ³xima? 🚢');
