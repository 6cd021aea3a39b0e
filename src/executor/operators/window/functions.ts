import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { Row, SqlValue } from '../../../types/value.js';
import type { Evaluator } from '../../expression/evaluator.js';
import type { CompiledWindowCall, Partition, Readiness, WindowEvaluator } from './evaluator.js';

/** PostgreSQL's window functions (PostgreSQL manual, "Window Functions"), by pg_proc.prosrc. */

type Make = (args: readonly Evaluator[], partition: Partition) => WindowEvaluator;

const stateless = (value: (position: number, row: Row) => SqlValue): WindowEvaluator => ({ begin: () => undefined, value });

const rowNumber: Make = () => stateless((position) => position + 1);

const rank: Make = (_args, { peers }) =>
  stateless((position) => {
    peers.moveTo(position);
    return peers.start + 1;
  });

const denseRank: Make = (_args, { peers }) => {
  let groups = 0;
  let start = -1;
  return {
    begin() {
      groups = 0;
      start = -1;
    },
    value(position) {
      peers.moveTo(position);
      if (peers.start !== start) {
        start = peers.start;
        groups++;
      }
      return groups;
    },
  };
};

const percentRank: Make = (_args, { peers, rows }) =>
  stateless((position) => {
    peers.moveTo(position);
    return rows.length <= 1 ? 0 : peers.start / (rows.length - 1);
  });

const cumulativeDistribution: Make = (_args, { peers, rows }) =>
  stateless((position) => {
    peers.moveTo(position);
    return peers.end / rows.length;
  });

/** Buckets of equal size, the first ones larger by one where the rows don't divide. The number is read at the first row that has one. */
const ntile: Make = ([buckets], { rows, frame }) => {
  let count: number | undefined;
  let first = 0;
  return {
    begin() {
      count = undefined;
    },
    value(position, row) {
      if (count === undefined) {
        const value = buckets?.(row, frame) ?? null;
        if (value === null) return null;
        count = Number(value);
        if (count <= 0) throw new SqlError(SqlState.invalidArgumentForNtile, 'argument of ntile must be greater than zero');
        first = position;
      }
      const size = Math.floor(rows.length / count);
      const larger = rows.length % count;
      const place = position - first;
      if (place < larger * (size + 1)) return Math.floor(place / (size + 1)) + 1;
      return larger + Math.floor((place - larger * (size + 1)) / size) + 1;
    },
  };
};

const shifted =
  (direction: number): Make =>
  ([argument, distance, otherwise], { rows, frame }) =>
    stateless((position, row) => {
      const offset = distance === undefined ? 1 : distance(row, frame);
      if (offset === null) return null;
      const target = position + direction * Number(offset);
      if (target >= 0 && target < rows.length) return argument?.(rows.get(target), frame) ?? null;
      return otherwise?.(row, frame) ?? null;
    });

const atFrame =
  (index: number): Make =>
  ([argument], { rows, bounds, frame }) =>
    stateless((position, row) => {
      bounds.moveTo(position, row);
      const target = bounds.rowAt(index);
      return target === undefined ? null : (argument?.(rows.get(target), frame) ?? null);
    });

const nthValue: Make = ([argument, number], { rows, bounds, frame }) =>
  stateless((position, row) => {
    const nth = number?.(row, frame) ?? null;
    if (nth === null) return null;
    if (Number(nth) <= 0) throw new SqlError(SqlState.invalidArgumentForNthValue, 'argument of nth_value must be greater than zero');
    bounds.moveTo(position, row);
    const target = bounds.rowAt(Number(nth) - 1);
    return target === undefined ? null : (argument?.(rows.get(target), frame) ?? null);
  });

const FUNCTIONS: Readonly<Record<string, Make>> = {
  window_row_number: rowNumber,
  window_rank: rank,
  window_dense_rank: denseRank,
  window_percent_rank: percentRank,
  window_cume_dist: cumulativeDistribution,
  window_ntile: ntile,
  window_lag: shifted(-1),
  window_lag_with_offset: shifted(-1),
  window_lag_with_offset_and_default: shifted(-1),
  window_lead: shifted(1),
  window_lead_with_offset: shifted(1),
  window_lead_with_offset_and_default: shifted(1),
  window_first_value: atFrame(0),
  window_last_value: atFrame(-1),
  window_nth_value: nthValue,
};

const READY: Readonly<Record<string, Readiness>> = { window_row_number: 'row', window_rank: 'peers', window_dense_rank: 'peers' };

/** @returns undefined when there is none of that source */
export function windowFunction(source: string, args: readonly Evaluator[]): CompiledWindowCall | undefined {
  const make = FUNCTIONS[source];
  return make === undefined ? undefined : { make: (partition) => make(args, partition), ready: READY[source] ?? 'partition' };
}
