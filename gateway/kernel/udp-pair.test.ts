import { expect, test } from "vitest";
import { bindUdpPair } from "./udp-pair.ts";

test.each(["127.0.0.1", "::1"])("ports are neighbours on %s, the even one first", async (host) => {
  const pairs = await Promise.all(Array.from({ length: 8 }, () => bindUdpPair(host)));
  for (const { rtp, rtcp, rtpPort, rtcpPort } of pairs) {
    expect(rtpPort % 2).toBe(0);
    expect(rtcpPort).toBe(rtpPort + 1);
    expect(rtp.address()).toMatchObject({ address: host, port: rtpPort });
    expect(rtcp.address()).toMatchObject({ address: host, port: rtcpPort });
    rtp.close();
    rtcp.close();
  }
});

test("an address that is not this computer's is refused", async () => {
  await expect(bindUdpPair("192.0.2.1")).rejects.toMatchObject({ code: "EADDRNOTAVAIL" });
});
