/** Oids of the catalogs that pg_depend, pg_description and the like refer to. */
export const CatalogOid = {
  pgDefaultAcl: 826,
  pgTablespace: 1213,
  pgType: 1247,
  pgProc: 1255,
  pgClass: 1259,
  pgAuthid: 1260,
  pgDatabase: 1262,
  pgAm: 2601,
  pgAttrdef: 2604,
  pgCast: 2605,
  pgConstraint: 2606,
  pgLanguage: 2612,
  pgNamespace: 2615,
  pgOpclass: 2616,
  pgOperator: 2617,
  pgRewrite: 2618,
  pgTrigger: 2620,
  pgOpfamily: 2753,
  pgExtension: 3079,
  pgPolicy: 3256,
  pgStatisticExt: 3381,
  pgCollation: 3456,
  pgTsDict: 3600,
  pgTsConfig: 3602,
  pgPublication: 6104,
  pgPublicationRel: 6106,
  pgPublicationNamespace: 6237,
  pgParameterAcl: 6243,
} as const;

/** Access methods: pg_am.oid. */
export const HEAP_METHOD = 2;
