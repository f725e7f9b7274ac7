<?php
// Feed of the programme. The strings came out of the old database.
$items = [
    ['title' => 'What the pier said  part two', 'text' => 'It isnt late, says Maïté, its the moon.'],
    ['title' => 'Salt', 'text' => 'Núrias salt costs 3 a bag and its worth it.'],
    ['title' => 'Night ferry', 'text' => 'Nothing to see, much to hear.'],
];
foreach ($items as $item) {
    echo '<h2>', htmlspecialchars($item['title']), "</h2>\n";
}
