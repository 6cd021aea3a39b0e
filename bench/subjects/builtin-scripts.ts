import { contendersOf } from '../contender.js';
import { initialize, type PgbenchMode, pgbenchRate } from '../pgbench.js';
import type { BenchOptions, Comparison, Subject } from '../subject.js';

const CLIENTS = [1, 16] as const;
const MODES: readonly PgbenchMode[] = ['prepared', 'simple'];

/** Ours / PostgreSQL's that is wanted, with 1 and 16 clients. */
const WANTED: Readonly<Record<string, Partial<Record<PgbenchMode, readonly [number | undefined, number]>>>> = {
  'select-only': { prepared: [1, 1.5], simple: [undefined, 1.5] },
  'simple-update': { prepared: [1, 2.5] },
  'tpcb-like': { prepared: [1, 2.5] },
};

/** pgbench's own scripts: select-only, simple-update, tpcb-like. */
export const builtinScripts: Subject = {
  name: 'pgbench',
  async prepare(contest, { scale }) {
    for (const contender of contendersOf(contest)) await initialize(contender, scale);
  },
  lines: (options) =>
    Object.keys(WANTED).flatMap((script) =>
      MODES.flatMap((mode) => CLIENTS.map((clients, i) => line(script, mode, clients, WANTED[script]?.[mode]?.[i], options))),
    ),
};

function line(script: string, mode: PgbenchMode, clients: number, wanted: number | undefined, options: BenchOptions): Comparison {
  return {
    kind: 'comparison',
    name: `${script}, ${mode}, ${clients} client${clients === 1 ? '' : 's'}`,
    unit: 'tps',
    ...(wanted !== undefined && { wanted }),
    measure: (contender) => pgbenchRate(contender, { builtin: script }, mode, clients, options),
  };
}
