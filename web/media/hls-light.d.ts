/** The build of hls.js without captions, DRM and alternate audio; the package ships no types for it. */
declare module "hls.js/light" {
  export * from "hls.js";
  export { default } from "hls.js";
}
