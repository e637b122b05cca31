/** News that come together are read as one sentence after the other, not one cutting off the other. */
const GATHER_MS = 700;

let place: HTMLElement | null = null;
let gathered: string[] = [];

/**
 * Reads words out at once to those who use a screen reader. The page's one place that interrupts: for what wants
 * somebody to come, and nothing else.
 */
export function announce(words: string): void {
  place ??= createPlace();
  gathered.push(words);
  if (gathered.length > 1) return;
  setTimeout(() => {
    if (place) place.textContent = gathered.join(". ");
    gathered = [];
  }, GATHER_MS);
}

/** It must stand in the page before its first words, or they are not read. */
function createPlace(): HTMLElement {
  const created = document.createElement("div");
  created.role = "alert";
  created.style.cssText = "position:fixed;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)";
  document.body.append(created);
  return created;
}
