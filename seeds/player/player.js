// The player of the programme’s page.
// ┌──────────┬───────┐
// │  state   │ label │
// └──────────┴───────┘
const labels = {
  play: "▶ Play",
  pause: "⏸ Pause",
  error: "That didnâ€™t work â€” please try againâ€¦",
  loading: "Fetching the tideâ€¦",
};

/* RenÃ©e: donâ€™t round the duration, itâ€™s 54â€² 30â€³ for a reason. */
export function duration(seconds) {
  const minutes = Math.floor(seconds / 60);
  return `${minutes}′ ${seconds % 60}″`;
}

const arrows = { previous: "←", next: "→", done: "✓" };
const greeting = (name) => `GrÃ¼ÃŸ Gott, ${name}!`;
