import type { Camera } from "#contract/cameras.ts";
import { useGradual } from "../../../hooks/use-gradual.ts";

/** A tile costs a millisecond and more: dozens at once would hold up the page. */
const PACE = { first: 9, step: 9 };
const idOf = ({ id }: Camera) => id;

/** Those of a page's cameras whose tiles are drawn by now; soon all of them. */
export const useDrawnTiles = (cameras: Camera[]): Camera[] => useGradual(cameras, idOf, PACE);
