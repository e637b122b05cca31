/** Plain http from another machine: browsers then withhold WebCodecs, service workers and installation. */
export function useSecureContext(): boolean {
  return typeof isSecureContext === "undefined" || isSecureContext;
}
