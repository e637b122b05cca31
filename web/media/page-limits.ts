import { createSpread } from "../lib/spread.ts";
import { createTurns } from "../lib/turns.ts";

/**
 * Over HTTP/1.1 a browser has six connections to a host, for everything. The media of all tiles together never hold
 * more than five, so that the page's own questions (and the service worker's) always get through.
 */

/** WHEP offers: one to a camera that does not answer hangs for 10 s. */
export const offerTurns = createTurns(2);
/** Loads of HLS, all of them. */
export const loadTurns = createTurns(3);
/** Of these, the first ones of a stream: MediaMTX answers them when the camera does. So one is left to those that play. */
export const openingTurns = createTurns(2);

/** Looks at the pixels of videos: one takes some milliseconds of the page's own thread. */
export const looks = createSpread(20);
