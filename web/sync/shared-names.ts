/** The channel on which tabs and the service worker tell each other that events changed. */
export const OUTBOX_CHANNEL = "guarita-outbox";

/** The Web Lock of whoever flushes. */
export const FLUSH_LOCK = "guarita-flush";
