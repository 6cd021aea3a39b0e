import type { Oid } from '../commons/ids.js';
import type { BuiltinCollation } from './builtin/index.js';
import type { CatalogSnapshot } from './catalog.js';

/** PostgreSQL's own collations and users': all of them compare by code points. */
export function collationsOf(catalog: CatalogSnapshot): readonly BuiltinCollation[] {
  const own = catalog.freeStanding('collation');
  if (own.length === 0) return catalog.builtin.collations();
  return [
    ...catalog.builtin.collations(),
    ...own.map(({ oid, name, schema, provider, encoding, collate, ctype }) => {
      return { oid, name, namespace: schema, provider, deterministic: true, encoding, collate, ctype, icuLocale: undefined };
    }),
  ];
}

/** By its name, in a schema or in any. */
export function collationNamed(catalog: CatalogSnapshot, name: string, schema?: Oid): BuiltinCollation | undefined {
  return collationsOf(catalog).find((collation) => collation.name === name && (schema === undefined || collation.namespace === schema));
}
