import { expect, test } from "vitest";
import type { StreamFormat } from "#contract/cameras.ts";
import type { MediaState } from "#contract/system.ts";
import { chooseTransport, type TransportFacts } from "./choose-transport.ts";
import type { Transport } from "./player.ts";

const h264: StreamFormat = { family: "h264", codec: "avc1.4D401E", hasBFrames: false };
const h265: StreamFormat = { family: "h265", codec: "hvc1.1.6.L93.B0", hasBFrames: false };
const mjpeg: StreamFormat = { family: "other", codec: "", hasBFrames: false };

const bFrames: StreamFormat = { ...h264, hasBFrames: true };

const chromium = { webrtc: true, webrtcH265: false, hls: true, direct: true, hlsPlays: () => true };
const withH265 = { ...chromium, webrtcH265: true };
const noH265 = { ...chromium, hlsPlays: (codec: string) => !codec.startsWith("hvc1") };
const noOther = { ...chromium, hlsPlays: (codec: string) => codec !== "" };
const noWebrtc = { ...chromium, webrtc: false };
/** No WebCodecs without https. */
const plainHttp = { ...chromium, direct: false };
const onlyDirect = { ...chromium, webrtc: false, hls: false };
const nothing = { ...plainHttp, webrtc: false, hls: false };

type Given = Partial<TransportFacts> & {
  failed?: Transport[];
  cannot?: Transport[];
  is?: MediaState["status"];
};

function given({ failed = [], cannot = [], is = "running", ...facts }: Given): TransportFacts {
  return {
    media: { status: is },
    format: h264,
    browser: chromium,
    failedLately: new Set(failed),
    undecodable: new Set(cannot),
    isHlsCrowded: false,
    ...facts,
  };
}

const CASES: [string, Given, string][] = [
  ["all is well", {}, "webrtc best"],
  ["nothing is known of the camera yet", { format: undefined }, "webrtc best"],
  // what the camera sends
  ["the camera sends B-frames", { format: bFrames }, "hls b_frames"],
  ["H.265, and the browser takes none by WebRTC", { format: h265 }, "hls codec_not_in_webrtc"],
  ["H.265, and the browser takes it by WebRTC", { format: h265, browser: withH265 }, "webrtc best"],
  ["H.265 with B-frames", { format: { ...h265, hasBFrames: true }, browser: withH265 }, "hls b_frames"],
  [
    "H.265, and the browser takes it neither way",
    { format: h265, browser: noH265 },
    "direct codec_not_in_hls",
  ],
  ["no video of today", { format: mjpeg, browser: noOther }, "unsupported_codec"],
  ["no video of today, but the browser says it plays it", { format: mjpeg }, "hls codec_not_in_webrtc"],
  // what the media server does
  ["the media server is missing", { is: "missing" }, "direct media_missing"],
  ["the media server is on its way", { is: "downloading" }, "direct media_missing"],
  ["the media server starts", { is: "starting" }, "direct media_starting"],
  ["the media server restarts", { is: "restarting" }, "direct media_starting"],
  ["the media server does not run", { is: "failed" }, "direct media_failed"],
  ["the media server is missing, and B-frames", { is: "missing", format: bFrames }, "direct media_missing"],
  // what failed lately
  ["WebRTC failed lately", { failed: ["webrtc"] }, "hls webrtc_failed_lately"],
  ["WebRTC and HLS failed lately", { failed: ["webrtc", "hls"] }, "direct hls_failed_lately"],
  ["HLS failed lately", { failed: ["hls"] }, "webrtc best"],
  ["HLS failed lately, and B-frames", { failed: ["hls"], format: bFrames }, "direct hls_failed_lately"],
  ["all of them failed lately", { failed: ["webrtc", "hls", "direct"] }, "webrtc best"],
  ["all that can work failed lately", { failed: ["hls", "direct"], format: bFrames }, "hls b_frames"],
  [
    "direct failed lately, and the media server starts",
    { failed: ["direct"], is: "starting" },
    "direct media_starting",
  ],
  // what was found out on trying
  ["WebRTC brings what cannot be decoded", { cannot: ["webrtc"] }, "hls codec_not_in_webrtc"],
  ["neither WebRTC nor HLS can be decoded", { cannot: ["webrtc", "hls"] }, "direct codec_not_in_hls"],
  ["nothing can be decoded", { cannot: ["webrtc", "hls", "direct"] }, "unsupported_codec"],
  ["no way decodes the camera", { format: h265, browser: noH265, cannot: ["direct"] }, "unsupported_codec"],
  // what the browser is able to
  ["the browser has no WebRTC", { browser: noWebrtc }, "hls not_in_browser"],
  ["the browser has only WebCodecs", { browser: onlyDirect }, "direct not_in_browser"],
  ["the browser has nothing", { browser: nothing }, "unsupported_browser"],
  // a page on plain http from another machine
  ["the page is not secure", { browser: plainHttp }, "webrtc best"],
  [
    "the page is not secure, and WebRTC failed",
    { browser: plainHttp, failed: ["webrtc"] },
    "hls webrtc_failed_lately",
  ],
  [
    "the page is not secure, and both failed",
    { browser: plainHttp, failed: ["webrtc", "hls"] },
    "webrtc best",
  ],
  [
    "the page is not secure, and the media server starts",
    { browser: plainHttp, is: "starting" },
    "webrtc media_starting",
  ],
  [
    "the page is not secure, the media server starts, and B-frames",
    { browser: plainHttp, is: "restarting", format: bFrames },
    "hls media_starting",
  ],
  [
    "the page is not secure, and the media server is missing",
    { browser: plainHttp, is: "missing" },
    "unsupported_browser",
  ],
  [
    "the page is not secure, and the media server failed",
    { browser: plainHttp, is: "failed" },
    "unsupported_browser",
  ],
  [
    "the page is not secure, and the codec needs direct",
    { browser: { ...noH265, direct: false }, format: h265 },
    "unsupported_browser",
  ],
  // one tile, many tiles
  ["HLS is crowded, and WebRTC works", { isHlsCrowded: true }, "webrtc best"],
  ["HLS is crowded, and B-frames", { isHlsCrowded: true, format: bFrames }, "direct hls_crowded"],
  ["HLS is crowded, and WebRTC failed", { isHlsCrowded: true, failed: ["webrtc"] }, "direct hls_crowded"],
  [
    "HLS is crowded, and direct is worse still",
    { isHlsCrowded: true, failed: ["webrtc", "direct"] },
    "hls webrtc_failed_lately",
  ],
  [
    "HLS is crowded, and the page is not secure",
    { isHlsCrowded: true, browser: plainHttp, format: bFrames },
    "hls b_frames",
  ],
  // what a person chose
  ["a person chose WebRTC", { pinned: "webrtc" }, "webrtc pinned"],
  ["a person chose HLS", { pinned: "hls" }, "hls pinned"],
  ["a person chose direct", { pinned: "direct" }, "direct pinned"],
  ["a person chose HLS, and it is crowded", { pinned: "hls", isHlsCrowded: true }, "hls pinned"],
  ["a person chose what failed lately", { pinned: "webrtc", failed: ["webrtc"] }, "webrtc pinned"],
  ["a person chose what cannot work now", { pinned: "webrtc", is: "missing" }, "webrtc pinned"],
  ["a person chose what carries no B-frames", { pinned: "webrtc", format: bFrames }, "webrtc pinned"],
  [
    "a person chose what does not decode the camera",
    { pinned: "direct", cannot: ["direct"] },
    "unsupported_codec",
  ],
  ["a person chose what this page lacks", { pinned: "direct", browser: plainHttp }, "unsupported_browser"],
];

test.each(CASES)("when %s", (_name, facts, expected) => {
  const choice = chooseTransport(given(facts));
  expect(choice.kind === "use" ? `${choice.transport} ${choice.reason}` : choice.fault).toBe(expected);
});

test("as what failed is left alone no longer, the choice climbs back by itself", () => {
  const steps: Transport[][] = [["webrtc", "hls"], ["webrtc"], []];
  const chosen = steps.map((failed) => chooseTransport(given({ failed })));
  expect(chosen).toMatchObject([{ transport: "direct" }, { transport: "hls" }, { transport: "webrtc" }]);
});
