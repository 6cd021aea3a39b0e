import type { FunctionTable } from '../table.js';
import { integrityFunctions } from './amcheck.js';
import { distanceFunctions } from './btree-gist.js';
import { citextFunctions } from './citext.js';
import { fuzzyFunctions } from './fuzzystrmatch.js';
import { hstoreFunctions } from './hstore.js';
import { intArrayFunctions } from './intarray.js';
import { ltreeFunctions } from './ltree.js';
import { statementStatisticsFunctions } from './pg-stat-statements.js';
import { trigramFunctions } from './pg-trgm.js';
import { cryptoFunctions } from './pgcrypto/functions.js';
import { pgpFunctions } from './pgcrypto/pgp/functions.js';
import { unaccentFunctions } from './unaccent.js';
import { uuidFunctions } from './uuid-ossp.js';
import { vectorFunctions } from './vector.js';

/** What extensions' functions are implemented by: found through the catalog once the extension has been created. */
export function extensionTables(): readonly FunctionTable[] {
  return [
    integrityFunctions,
    citextFunctions,
    hstoreFunctions,
    trigramFunctions,
    statementStatisticsFunctions,
    cryptoFunctions,
    pgpFunctions,
    uuidFunctions(),
    unaccentFunctions,
    fuzzyFunctions,
    ltreeFunctions,
    intArrayFunctions,
    distanceFunctions,
    vectorFunctions,
  ];
}
