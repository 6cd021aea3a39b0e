import { Worker } from 'node:worker_threads';
import bcrypt from 'bcryptjs';
import { notSupported, SqlError } from '../../../../commons/sql-error.js';
import { SqlState } from '../../../../commons/sqlstates.js';
import type { InterruptCheck } from '../../../context.js';

/** Work doubles with each: up to this cost a hash takes a few milliseconds, which the event loop can spare. */
const LIGHT_COST = 6;
export const MIN_COST = 4;
export const MAX_COST = 31;
const SETTING = /^(\$2[axy]\$)(\d\d)\$([./A-Za-z0-9]{22})/;
/** Where nothing may wait; above that a hash would hold everybody else up. */
const MAX_BLOCKING_COST = 8;
const CHECK_INTERVAL_MS = 20;

/** Run in a thread of its own; the library is found from there as from here. */
const WORKER = `
const { parentPort, workerData } = require('node:worker_threads');
import(workerData.library).then(({ default: bcrypt }) => parentPort.postMessage(bcrypt.hashSync(workerData.password, workerData.salt)));
`;

interface Setting {
  readonly prefix: string;
  readonly cost: number;
  /** As the library has it: it knows $2a$ and $2b$, which differ in nothing that PostgreSQL's $2a$ has. */
  readonly salt: string;
}

/** `$2a$cost$salt…`. @throws SqlError 22023 */
function settingOf(text: string): Setting {
  const [, prefix = '', cost = '', salt = ''] = SETTING.exec(text) ?? [];
  if (prefix === '' || Number(cost) < MIN_COST || Number(cost) > MAX_COST)
    throw new SqlError(SqlState.invalidParameterValue, 'invalid salt');
  return { prefix, cost: Number(cost), salt: `$2a$${cost}$${salt}` };
}

/** @throws SqlError 22023, 57014 */
export function blowfishCrypt(password: string, text: string, interrupt: InterruptCheck): string | Promise<string> {
  const { prefix, cost, salt } = settingOf(text);
  const shown = (hash: string) => prefix + hash.slice(prefix.length);
  if (cost <= LIGHT_COST) return shown(bcrypt.hashSync(password, salt));
  return hashApart(password, salt, interrupt).then(shown);
}

/** @throws SqlError 22023, 0A000 */
export function blowfishCryptNow(password: string, text: string): string {
  const { prefix, cost, salt } = settingOf(text);
  if (cost > MAX_BLOCKING_COST) throw notSupported(`a hash of cost ${cost} in this place`);
  return prefix + bcrypt.hashSync(password, salt).slice(prefix.length);
}

function hashApart(password: string, salt: string, interrupt: InterruptCheck): Promise<string> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(WORKER, { eval: true, workerData: { library: import.meta.resolve('bcryptjs'), password, salt } });
    const timer = setInterval(() => {
      try {
        interrupt.check();
      } catch (error) {
        finish(() => reject(error));
      }
    }, CHECK_INTERVAL_MS);
    const finish = (settle: () => void) => {
      clearInterval(timer);
      worker.terminate().catch(() => undefined);
      settle();
    };
    worker.once('message', (hash: string) => finish(() => resolve(hash)));
    worker.once('error', (error) => finish(() => reject(error)));
  });
}
