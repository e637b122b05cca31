import { useSyncExternalStore } from "react";
import { z } from "zod";

/** Where this device keeps how its live screen looks. */
const KEY = "guarita.live";

/** `auto` shows every camera at once, as large as they fit; a number is the tiles in a row and in a column. */
export const SIDES = [1, 2, 3, 4, 5, 6] as const;
export const LAYOUTS = ["auto", ...SIDES] as const;
const Layout = z.literal(LAYOUTS);
export type Layout = z.infer<typeof Layout>;

/** How long the wall shows a page, in seconds. */
export const ROTATE_S = { least: 5, most: 600, usual: 15 };

/** What is drawn over the picture; each can be switched off. */
export type TileOverlays = {
  boxes: boolean;
  zones: boolean;
  names: boolean;
  counts: boolean;
  stats: boolean;
};

const AS_DELIVERED: TileOverlays = {
  boxes: true,
  zones: false,
  names: true,
  counts: true,
  stats: false,
};

/** A field of an older or a broken form falls back alone: the others are kept. */
const LiveSettings = z.object({
  layout: Layout.catch("auto"),
  /** Camera ids as a person arranged them; empty as long as nobody did. May name cameras that are gone. */
  order: z.array(z.string()).catch([]),
  overlays: z
    .object({
      boxes: z.boolean().catch(AS_DELIVERED.boxes),
      zones: z.boolean().catch(AS_DELIVERED.zones),
      names: z.boolean().catch(AS_DELIVERED.names),
      counts: z.boolean().catch(AS_DELIVERED.counts),
      stats: z.boolean().catch(AS_DELIVERED.stats),
    })
    .catch(AS_DELIVERED),
  rotateS: z.int().min(ROTATE_S.least).max(ROTATE_S.most).catch(ROTATE_S.usual),
});
export type LiveSettings = z.infer<typeof LiveSettings>;

/** The part of `window` that the settings need. */
export type SettingsPlace = {
  storage: () => Pick<Storage, "getItem" | "setItem">;
  /** Told when another tab of this browser wrote something. */
  onStorage: (listener: (key: string | null) => void) => void;
};

/** Settings of the live screen, shared by all tabs of this browser. Reading and writing never throw. */
export function createLiveSettings({ storage, onStorage }: SettingsPlace) {
  const listeners = new Set<() => void>();
  let current: LiveSettings | null = null;
  let isKept = true;

  function put(settings: LiveSettings) {
    current = settings;
    for (const listener of listeners) listener();
  }

  onStorage((key) => {
    if (key === KEY || key === null) put(read(storage)); // null: everything was cleared
  });

  return {
    /** The same object until the next change. */
    get(): LiveSettings {
      current ??= read(storage);
      return current;
    },
    /** On top of what another tab may have written meanwhile. */
    change(fields: Partial<LiveSettings>) {
      const settings = { ...(current && !isKept ? current : read(storage, current)), ...fields };
      try {
        storage().setItem(KEY, JSON.stringify(settings));
        isKept = true;
      } catch {
        isKept = false; // full or switched off: it holds until the page is closed
      }
      put(settings);
    },
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** `known` stands where the browser keeps nothing. */
function read(storage: SettingsPlace["storage"], known: LiveSettings | null = null): LiveSettings {
  try {
    const text = storage().getItem(KEY);
    if (text === null && known) return known;
    const parsed = LiveSettings.safeParse(JSON.parse(text ?? "{}"));
    if (parsed.success) return parsed.data;
  } catch {
    if (known) return known;
  }
  return LiveSettings.parse({});
}

const settings = createLiveSettings({
  storage: () => localStorage,
  onStorage: (listener) => globalThis.addEventListener?.("storage", ({ key }) => listener(key)),
});

const setters = {
  setLayout: (layout: Layout) => settings.change({ layout }),
  setOrder: (order: string[]) => settings.change({ order }),
  setOverlay: (name: keyof TileOverlays, isShown: boolean) =>
    settings.change({ overlays: { ...settings.get().overlays, [name]: isShown } }),
  setRotateS: (rotateS: number) =>
    settings.change({ rotateS: Math.round(Math.min(ROTATE_S.most, Math.max(ROTATE_S.least, rotateS))) }),
};

/** How the live screen of this device looks, with its setters; objects and functions stay the same between changes. */
export function useLiveSettings(): LiveSettings & typeof setters {
  return { ...useSyncExternalStore(settings.subscribe, settings.get, settings.get), ...setters };
}
