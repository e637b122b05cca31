/** Which part of a list is seen. Counted from 0. */
export type PageView = { page: number; pages: number };

/**
 * The page on which the thing at `index` stands. What is remembered is a place in the list and not a page's number: it
 * stays in sight when the layout changes.
 */
export function pageAt(index: number, count: number, perPage: number): PageView {
  const pages = Math.max(1, Math.ceil(count / perPage));
  return { pages, page: Math.min(pages - 1, Math.max(0, Math.floor(index / perPage))) };
}

export function onPage<T>(list: T[], page: number, perPage: number): T[] {
  return list.length <= perPage ? list : list.slice(page * perPage, (page + 1) * perPage);
}

/** The place one step on, round and round. */
export function stepped(index: number, by: number, count: number): number {
  return count === 0 ? 0 : (((index + by) % count) + count) % count;
}

/** As few on a page as on the last one, as far as it goes: 40 with room for 36 are two pages of 20. */
export function evenPages(count: number, room: number): number {
  return Math.max(1, Math.ceil(count / Math.max(1, Math.ceil(count / Math.max(1, room)))));
}
