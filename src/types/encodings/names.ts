/** PostgreSQL's encodings, in the order of their numbers. */
export const ENCODING_NAMES = (
  'SQL_ASCII EUC_JP EUC_CN EUC_KR EUC_TW EUC_JIS_2004 UTF8 MULE_INTERNAL LATIN1 LATIN2 LATIN3 LATIN4 LATIN5 LATIN6 LATIN7 LATIN8 LATIN9 LATIN10 ' +
  'WIN1256 WIN1258 WIN866 WIN874 KOI8R WIN1251 WIN1252 ISO_8859_5 ISO_8859_6 ISO_8859_7 ISO_8859_8 WIN1250 WIN1253 WIN1254 WIN1255 WIN1257 ' +
  'KOI8U SJIS BIG5 GBK UHC GB18030 JOHAB SHIFT_JIS_2004'
).split(' ');

/** Bytes of the longest character. */
const LENGTHS: Readonly<Record<string, number>> = {
  EUC_JP: 3,
  EUC_CN: 2,
  EUC_KR: 3,
  EUC_TW: 4,
  EUC_JIS_2004: 3,
  UTF8: 4,
  MULE_INTERNAL: 4,
  SJIS: 2,
  BIG5: 2,
  GBK: 2,
  UHC: 2,
  GB18030: 4,
  JOHAB: 3,
  SHIFT_JIS_2004: 2,
};

const ALIASES: Readonly<Record<string, string>> = {
  abc: 'WIN1258',
  tcvn: 'WIN1258',
  tcvn5712: 'WIN1258',
  vscii: 'WIN1258',
  alt: 'WIN866',
  win: 'WIN1251',
  koi8: 'KOI8R',
  unicode: 'UTF8',
  mskanji: 'SJIS',
  shiftjis: 'SJIS',
  win932: 'SJIS',
  windows932: 'SJIS',
  win936: 'GBK',
  windows936: 'GBK',
  win949: 'UHC',
  windows949: 'UHC',
  win950: 'BIG5',
  windows950: 'BIG5',
  iso88591: 'LATIN1',
  iso88592: 'LATIN2',
  iso88593: 'LATIN3',
  iso88594: 'LATIN4',
  iso88599: 'LATIN5',
  iso885910: 'LATIN6',
  iso885913: 'LATIN7',
  iso885914: 'LATIN8',
  iso885915: 'LATIN9',
  iso885916: 'LATIN10',
  windows866: 'WIN866',
  windows874: 'WIN874',
  windows1250: 'WIN1250',
  windows1251: 'WIN1251',
  windows1252: 'WIN1252',
  windows1253: 'WIN1253',
  windows1254: 'WIN1254',
  windows1255: 'WIN1255',
  windows1256: 'WIN1256',
  windows1257: 'WIN1257',
  windows1258: 'WIN1258',
};

const BY_KEY = new Map([...ENCODING_NAMES.map((name) => [keyOf(name), name] as const), ...Object.entries(ALIASES)]);

function keyOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** The encoding's own name, however it is written; undefined for one that PostgreSQL has not. */
export function encodingName(name: string): string | undefined {
  return BY_KEY.get(keyOf(name));
}

export const maxCharacterBytes = (name: string): number => LENGTHS[name] ?? 1;
