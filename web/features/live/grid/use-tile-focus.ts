import { type RefObject, useEffect, useRef } from "react";

/** Moves the keyboard's focus to a camera's tile, also to one that is drawn only next. */
export function useTileFocus(root: RefObject<HTMLElement | null>) {
  const wanted = useRef<string | null>(null);

  function tryFocus() {
    if (wanted.current === null) return;
    // an id is a uuid: nothing to escape
    const picture = root.current?.querySelector<HTMLElement>(
      `article[data-camera-id="${wanted.current}"] button`,
    );
    if (!picture) return;
    wanted.current = null;
    picture.focus();
  }
  useEffect(tryFocus);

  return {
    focus(cameraId: string | undefined) {
      wanted.current = cameraId ?? null;
      tryFocus();
    },
    /** The camera whose tile has the focus. */
    focused(): string | undefined {
      return document.activeElement?.closest<HTMLElement>("article[data-camera-id]")?.dataset.cameraId;
    },
  };
}
