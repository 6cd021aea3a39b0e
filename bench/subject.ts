import type { Contender, Contest } from './contender.js';

/** What the command line asked for. */
export interface BenchOptions {
  /** Of one measurement that runs for a time. */
  readonly seconds: number;
  /** Measurements of each server, alternating; the report gives the median. */
  readonly rounds: number;
  /** Of pgbench's tables: 100,000 accounts each. */
  readonly scale: number;
  /** Also what needs 10 million rows, and minutes. */
  readonly large: boolean;
  /** A directory for files of one run. */
  readonly scratch: string;
}

/** Something that both servers do, measured side by side. */
export interface Comparison {
  readonly kind: 'comparison';
  readonly name: string;
  readonly unit: string;
  /** Ours / PostgreSQL's: at least so much, or at most where less is better. Absent: only shown. */
  readonly wanted?: number;
  readonly lessIsBetter?: boolean;
  /** Once a server, before the first round. */
  prepare?(contender: Contender): Promise<void>;
  measure(contender: Contender): Promise<number>;
}

/** Something that is measured of this server alone. */
export interface Requirement {
  readonly kind: 'requirement';
  readonly name: string;
  readonly unit: string;
  readonly wanted: number;
  /** Usually less is better. */
  readonly moreIsBetter?: boolean;
  measure(contest: Contest): Promise<number>;
}

export type Line = Comparison | Requirement;

/** A file of bench/subjects: lines about one thing. */
export interface Subject {
  /** For --only. */
  readonly name: string;
  /** What its lines need, once: tables of both servers. */
  prepare?(contest: Contest, options: BenchOptions): Promise<void>;
  lines(options: BenchOptions): readonly Line[];
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
