import { findTimeZone } from '../../../types/datetime/time-zone.js';
import { ZONE_ABBREVIATIONS } from '../../../types/datetime/zone-abbreviations.js';
import { ZONES_BY_ABBREVIATION } from '../../../types/datetime/zone-names.js';
import { Interval, type Row } from '../../../types/value.js';
import type { Providers, VirtualScan } from '../scan.js';

export const TIME_ZONE_PROVIDERS: Providers = {
  'pg_catalog.pg_timezone_names': zoneNames,
  'pg_catalog.pg_timezone_abbrevs': zoneAbbreviations,
};

const MICROS_PER_SECOND = 1_000_000;

/** One by one: the rules of six hundred zones take their time to make. */
function* zoneNames(scan: VirtualScan): Iterable<Row> {
  const now = Math.floor(scan.cx.nowMicros / MICROS_PER_SECOND);
  const wanted = scan.text('name');
  const names = wanted === undefined ? Object.values(ZONES_BY_ABBREVIATION).flatMap((list) => list.split(' ')) : [wanted];
  for (const name of names) {
    const zone = findTimeZone(name);
    // Other names are zones too (a POSIX rule, other case), but the relation doesn't list them.
    if (zone === undefined || zone.name !== name) continue;
    const { abbreviation, offset, isSummer } = zone.segmentAt(now);
    yield [name, abbreviation, new Interval(0, 0, offset * MICROS_PER_SECOND), isSummer];
  }
}

function* zoneAbbreviations(): Iterable<Row> {
  for (const [name, { offset, isSummer }] of ZONE_ABBREVIATIONS)
    yield [name.toUpperCase(), new Interval(0, 0, offset * MICROS_PER_SECOND), isSummer];
}
