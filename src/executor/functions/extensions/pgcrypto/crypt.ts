import { randomBytes } from 'node:crypto';
import bcrypt from 'bcryptjs';
import { notSupported, SqlError } from '../../../../commons/sql-error.js';
import { SqlState } from '../../../../commons/sqlstates.js';
import type { InterruptCheck } from '../../../context.js';
import { blowfishCrypt, blowfishCryptNow, MAX_COST, MIN_COST } from './blowfish.js';
import { md5Crypt } from './md5-crypt.js';
import { lettersOf } from './radix-64.js';

const invalid = (message: string): SqlError => new SqlError(SqlState.invalidParameterValue, message);

const BLOWFISH = /^\$2[abxy]?\$/;

/** A password's hash by the algorithm that the setting (a salt, or an earlier hash) names. @throws SqlError 22023, 0A000, 57014 */
export function crypt(password: string, setting: string, interrupt: InterruptCheck): string | Promise<string> {
  return BLOWFISH.test(setting) ? blowfishCrypt(password, setting, interrupt) : otherCrypt(password, setting);
}

/** Where nothing may wait. @throws SqlError 22023, 0A000 */
export function cryptNow(password: string, setting: string): string {
  return BLOWFISH.test(setting) ? blowfishCryptNow(password, setting) : otherCrypt(password, setting);
}

function otherCrypt(password: string, setting: string): string {
  if (setting.startsWith('$1$')) return md5Crypt(password, setting);
  if (setting.length < 2) throw invalid('invalid salt');
  // DES and its extended form would need DES's tables; nothing new is kept that way.
  throw notSupported('crypt with DES');
}

/** What gen_salt may be asked for: how a salt starts, and the rounds. */
interface SaltKind {
  readonly defaultRounds: number;
  readonly minRounds: number;
  readonly maxRounds: number;
  make(rounds: number): string;
}

/** 24 bits are four letters. */
function randomLetters(count: number): string {
  let text = '';
  for (let i = 0; i < count; i += 4) text += lettersOf(randomBytes(3).readUIntBE(0, 3), Math.min(4, count - i));
  return text;
}

const SALTS: Readonly<Record<string, SaltKind>> = {
  des: { defaultRounds: 0, minRounds: 0, maxRounds: 25, make: () => randomLetters(2) },
  md5: { defaultRounds: 0, minRounds: 0, maxRounds: 1000, make: () => `$1$${randomLetters(8)}` },
  xdes: {
    defaultRounds: 29 * 25,
    minRounds: 1,
    maxRounds: 0xffffff,
    make: (rounds) => `_${lettersOf(rounds, 4)}${randomLetters(4)}`,
  },
  bf: {
    defaultRounds: 6,
    minRounds: MIN_COST,
    maxRounds: MAX_COST,
    make: (rounds) => bcrypt.genSaltSync(rounds).replace(/^\$2b\$/, '$2a$'),
  },
};

/** @throws SqlError 22023 */
export function generateSalt(algorithm: string, rounds = 0): string {
  const kind = SALTS[algorithm.toLowerCase()];
  if (kind === undefined) throw invalid('gen_salt: Unknown salt algorithm');
  const used = rounds === 0 ? kind.defaultRounds : rounds;
  const fits = (kind === SALTS.des && rounds !== 0 && rounds !== 25) || (kind === SALTS.md5 && rounds !== 0 && rounds !== 1000);
  if (fits || used < kind.minRounds || used > kind.maxRounds || (kind === SALTS.xdes && used % 2 === 0))
    throw invalid('gen_salt: Incorrect number of rounds');
  return kind.make(used);
}
