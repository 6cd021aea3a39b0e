import { randomBytes, randomUUID } from 'node:crypto';
import { SqlError } from '../../../../commons/sql-error.js';
import { SqlState } from '../../../../commons/sqlstates.js';
import type { FunctionTable } from '../../table.js';
import { decrypt, encrypt } from './ciphers.js';
import { crypt, cryptNow, generateSalt } from './crypt.js';
import { digest, hmac } from './digests.js';

const MAX_RANDOM_BYTES = 1024;

export const cryptoFunctions: FunctionTable = {
  async: {
    // A costly hash is made in another thread.
    pg_crypt: async ([password = null, setting = null], cx) =>
      typeof password === 'string' && typeof setting === 'string' ? crypt(password, setting, cx.interrupt) : null,
  },
  blocking: { pg_crypt: cryptNow },
  scalar: {
    pg_digest: digest,
    pg_hmac: hmac,
    pg_gen_salt: (algorithm: string) => generateSalt(algorithm),
    pg_gen_salt_rounds: generateSalt,
    pg_random_bytes: (count: number) => {
      if (count < 1 || count > MAX_RANDOM_BYTES) throw new SqlError(SqlState.externalRoutineInvocationException, 'Length not in range');
      return randomBytes(count);
    },
    pg_random_uuid: () => randomUUID(),
    pg_encrypt: (data: Uint8Array, key: Uint8Array, type: string) => encrypt(data, key, undefined, type),
    pg_decrypt: (data: Uint8Array, key: Uint8Array, type: string) => decrypt(data, key, undefined, type),
    pg_encrypt_iv: encrypt,
    pg_decrypt_iv: decrypt,
  },
};
