/** Of a viewer that went without a word, the oldest go first. A page has 36 at most. */
const MAX_SESSIONS = 5_000;

/**
 * Which path each WebRTC session plays. MediaMTX does not ask it (1.20): there, whoever knows a session may end it
 * under any path's name.
 */
export function createWhepSessions() {
  const paths = new Map<string, string>();
  return {
    add(session: string, path: string): void {
      paths.set(session, path);
      if (paths.size <= MAX_SESSIONS) return;
      const [oldest = ""] = paths.keys();
      paths.delete(oldest);
    },
    pathOf: (session: string): string | undefined => paths.get(session),
    remove: (session: string): void => void paths.delete(session),
  };
}
