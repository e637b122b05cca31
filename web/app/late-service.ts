type Startable = { start(): void; stop(): void };

type LateServiceDeps<Service> = {
  load: () => Promise<Service>;
  /** It is here, not yet started. */
  onHere: (service: Service) => void;
  /** After it was started, if it was. */
  onReady: (service: Service) => void;
};

/**
 * A service in a chunk of its own, so that it does not hold up the first picture. It starts when it comes, where that
 * is wanted by then; whoever must have it waits for `get`.
 */
export function createLateService<Service extends Startable>(deps: LateServiceDeps<Service>) {
  let here: Service | null = null;
  let coming: Promise<Service> | null = null;
  let isWanted = false;

  function arrived(service: Service): Service {
    here = service;
    deps.onHere(service);
    if (isWanted) service.start();
    deps.onReady(service);
    return service;
  }

  function get(): Promise<Service> {
    coming ??= deps.load().then(arrived, (error: unknown) => {
      coming = null; // who asks next tries again
      throw error;
    });
    return coming;
  }

  return {
    get,
    here: () => here,
    start(): void {
      isWanted = true;
      if (here) here.start();
      else get().catch(() => {}); // whoever has something to keep is told
    },
    stop(): void {
      isWanted = false;
      here?.stop();
    },
  };
}
