/** The numbers that types of extensions have, whichever are installed (src/catalog/data/extensions), by typname. */
export const ExtensionTypeOid = {
  citext: 8000,
  hstore: 8020,
  ltree: 8140,
  lquery: 8142,
  ltxtquery: 8144,
  query_int: 8160,
  vector: 8220,
} as const;

/** The type of arrays follows its element's. */
export function extensionArrayOid(element: number): number {
  return element + 1;
}

/** The numbers that are kept for them. */
const FIRST = 8000;
const LAST = 8999;

export function isExtensionType(oid: number): boolean {
  return oid >= FIRST && oid <= LAST;
}
