import { expect, test } from "vitest";
import { parseSdp } from "./sdp.ts";

const sdp = (...media: string[]): string => ["v=0", "s=camera", "a=control:*", ...media].join("\r\n");

test("the first H.264 or H.265 video is taken, audio and metadata are passed over", () => {
  const answer = parseSdp(
    sdp(
      "m=audio 0 RTP/AVP 0",
      "a=control:track0",
      "m=video 0 RTP/AVP 26",
      "a=control:track1",
      "m=video 0 RTP/AVP 97",
      "a=rtpmap:97 h264/90000",
      "a=fmtp:97 packetization-mode=1; sprop-parameter-sets=Z01A,aO48gA==;profile-level-id=4D401E",
      "a=framerate:12.5",
      "a=control:track2",
      "m=application 0 RTP/AVP 107",
    ),
  );
  expect(answer).toMatchObject({
    kind: "video",
    video: { family: "h264", payloadType: 97, fps: 12.5, control: "track2", sessionControl: "*" },
  });
  expect(answer.kind === "video" && answer.video.parameterSets.map((nal) => nal.toString("hex"))).toEqual([
    "674d40",
    "68ee3c80",
  ]);
});

test("H.265 parameter sets come from their three attributes, start codes taken off", () => {
  const answer = parseSdp(
    sdp(
      "m=video 0 RTP/AVP 96",
      "a=rtpmap:96 H265/90000",
      `a=fmtp:96 sprop-vps=QAE=; sprop-sps=${Buffer.from("0000000142010a", "hex").toString("base64")}; sprop-pps=RAE=`,
    ),
  );
  expect(answer.kind === "video" && answer.video.parameterSets.map((nal) => nal.toString("hex"))).toEqual([
    "4001",
    "42010a",
    "4401",
  ]);
});

test("a video that cannot be read here is named, and none at all is told", () => {
  expect(parseSdp(sdp("m=video 0 RTP/AVP 26"))).toEqual({ kind: "unsupported", codec: "JPEG" });
  expect(parseSdp(sdp("m=video 0 RTP/AVP 98", "a=rtpmap:98 VP8/90000"))).toEqual({
    kind: "unsupported",
    codec: "VP8",
  });
  expect(parseSdp(sdp("m=audio 0 RTP/AVP 0"))).toEqual({ kind: "no_video" });
  expect(parseSdp("")).toEqual({ kind: "no_video" });
});

test("the interleaved modes of both codecs are not read wrongly but refused", () => {
  const interleaved = ["m=video 0 RTP/AVP 96", "a=rtpmap:96 H264/90000", "a=fmtp:96 packetization-mode=2"];
  expect(parseSdp(sdp(...interleaved))).toMatchObject({ kind: "unsupported" });
});
