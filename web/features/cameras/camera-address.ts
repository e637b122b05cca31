/** Where a camera is and who asks, as a form holds them. */
export type AddressParts = { address: string; user: string; password: string };

/**
 * One RTSP address with user and password URL-encoded in it; null where it is none. A person may leave out `rtsp://`.
 * User and password of their own fields win over those that stand in the address.
 */
export function tryBuildAddress({ address, user, password }: AddressParts): string | null {
  const typed = address.trim();
  const url = tryParseUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `rtsp://${typed}`);
  if (!url || !/^rtsps?:$/.test(url.protocol) || url.hostname === "") return null;
  // encoded first: the setters leave a "%" as it is, and a password may hold one
  if (user !== "") url.username = encodeURIComponent(user);
  if (password !== "") url.password = encodeURIComponent(password);
  return url.href;
}

function tryParseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}
