import { useEffect, useEffectEvent, useRef, useState } from "react";
import type { Camera } from "#contract/cameras.ts";
import type { MediaState } from "#contract/system.ts";
import type { Player, PlayerState } from "../media/player.ts";
import { useServices } from "./services.ts";

export type { PlayerState, Transport, TransportReason } from "../media/player.ts";

const IDLE: PlayerState = { status: "idle" };

type Watching = {
  camera: Camera;
  media: MediaState;
  /** False where nobody can see the picture: the player stops, and the camera with it. */
  isShown: boolean;
};

/** Plays a camera into the element that `container` is given to. */
export function usePlayer({ camera, media, isShown }: Watching) {
  const { createPlayer } = useServices();
  const [container, setContainer] = useState<HTMLElement | null>(null);
  const [state, setState] = useState<PlayerState>(IDLE);
  const playing = useRef<Player | null>(null);
  const factsNow = useEffectEvent(() => ({ camera, media }));

  useEffect(() => {
    if (!container || !isShown) return;
    const player = createPlayer(factsNow());
    playing.current = player;
    const unsubscribe = player.subscribe(setState);
    player.start(container);
    setState(player.state());
    return () => {
      unsubscribe();
      player.stop();
      playing.current = null;
      setState(IDLE);
    };
  }, [container, isShown, camera.id, createPlayer]);

  useEffect(() => playing.current?.update({ camera, media }), [camera, media]);

  return { container: setContainer, state };
}
