import { booleanIn, type DataRow, numberIn, readDataFile, textIn } from '../data-file.js';
import type { BuiltinConversion, BuiltinDescription, BuiltinDomainCheck } from '../types.js';
import { groupBy } from './group.js';

function conversion(row: DataRow): BuiltinConversion {
  return {
    oid: numberIn(row[0]),
    name: textIn(row[1]),
    namespace: numberIn(row[2]),
    from: numberIn(row[3]),
    to: numberIn(row[4]),
    proc: numberIn(row[5]),
    isDefault: booleanIn(row[6]),
  };
}

function domainCheck(row: DataRow): BuiltinDomainCheck {
  return {
    oid: numberIn(row[0]),
    name: textIn(row[1]),
    namespace: numberIn(row[2]),
    domain: numberIn(row[3]),
    exprText: textIn(row[4]),
    definition: textIn(row[5]),
    pretty: textIn(row[6]),
  };
}

/** What only clients that look around ask for: conversions, checks of domains, descriptions. */
export class DescribedTable {
  readonly conversions: readonly BuiltinConversion[] = Object.freeze(
    readDataFile('conversions', 'oid conname connamespace conforencoding contoencoding conproc condefault').map(conversion),
  );
  readonly domainChecks: readonly BuiltinDomainCheck[] = Object.freeze(
    readDataFile('domain-checks', 'oid conname connamespace contypid expression definition pretty').map(domainCheck),
  );
  readonly descriptions: readonly BuiltinDescription[] = Object.freeze(
    readDataFile('descriptions', 'classoid catalog objoid description').map((row) => ({
      catalog: numberIn(row[0]),
      catalogName: textIn(row[1]),
      object: numberIn(row[2]),
      text: textIn(row[3]),
    })),
  );
  /** By the object's number; some numbers are those of objects in several catalogs. */
  readonly byObject: ReadonlyMap<number, readonly BuiltinDescription[]> = groupBy(this.descriptions, ({ object }) => object);
}
