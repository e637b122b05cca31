/** The MediaMTX release that setup brings where none is found. */
export const MEDIAMTX_VERSION = "1.21.1";

/** One archive of a release. `sha256` is pinned: whatever the address gives, nothing else is ever unpacked. */
export type Release = {
  version: string;
  address: string;
  sha256: string;
  archive: "tar.gz" | "zip";
  /** The program's name inside the archive. */
  binary: string;
};

/** By `${process.platform}-${process.arch}`: the release's own name of the platform, and its archive's SHA-256. */
const PINNED: Record<string, readonly [name: string, sha256: string]> = {
  "linux-x64": ["linux_amd64", "653abc672a3e693f8d3b2717752492fdcfb8072291ec108d03d3dd857411b0ee"],
  "linux-arm64": ["linux_arm64", "6a3aa635fb60ea9b8d566ec306f0a42ff1b6b52a3942bc2baffbe55880d4c3dd"],
  "darwin-x64": ["darwin_amd64", "be403a36d2225668ea695cbd2c784109bc23ef9a32f886837e43c920b6818813"],
  "darwin-arm64": ["darwin_arm64", "25e20ed41611f1f3103b8359585210b29b11b69fa0d9e11bd11b92f7bbcb42ef"],
  "win32-x64": ["windows_amd64", "faa97974861eb75a68b5aa326c78e7e7a6f670b5ef191bace78e715130381f23"],
};

/** The archive for a platform, or undefined where MediaMTX publishes none that Guarita knows. */
export function mediamtxRelease(platform: string): Release | undefined {
  const pinned = PINNED[platform];
  if (!pinned) return undefined;
  const [name, sha256] = pinned;
  const archive = platform.startsWith("win32") ? "zip" : "tar.gz";
  const folder = `https://github.com/bluenviron/mediamtx/releases/download/v${MEDIAMTX_VERSION}`;
  const address = `${folder}/mediamtx_v${MEDIAMTX_VERSION}_${name}.${archive}`;
  return { version: MEDIAMTX_VERSION, address, sha256, archive, binary: binaryName(platform) };
}

export function binaryName(platform: string): string {
  return platform.startsWith("win32") ? "mediamtx.exe" : "mediamtx";
}
