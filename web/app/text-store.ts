/** The part of localStorage that the page uses. Reading and writing never throw. */
export type TextStore = {
  read(key: string): string | null;
  write(key: string, text: string): void;
};

/** What is kept by the browser between visits; nothing where storage is switched off or full. */
export function openTextStore(
  storage: () => Pick<Storage, "getItem" | "setItem"> = () => localStorage,
): TextStore {
  return {
    read(key) {
      try {
        return storage().getItem(key);
      } catch {
        return null; // switched off: nothing was kept
      }
    },
    write(key, text) {
      try {
        storage().setItem(key, text);
      } catch {
        // full or switched off: the page works, it only forgets
      }
    },
  };
}
