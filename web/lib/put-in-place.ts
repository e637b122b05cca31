/** The list with `item` where the one of the same key was, or at the end: what moved would be drawn anew with it. */
export function putInPlace<Item>(list: Item[], item: Item, keyOf: (item: Item) => string): Item[] {
  const at = list.findIndex((known) => keyOf(known) === keyOf(item));
  return at < 0 ? [...list, item] : list.with(at, item);
}
