import type { CallTypes, ScalarFunction } from '../../../implementation.js';
import type { FunctionTable } from '../../../table.js';
import { armor, armorHeaders, dearmor } from './armor.js';
import { pgpOptions } from './options.js';
import { decryptWithPassword, encryptWithPassword } from './symmetric.js';

/** (data, password) or (data, password, options): both have one source. */
function withOptions<Data, Result>(run: (data: Data, password: string, options: string) => Result): (types: CallTypes) => ScalarFunction {
  return ({ args }) =>
    (args.length === 2
      ? (data: Data, password: string) => run(data, password, '')
      : (data: Data, password: string, options: string) => run(data, password, options)) as ScalarFunction;
}

/** OpenPGP with passwords. With public keys (pgp_pub_*) it is answered 0A000. */
export const pgpFunctions: FunctionTable = {
  scalar: {
    pg_dearmor: dearmor,
  },
  typed: {
    pg_armor: ({ args }) => (args.length === 1 ? (data: Uint8Array) => armor(data) : armor),
    pgp_sym_encrypt_text: withOptions((data: string, password, options) =>
      encryptWithPassword(Buffer.from(data), true, Buffer.from(password), pgpOptions(options)),
    ),
    pgp_sym_encrypt_bytea: withOptions((data: Uint8Array, password, options) =>
      encryptWithPassword(data, false, Buffer.from(password), pgpOptions(options)),
    ),
    pgp_sym_decrypt_text: withOptions((data: Uint8Array, password, options) =>
      decryptWithPassword(data, true, Buffer.from(password), pgpOptions(options)).toString('utf8'),
    ),
    pgp_sym_decrypt_bytea: withOptions((data: Uint8Array, password, options) =>
      decryptWithPassword(data, false, Buffer.from(password), pgpOptions(options)),
    ),
  },
  set: {
    pgp_armor_headers: ([text]) => [...armorHeaders(text as string)].map(([key, value]) => [key, value]),
  },
};
