import type { Cost } from '../physical.js';

/**
 * What work costs, in PostgreSQL's unit (reading a page in sequence) as far as that goes. The proportions are this engine's: decoding a row
 * of a scan takes about 1 µs, a look-up by key 2 to 3, an operator call a few hundredths.
 */
export const Price = {
  page: 1,
  row: 0.01,
  operator: 0.0025,
  /** Finding a place in an ordered space. */
  descent: 0.28,
  /** Getting a row by the key that an index entry gave. */
  fetch: 0.05,
  hashBuild: 0.015,
  hashProbe: 0.0125,
  /** Comparing two rows in a sort. */
  compare: 0.005,
  /** Making a row of a virtual relation. */
  virtualRow: 0.03,
  /** Asking the catalog for what has a name or an oid. */
  virtualLookUp: 0.02,
  /** Opening a plan's operators once more. */
  rescan: 0.01,
} as const;

export const PAGE_BYTES = 8192;
const ROW_OVERHEAD_BYTES = 24;

export function pagesOf(rows: number, width: number): number {
  return Math.max(1, Math.ceil((rows * (width + ROW_OVERHEAD_BYTES)) / PAGE_BYTES));
}

export function cost(startup: number, total: number, rows: number, width: number): Cost {
  return { startup, total, rows: Math.max(1, Math.round(rows)), width };
}

/** The same with work added for each row. */
export function perRow(input: Cost, price: number, rows = input.rows, width = input.width): Cost {
  return cost(input.startup, input.total + input.rows * price, rows, width);
}

export function sortCost(input: Cost): Cost {
  const work = input.rows * Math.log2(Math.max(input.rows, 2)) * Price.compare;
  return cost(input.total + work, input.total + work + input.rows * Price.operator, input.rows, input.width);
}

/** What the first `limit` rows cost. */
export function costOfFirst(of: Cost, limit: number | undefined): number {
  if (limit === undefined || limit >= of.rows) return of.total;
  return of.startup + ((of.total - of.startup) * limit) / of.rows;
}
