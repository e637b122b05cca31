import { createSpread } from "../lib/spread.ts";
import { createTurns, type Turns } from "../lib/turns.ts";

/**
 * Over HTTP/1.1 a browser has six connections to a host, for everything. The media of all tiles together never hold
 * more than five, so that the page's own questions (and the service worker's) always get through.
 */

/** WHEP offers: one to a camera that does not answer hangs for 10 s. */
export const offerTurns = createTurns(2);

/** Loads of HLS, all of them. */
const loadTurns = createTurns(3);
/** Of these, those of streams that do not play yet: MediaMTX answers them when the camera does. One is left to others. */
const openingTurns = createTurns(2);

/** A turn for a load of HLS; `isOpening` where the stream has given no media yet. */
export function takeLoadTurn(isOpening: boolean): Turns {
  if (!isOpening) return loadTurns;
  return (onTurn) => {
    let leaveLoad = () => {};
    const leaveOpening = openingTurns(() => {
      leaveLoad = loadTurns(onTurn);
    });
    return () => {
      leaveLoad();
      leaveOpening();
    };
  };
}

/** Looks at the pixels of videos: one takes some milliseconds of the page's own thread. */
export const looks = createSpread(20);
