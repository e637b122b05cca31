import { expect, test } from "vitest";
import type { StreamFormat } from "#contract/cameras.ts";
import { chooseTransport, type TransportFacts } from "./choose-transport.ts";
import type { Transport } from "./player.ts";

const h264: StreamFormat = { family: "h264", codec: "avc1.4D401E", hasBFrames: false };
const h265: StreamFormat = { family: "h265", codec: "hvc1.1.6.L93.B0", hasBFrames: false };
const mjpeg: StreamFormat = { family: "other", codec: "", hasBFrames: false };

const chromium = { webrtc: true, webrtcH265: false, hls: true, direct: true, hlsPlays: () => true };
const plainHttp = { ...chromium, direct: false };
const noH265 = { ...chromium, hlsPlays: (codec: string) => !codec.startsWith("hvc1") };

function given(
  facts: Partial<TransportFacts> & { failed?: Transport[]; cannot?: Transport[] },
): TransportFacts {
  return {
    media: { status: "running" },
    format: h264,
    browser: chromium,
    failedLately: new Set(facts.failed ?? []),
    undecodable: new Set(facts.cannot ?? []),
    ...facts,
  };
}

const CASES: [string, Parameters<typeof given>[0], string][] = [
  ["all is well", {}, "webrtc best"],
  ["nothing is known of the camera yet", { format: undefined }, "webrtc best"],
  ["the camera sends B-frames", { format: { ...h264, hasBFrames: true } }, "hls b_frames"],
  ["the browser takes no H.265 by WebRTC", { format: h265 }, "hls codec_not_in_webrtc"],
  [
    "the browser takes H.265 by WebRTC",
    { format: h265, browser: { ...chromium, webrtcH265: true } },
    "webrtc best",
  ],
  ["the browser takes H.265 neither way", { format: h265, browser: noH265 }, "direct not_in_browser"],
  ["the media server is missing", { media: { status: "missing" } }, "direct media_missing"],
  ["the media server is on its way", { media: { status: "downloading" } }, "direct media_missing"],
  ["the media server starts", { media: { status: "starting" } }, "direct media_starting"],
  ["the media server restarts", { media: { status: "restarting" } }, "direct media_starting"],
  ["the media server does not run", { media: { status: "failed" } }, "direct media_failed"],
  ["WebRTC failed lately", { failed: ["webrtc"] }, "hls webrtc_failed_lately"],
  ["WebRTC and HLS failed lately", { failed: ["webrtc", "hls"] }, "direct hls_failed_lately"],
  ["all of them failed lately", { failed: ["webrtc", "hls", "direct"] }, "webrtc best"],
  [
    "all that can work failed lately",
    { failed: ["hls", "direct"], format: { ...h264, hasBFrames: true } },
    "hls b_frames",
  ],
  ["the browser has no WebRTC", { browser: { ...chromium, webrtc: false } }, "hls not_in_browser"],
  ["the page is not secure", { browser: plainHttp, failed: ["webrtc"] }, "hls webrtc_failed_lately"],
  [
    "the page is not secure and the media server starts",
    { browser: plainHttp, media: { status: "starting" } },
    "webrtc media_starting",
  ],
  [
    "the page is not secure and the media server is missing",
    { browser: plainHttp, media: { status: "missing" } },
    "unsupported_browser",
  ],
  [
    "the camera sends no video of today",
    { format: mjpeg, browser: { ...chromium, hlsPlays: () => false } },
    "unsupported_codec",
  ],
  ["no way decodes the camera", { format: h265, browser: noH265, cannot: ["direct"] }, "unsupported_codec"],
  [
    "the chosen way does not decode the camera",
    { pinned: "direct", cannot: ["direct"] },
    "unsupported_codec",
  ],
  ["a person chose direct", { pinned: "direct" }, "direct pinned"],
  [
    "a person chose what cannot work now",
    { pinned: "webrtc", media: { status: "missing" } },
    "webrtc pinned",
  ],
];

test.each(CASES)("when %s", (_name, facts, expected) => {
  const choice = chooseTransport(given(facts));
  expect(choice.kind === "use" ? `${choice.transport} ${choice.reason}` : choice.fault).toBe(expected);
});
