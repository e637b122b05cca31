import { hidePasswordParameters } from "../kernel/logger.ts";

/** An address as a browser may see it: without user and password. */
export function maskAddress(address: string): { address: string; hasPassword: boolean } {
  const masked = hidePasswordParameters(address.replace(/^(rtsps?:\/\/)[^/?#]*@/i, "$1"));
  return { address: masked, hasPassword: masked !== address };
}
