const ABSOLUTE = /^(rtsps?:\/\/)([^/?#]*)(.*)$/i;

/**
 * What relative controls are relative to (RFC 2326, C.1.1): Content-Base, then Content-Location, then the request.
 * Host and port stay those of the request: cameras behind an address translation name one that cannot be reached.
 */
export function baseUrl(requestUrl: string, contentBase: string | undefined): string {
  if (!contentBase) return requestUrl;
  return contentBase.startsWith("/") ? withPath(requestUrl, contentBase) : sameHost(contentBase, requestUrl);
}

/**
 * The URL of a control attribute. A relative one goes behind the whole base, its query included: cameras expect
 * `.../realmonitor?channel=1&subtype=0/trackID=0`, though RFC 3986 would have it otherwise.
 */
export function controlUrl(base: string, control: string | undefined): string {
  if (control === undefined || control === "*") return base;
  if (ABSOLUTE.test(control)) return sameHost(control, base);
  if (control.startsWith("?")) return base + control;
  return `${base.replace(/\/$/, "")}/${control.replace(/^\//, "")}`;
}

/** An absolute URL with the scheme, host and port of `like`; user and password go with the host. */
function sameHost(url: string, like: string): string {
  const target = ABSOLUTE.exec(url);
  const origin = ABSOLUTE.exec(like);
  return target && origin ? `${origin[1]}${origin[2]}${target[3]}` : like;
}

function withPath(url: string, path: string): string {
  const origin = ABSOLUTE.exec(url);
  return origin ? `${origin[1]}${origin[2]}${path}` : url;
}
