// The player of the programme’s page.
// ┌──────────┬───────┐
// │  state   │ label │
// └──────────┴───────┘
const labels = {
  play: "▶ Play",
  pause: "⏸ Pause",
  error: "That didn’t work — please try again…",
  loading: "Fetching the tide…",
};

/* Renée: don’t round the duration, it’s 54′ 30″ for a reason. */
export function duration(seconds) {
  const minutes = Math.floor(seconds / 60);
  return `${minutes}′ ${seconds % 60}″`;
}

const arrows = { previous: "←", next: "→", done: "✓" };
const greeting = (name) => `Grüß Gott, ${name}!`;
