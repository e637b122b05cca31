import type { ParkedItem } from "./parked-source.ts";

/** One JSON object per line: the event, and why it is parked. */
export const linesOf = (items: ParkedItem[]): string =>
  items
    .map(({ event, json, code, reason, parkedAtMs }) =>
      JSON.stringify({ event: event ?? json, code, reason, parkedAtMs }),
    )
    .map((line) => `${line}\n`)
    .join("");

/** Hands a file to the browser's downloads. */
export function saveLines(fileName: string, items: ParkedItem[]): void {
  const address = URL.createObjectURL(new Blob([linesOf(items)], { type: "application/x-ndjson" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = fileName;
  link.click();
  // the download has begun by the next turn
  setTimeout(() => URL.revokeObjectURL(address));
}
