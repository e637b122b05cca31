import { expect, test } from "vitest";
import { createTurns } from "../lib/turns.ts";
import { limitedLoader } from "./hls-loader.ts";

type Base = Parameters<typeof limitedLoader>[0];
type Loader = InstanceType<Base>;
type LoadArguments = Parameters<Loader["load"]>;

/** A loader whose loads end when the test says so. */
function setUp(most: number) {
  const begun: { url: string; callbacks: LoadArguments[2]; loader: Loader }[] = [];
  const told: string[] = [];
  let bytes = 0;
  class Fake {
    context: unknown = null;
    stats = {};
    load(...[context, , callbacks]: LoadArguments): void {
      begun.push({ url: context.url, callbacks, loader: this as unknown as Loader });
    }
    abort(): void {
      told.push("aborted inside");
    }
    destroy(): void {
      told.push("destroyed");
    }
  }
  const Limited = limitedLoader(Fake as unknown as Base, {
    take: createTurns(most),
    onBytes(count) {
      bytes += count;
    },
  });
  function load(url: string): Loader {
    // neither loader nor fake looks into the configuration
    const loader = new Limited({} as never);
    const callbacks = {
      onSuccess: () => told.push(`${url} came`),
      onError: () => told.push(`${url} failed`),
      onTimeout: () => told.push(`${url} timed out`),
      onAbort: () => told.push(`${url} aborted`),
    };
    loader.load({ url } as never, {} as never, callbacks as never);
    return loader;
  }
  function end(url: string, how: "onSuccess" | "onError" | "onTimeout", data: unknown = ""): void {
    const callbacks = begun.find((load) => load.url === url)?.callbacks as unknown as Record<
      string,
      (...given: unknown[]) => void
    >;
    callbacks[how]?.({ data });
  }
  return { load, end, told, bytes: () => bytes, begun: () => begun.map(({ url }) => url) };
}

test("loads begin in their turn, and each end, good or bad, lets the next one in", () => {
  const { load, end, begun, told } = setUp(1);
  for (const url of ["a", "b", "c", "d"]) load(url);
  expect(begun()).toEqual(["a"]);
  end("a", "onSuccess");
  end("b", "onError");
  end("c", "onTimeout");
  expect(begun()).toEqual(["a", "b", "c", "d"]);
  expect(told).toEqual(["a came", "b failed", "c timed out"]);
});

test("a load that waits and is aborted says so and never begins", () => {
  const { load, end, begun, told } = setUp(1);
  load("a");
  load("b").abort();
  load("c");
  end("a", "onSuccess");
  expect(begun()).toEqual(["a", "c"]);
  expect(told).toEqual(["b aborted", "a came"]);
});

test("a load under way that is aborted or destroyed lets the next one in", () => {
  const { load, begun, told } = setUp(1);
  const first = load("a");
  const second = load("b");
  load("c");
  first.abort();
  second.destroy();
  expect(begun()).toEqual(["a", "b", "c"]);
  expect(told).toEqual(["aborted inside", "destroyed"]);
});

test("bytes of media are counted, playlists are not", () => {
  const { load, end, bytes } = setUp(2);
  load("a");
  load("b");
  end("a", "onSuccess", new ArrayBuffer(700));
  end("b", "onSuccess", "#EXTM3U");
  expect(bytes()).toBe(700);
});
