import type { RouteHandlerCallback, RouteMatchCallback } from "workbox-core/types.js";
import { CacheFirst, NetworkFirst } from "workbox-strategies";
import { ModelList } from "#contract/models.ts";
import { paths } from "#contract/paths.ts";

type ModelCacheDeps = { origin: string; fetch: typeof fetch };

/**
 * Models, kept beyond the page's versions. A file of the cache is answered as it is: who runs it checks its hash, and
 * asks with `cache: "reload"` for a fresh one where the gateway has another model under the same name.
 */
export function createModelCache({ origin, fetch }: ModelCacheDeps) {
  const cacheName = "guarita-models";
  const kept = new CacheFirst({ cacheName });
  const fresh = new NetworkFirst({ cacheName });

  const matches: RouteMatchCallback = ({ url, sameOrigin }) =>
    sameOrigin && url.pathname.startsWith(`${paths.modelFiles}/`);

  const answer: RouteHandlerCallback = (options) =>
    (options.request.cache === "reload" ? fresh : kept).handle(options);

  /**
   * Fetches the models the gateway has, for a first visit whose page fetched its model before there was a service worker.
   * Never rejects: without a model the page still opens, and what is missing is kept when the station asks for it.
   */
  async function warmUp(event: ExtendableEvent): Promise<void> {
    try {
      const response = await fetch(paths.models);
      const { models, chosen } = ModelList.parse(await response.json());
      // a shop's own models may be large: only the one that is run is kept ahead of its use
      const run = models.filter(({ id, own }) => own === null || id === chosen);
      for (const { file } of run) {
        const address = new URL(`${paths.modelFiles}/${encodeURIComponent(file)}`, origin);
        // only a 200 is kept; a file that the gateway does not have yet is answered 503
        await kept.handle({ event, request: new Request(address) });
      }
    } catch {
      // the gateway is away, or an older one
    }
  }

  return { matches, answer, warmUp };
}
