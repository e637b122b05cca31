import { CameraStream, type RtspTransport } from "#contract/cameras.ts";

/** A stream of a camera as MediaMTX is to pull it. The address holds user and password. */
export type CameraSource = { stream: CameraStream; address: string; rtspTransport: RtspTransport };

/** What MediaMTX calls a camera's stream: `<cameraId>_main`, `<cameraId>_sub`. */
export const pathName = (cameraId: string, stream: CameraStream): string => `${cameraId}_${stream}`;

export const pathNamesOf = (cameraId: string): string[] =>
  CameraStream.options.map((stream) => pathName(cameraId, stream));

/** The camera and stream of a path's name; undefined for a path that is none of ours. */
export function parsePathName(name: string): { cameraId: string; stream: CameraStream } | undefined {
  const [, cameraId, rest] = /^([\w-]+)_([a-z]+)$/.exec(name) ?? [];
  const stream = CameraStream.safeParse(rest);
  return cameraId !== undefined && stream.success ? { cameraId, stream: stream.data } : undefined;
}
