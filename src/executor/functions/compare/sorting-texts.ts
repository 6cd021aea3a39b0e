import type { FunctionTable } from '../table.js';

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const operators = (prefix: string): FunctionTable['scalar'] => ({
  [`${prefix}eq`]: (a: string, b: string) => a === b,
  [`${prefix}ne`]: (a: string, b: string) => a !== b,
  [`${prefix}lt`]: (a: string, b: string) => a < b,
  [`${prefix}le`]: (a: string, b: string) => a <= b,
  [`${prefix}gt`]: (a: string, b: string) => a > b,
  [`${prefix}ge`]: (a: string, b: string) => a >= b,
});
const larger = (a: string, b: string): string => (a > b ? a : b);
const smaller = (a: string, b: string): string => (a < b ? a : b);

/** Types whose values are ASCII texts that sort as they do: bit strings, network and hardware addresses, log positions, row ids. */
export const sortingTextComparisons: FunctionTable = {
  scalar: {
    ...operators('bit'),
    bitcmp: compare,
    ...operators('network_'),
    network_cmp: compare,
    network_larger: larger,
    network_smaller: smaller,
    ...operators('macaddr_'),
    macaddr_cmp: compare,
    ...operators('macaddr8_'),
    macaddr8_cmp: compare,
    ...operators('pg_lsn_'),
    pg_lsn_cmp: compare,
    pg_lsn_larger: larger,
    pg_lsn_smaller: smaller,
    ...operators('tid'),
    bttidcmp: compare,
    tidlarger: larger,
    tidsmaller: smaller,
  },
};
