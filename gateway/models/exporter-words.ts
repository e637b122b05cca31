/** Longer texts are not read: they are no list of class names. */
const LONGEST_TEXT = 200_000;

/**
 * Class names as exporters write them down: ultralytics a Python dictionary (`{0: 'person', 1: "driver's cab"}`), others
 * a JSON list. Null for anything else, and where a number is left out.
 */
export function namesOf(text: string | undefined): string[] | null {
  if (!text || text.length > LONGEST_TEXT) return null;
  const list = tryJsonList(text);
  if (list) return list;
  const names: string[] = [];
  for (const [, index, single, double] of text.matchAll(
    /(\d+)["']?\s*:\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g,
  )) {
    if (Number(index) !== names.length) return null;
    names.push((single ?? double ?? "").replace(/\\(.)/g, "$1"));
  }
  return names.length > 0 ? names : null;
}

function tryJsonList(text: string): string[] | null {
  try {
    const list: unknown = JSON.parse(text);
    const isList = Array.isArray(list) && list.length > 0 && list.every((one) => typeof one === "string");
    return isList ? list : null;
  } catch {
    return null; // no JSON
  }
}

/** `[384, 640]` (height, width), or one number for a square. */
export function sizeOf(text: string | undefined): { widthPx: number; heightPx: number } | null {
  const [heightPx, widthPx = heightPx] = (text?.match(/\d+/g) ?? []).map(Number);
  if (!heightPx || !widthPx || Math.max(heightPx, widthPx) > 4096) return null;
  return { widthPx, heightPx };
}
