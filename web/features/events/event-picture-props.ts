export type EventPictureProps = {
  mediaId: string;
  cameraName: string;
  /** When it happened, in words. */
  time: string;
};
