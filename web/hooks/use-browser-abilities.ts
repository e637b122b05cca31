import { useEffect, useState } from "react";

/** What this browser, at this address, can do for Guarita. */
export type BrowserAbilities = {
  secure: boolean;
  codecs: boolean;
  threads: boolean;
  offline: boolean;
  /** Null while the browser has not said. */
  storage: boolean | null;
};

export function useBrowserAbilities(): BrowserAbilities {
  const [storage, setStorage] = useState<boolean | null>(null);
  useEffect(() => {
    const manager: StorageManager | undefined = navigator.storage; // absent on plain http
    manager?.persisted().then(setStorage, () => setStorage(false));
  }, []);
  return {
    secure: isSecureContext,
    codecs: "VideoDecoder" in globalThis,
    threads: crossOriginIsolated,
    offline: "serviceWorker" in navigator,
    storage,
  };
}
