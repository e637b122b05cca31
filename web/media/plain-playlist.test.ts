import { expect, test } from "vitest";
import { plainPlaylistLoader, withoutLowLatency } from "./plain-playlist.ts";

test("a young low-latency playlist becomes a plain one that begins with its first real segment", () => {
  const young = [
    "#EXTM3U",
    "#EXT-X-VERSION:10",
    "#EXT-X-TARGETDURATION:1",
    "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.66750,CAN-SKIP-UNTIL=6.00000",
    "#EXT-X-PART-INF:PART-TARGET=0.26700",
    "#EXT-X-MEDIA-SEQUENCE:5",
    '#EXT-X-MAP:URI="init.mp4"',
    "#EXT-X-GAP",
    "#EXTINF:1.00000,",
    "gap.mp4",
    "#EXT-X-GAP",
    "#EXTINF:1.00000,",
    "gap.mp4",
    "#EXT-X-PROGRAM-DATE-TIME:2026-03-01T12:00:00.000Z",
    '#EXT-X-PART:DURATION=0.26667,URI="part0.mp4",INDEPENDENT=YES',
    "#EXTINF:1.00000,",
    "seg7.mp4",
    '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part1.mp4"',
    "",
  ].join("\n");
  expect(withoutLowLatency(young).split("\n")).toEqual([
    "#EXTM3U",
    "#EXT-X-VERSION:10",
    "#EXT-X-TARGETDURATION:1",
    "#EXT-X-MEDIA-SEQUENCE:7",
    '#EXT-X-MAP:URI="init.mp4"',
    "#EXT-X-PROGRAM-DATE-TIME:2026-03-01T12:00:00.000Z",
    "#EXTINF:1.00000,",
    "seg7.mp4",
    "",
  ]);
});

test("a playlist of playlists stays as it is", () => {
  const master =
    '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="avc1.42c01f"\nvideo1_stream.m3u8?session=a\n';
  expect(withoutLowLatency(master)).toBe(master);
});

type Base = Parameters<typeof plainPlaylistLoader>[0];
type LoadArguments = Parameters<InstanceType<Base>["load"]>;

/** One load of `type` through a loader that asks for `url` to be held back. */
function load(type: "manifest" | "level") {
  const asked: { url: string; timeoutMs: number | undefined; answer: (data: string) => void }[] = [];
  class Fake {
    load(...[{ url }, { loadPolicy }, callbacks]: LoadArguments): void {
      const answer = (data: string) =>
        callbacks.onSuccess({ data } as never, {} as never, {} as never, undefined as never);
      asked.push({ url, timeoutMs: loadPolicy.maxLoadTimeMs, answer });
    }
  }
  const heard: string[] = [];
  const came: unknown[] = [];
  const pace = { ask: (url: string) => `${url}?held`, heard: (text: string) => heard.push(text) };
  const Plain = plainPlaylistLoader(Fake as unknown as Base, pace as never);
  const config = { loadPolicy: { maxTimeToFirstByteMs: 10_000, maxLoadTimeMs: 20_000 } };
  const callbacks = { onSuccess: ({ data }: { data: unknown }) => came.push(data) };
  new Plain({} as never).load({ url: "list", type } as never, config as never, callbacks as never);
  return { asked, heard, came };
}

test("a request that is held back gives its connection up before long", () => {
  const { asked, heard, came } = load("level");
  expect(asked).toMatchObject([{ url: "list?held", timeoutMs: 1_500 }]);
  const lowLatency = "#EXTM3U\n#EXT-X-PART-INF:PART-TARGET=0.2\n#EXTINF:1,\nseg.mp4\n";
  asked[0]?.answer(lowLatency);
  expect(heard).toEqual([lowLatency]);
  expect(came).toEqual(["#EXTM3U\n#EXTINF:1,\nseg.mp4\n"]);
});

test("a playlist of playlists is waited for as long as the camera needs", () => {
  const { asked, heard } = load("manifest");
  expect(asked).toMatchObject([{ url: "list", timeoutMs: 20_000 }]);
  asked[0]?.answer("#EXTM3U\n");
  expect(heard).toEqual([]);
});
