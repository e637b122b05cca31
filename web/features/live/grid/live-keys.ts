import type { Layout } from "../live-settings.ts";
import type { Direction } from "./grid-shape.ts";

/** What a key means on a screen of cameras. */
export type LiveKey =
  | { kind: "layout"; layout: Layout }
  | { kind: "page"; by: 1 | -1 }
  | { kind: "move"; direction: Direction }
  | { kind: "back" }
  | { kind: "full" }
  | { kind: "help" };

type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

const KEYS: Record<string, LiveKey> = {
  "0": { kind: "layout", layout: "auto" },
  "1": { kind: "layout", layout: 1 },
  "2": { kind: "layout", layout: 2 },
  "3": { kind: "layout", layout: 3 },
  "4": { kind: "layout", layout: 4 },
  "5": { kind: "layout", layout: 5 },
  "6": { kind: "layout", layout: 6 },
  PageDown: { kind: "page", by: 1 },
  PageUp: { kind: "page", by: -1 },
  ArrowLeft: { kind: "move", direction: "left" },
  ArrowRight: { kind: "move", direction: "right" },
  ArrowUp: { kind: "move", direction: "up" },
  ArrowDown: { kind: "move", direction: "down" },
  Escape: { kind: "back" },
  f: { kind: "full" },
  F: { kind: "full" },
  "?": { kind: "help" },
};

/** Null where the key means nothing here, or is the browser's own with Ctrl, Meta or Alt. */
export function liveKey({ key, ctrlKey, metaKey, altKey, shiftKey }: Pressed): LiveKey | null {
  if (ctrlKey || metaKey || altKey) return null;
  const meaning = KEYS[key] ?? null;
  // shift with an arrow moves a zoomed picture; "?" is shifted on most keyboards
  return shiftKey && meaning?.kind === "move" ? null : meaning;
}

type Target = { closest(selectors: string): unknown; matches(selectors: string): boolean };

/** Whether a key pressed on `target` belongs to something else: a field, a dialog, or a choice that arrows move. */
export function isTaken(key: LiveKey, target: Target | null): boolean {
  if (!target) return false;
  if (target.closest("[role=dialog], [role=listbox], [data-takes-keys]")) return true;
  if (target.matches("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])"))
    return true;
  return key.kind === "move" && target.matches("input[type=radio]");
}
