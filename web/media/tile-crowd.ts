type Session = { release(): void; stop(): void };

/** Counts the open sessions of a kind that a page bears only a few of. */
export function createTileCrowd(most: number) {
  let open = 0;

  return {
    /** One tile's place in the crowd. */
    place() {
      let own = 0;
      return {
        /** Whether the others alone are as many as the page bears. */
        isCrowded: () => open - own >= most,
        /** Counts until it is released or stopped. */
        counted<Counted extends Session>(session: Counted): Counted {
          let isCounted = true;
          own += 1;
          open += 1;
          const leave = () => {
            if (!isCounted) return;
            isCounted = false;
            own -= 1;
            open -= 1;
          };
          return {
            ...session,
            release() {
              leave();
              session.release();
            },
            stop() {
              leave();
              session.stop();
            },
          };
        },
      };
    },
  };
}
