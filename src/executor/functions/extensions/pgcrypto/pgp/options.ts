import { pgpError } from './errors.js';
import { hashNumber } from './string-to-key.js';

export interface PgpOptions {
  readonly cipher: string;
  readonly compression: number;
  readonly compressionLevel: number;
  readonly convertCrlf: boolean;
  readonly unicode: boolean;
  /** The data's key is random, and the password's key encrypts it. */
  readonly ownSessionKey: boolean;
  readonly s2kMode: number;
  readonly s2kDigest: string;
  readonly s2kCount: number | undefined;
  readonly s2kCipher: string | undefined;
}

const DEFAULTS: PgpOptions = {
  cipher: 'aes128',
  compression: 0,
  compressionLevel: 6,
  convertCrlf: false,
  unicode: false,
  ownSessionKey: false,
  s2kMode: 3,
  s2kDigest: 'sha1',
  s2kCount: undefined,
  s2kCipher: undefined,
};

/** Only for tests, and for what expects something of a message. */
const IGNORED = /^(debug|expect-.*|disable-mdc)$/;

/** `name=value, …`. @throws SqlError 39000 */
export function pgpOptions(text: string): PgpOptions {
  const options: { -readonly [K in keyof PgpOptions]: PgpOptions[K] } = { ...DEFAULTS };
  for (const part of text.split(',')) {
    const [name = '', value = ''] = part.split('=').map((side) => side.trim());
    if (name !== '') set(options, name.toLowerCase(), value);
  }
  return options;
}

function set(options: { -readonly [K in keyof PgpOptions]: PgpOptions[K] }, name: string, value: string): void {
  const number = Number.parseInt(value, 10) || 0;
  switch (name) {
    case 'cipher-algo':
      options.cipher = value.toLowerCase();
      return;
    case 'compress-algo':
      options.compression = number;
      return;
    case 'compress-level':
      options.compressionLevel = number;
      return;
    case 'convert-crlf':
      options.convertCrlf = number !== 0;
      return;
    case 'unicode-mode':
      options.unicode = number !== 0;
      return;
    case 'sess-key':
      options.ownSessionKey = number !== 0;
      return;
    case 's2k-mode':
      options.s2kMode = number;
      return;
    case 's2k-count':
      options.s2kCount = number;
      return;
    case 's2k-digest-algo':
      if (hashNumber(value) === undefined) throw pgpError('Illegal argument to function');
      options.s2kDigest = value.toLowerCase();
      return;
    case 's2k-cipher-algo':
      options.s2kCipher = value.toLowerCase();
      return;
    default:
      if (!IGNORED.test(name)) throw pgpError('Illegal argument to function');
  }
}
