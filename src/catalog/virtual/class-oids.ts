/** Oids of the catalogs that pg_depend, pg_description and the like refer to. */
export const CatalogOid = {
  pgType: 1247,
  pgClass: 1259,
  pgAuthid: 1260,
  pgDatabase: 1262,
  pgAttrdef: 2604,
  pgConstraint: 2606,
  pgNamespace: 2615,
  pgRewrite: 2618,
} as const;

/** Access methods: pg_am.oid. */
export const HEAP_METHOD = 2;
