const NAMES = ['ctid', 'xmin', 'cmin', 'xmax', 'cmax', 'tableoid'];

/** Of PostgreSQL's hidden columns, by their negative numbers. */
export function systemColumnName(number: number): string {
  return NAMES[-number - 1] ?? '';
}
