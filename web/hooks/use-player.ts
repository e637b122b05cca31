import { useEffect, useEffectEvent, useState } from "react";
import type { Player, PlayerFacts, PlayerState } from "../media/player.ts";
import { useServices } from "./services.ts";
import { usePinnedTransport } from "./use-pinned-transport.ts";

export type { Player, PlayerState, PlayerStats, Transport, TransportReason } from "../media/player.ts";

const IDLE: PlayerState = { status: "idle" };
/** A tile that is scrolled past, or a page that turns, does not start anything anew. */
const LINGER_MS = 700;

type Watching = Pick<PlayerFacts, "camera" | "media"> & {
  /** False where nobody can see the picture: the player stops, and the camera with it. */
  isShown: boolean;
  /** Of the tile, in CSS pixels; 0 while unknown. */
  widthPx: number;
};

/** Plays a camera into the element that `container` is given to, by the transport that was chosen for it, if any. */
export function usePlayer({ camera, media, isShown, widthPx }: Watching) {
  const { createPlayer } = useServices();
  const choice = usePinnedTransport(camera.id);
  const pinned = choice.camera ?? choice.device ?? undefined;
  const [container, setContainer] = useState<HTMLElement | null>(null);
  const [player, setPlayer] = useState<Player | null>(null);
  const [state, setState] = useState<PlayerState>(IDLE);
  const isInPicture = usePictureInPicture(container);
  const plays = useLinger(isShown || isInPicture, LINGER_MS);
  const factsNow = useEffectEvent(() => ({ camera, media, pinned }));

  useEffect(() => {
    const created = createPlayer(factsNow());
    const unsubscribe = created.subscribe(setState);
    setPlayer(created);
    return () => {
      unsubscribe();
      created.stop();
      setPlayer(null);
      setState(IDLE);
    };
  }, [camera.id, createPlayer]);

  useEffect(() => {
    if (widthPx > 0) player?.resize(widthPx * devicePixelRatio);
  }, [player, widthPx]);

  useEffect(() => player?.update({ camera, media, pinned }), [player, camera, media, pinned]);

  useEffect(() => {
    if (!player || !container || !plays) return;
    // a task for each: dozens of tiles that come into sight at once would hold up the page
    const timer = setTimeout(() => player.start(container));
    return () => {
      clearTimeout(timer);
      player.stop();
    };
  }, [player, container, plays]);

  return { container: setContainer, state, player };
}

/** True at once, false only after a while. */
function useLinger(isWanted: boolean, lingerMs: number): boolean {
  const [lingers, setLingers] = useState(isWanted);
  useEffect(() => {
    if (isWanted) setLingers(true);
    const timer = isWanted ? undefined : setTimeout(() => setLingers(false), lingerMs);
    return () => clearTimeout(timer);
  }, [isWanted, lingerMs]);
  return isWanted || lingers;
}

/** Whether the tile's picture floats above other windows: then it is seen, whatever happens to the page. */
function usePictureInPicture(container: HTMLElement | null): boolean {
  const [isInPicture, setInPicture] = useState(false);
  useEffect(() => {
    if (!container) return;
    const enter = () => setInPicture(true);
    const leave = () => setInPicture(container.contains(document.pictureInPictureElement));
    container.addEventListener("enterpictureinpicture", enter);
    container.addEventListener("leavepictureinpicture", leave);
    return () => {
      container.removeEventListener("enterpictureinpicture", enter);
      container.removeEventListener("leavepictureinpicture", leave);
    };
  }, [container]);
  return isInPicture;
}
