import type { Row } from '../../../types/value.js';
import { collationsOf } from '../../collations.js';
import { schemaName } from '../../definitions/index.js';
import type { Providers, VirtualScan } from '../scan.js';

/** The database and its one character set, UTF8. */
export const CHARACTER_PROVIDERS: Providers = {
  'information_schema.information_schema_catalog_name': (scan) => [[scan.cx.databaseName]],
  'information_schema.character_sets': (scan) => [[null, null, ENCODING, 'UCS', ENCODING, scan.cx.databaseName, 'pg_catalog', 'ucs_basic']],
  'information_schema.collations': collations,
  'information_schema.collation_character_set_applicability': collationCharacterSets,
};

const ENCODING = 'UTF8';

function* collations(scan: VirtualScan): Iterable<Row> {
  for (const collation of collationsOf(scan.catalog))
    yield [scan.cx.databaseName, schemaName(scan.catalog, collation.namespace), collation.name, 'NO PAD'];
}

function* collationCharacterSets(scan: VirtualScan): Iterable<Row> {
  for (const collation of collationsOf(scan.catalog))
    yield [scan.cx.databaseName, schemaName(scan.catalog, collation.namespace), collation.name, null, null, ENCODING];
}
