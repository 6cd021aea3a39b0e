import { reconnectStorm } from '../../test/harness/reconnect-storm.js';
import type { Requirement } from '../subject.js';

const CLIENTS = 1000;

/** Clients in this process, the server killed and started again: until each of them has all that was committed by then. */
export function reconnect(): Requirement {
  return {
    kind: 'requirement',
    name: `${CLIENTS} clients with two live queries each, back after a restart: the last one current`,
    unit: 's',
    wanted: 10,
    async measure({ server }) {
      const { currentMs, medianMs, differences, writes } = await reconnectStorm(server, CLIENTS);
      if (differences.length > 0) throw new Error(`lost or doubled:\n${differences.join('\n')}`);
      process.stderr.write(`  half of them after ${(medianMs / 1000).toFixed(2)} s; ${writes} commits meanwhile\n`);
      return currentMs / 1000;
    },
  };
}
