import { v5, v7 } from "uuid";

/** UUIDv7: unique, and in the order of making. */
export const newId = (): string => v7();

/** UUIDv5: the same for the same name and namespace, which is an id itself. */
export const stableId = (name: string, namespace: string): string => v5(name, namespace);
