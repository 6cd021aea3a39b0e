import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { TypeCodec } from './codec.js';
import type { FormatContext, RegKind } from './format-context.js';
import { formatType } from './format-type.js';
import { compareNumbers, fixedSize, numberHashKey, sendFixed, writeOid } from './integer-codecs.js';
import { TypeOid } from './oids.js';

/** These print 0 as '0', the others as '-'. */
const ZERO_AS_DIGIT: ReadonlySet<RegKind> = new Set<RegKind>(['regoper', 'regoperator']);

/** The oid behind a name, a number or '-'. @throws SqlError as the catalog words it; 42704 when there is no catalog */
export function regOidOf(kind: RegKind, text: string, cx: FormatContext): number {
  if (text === '-') return 0;
  if (/^\d{1,10}$/.test(text) && Number(text) <= 0xffffffff) return Number(text);
  if (cx.names === undefined) throw new SqlError(SqlState.undefinedObject, `${kind.slice(3)} "${text}" does not exist`);
  return cx.names.oidOf(kind, text);
}

export function regNameOf(kind: RegKind, oid: number, cx: FormatContext): string {
  if (oid === 0) return ZERO_AS_DIGIT.has(kind) ? '0' : '-';
  const name = cx.names?.nameOf(kind, oid);
  if (name !== undefined) return name;
  if (kind === 'regtype' && cx.names === undefined) {
    const builtIn = formatType(oid);
    if (builtIn !== '???') return builtIn;
  }
  return `${oid}`;
}

function regCodec(kind: RegKind): TypeCodec {
  return {
    oid: TypeOid[kind],
    name: kind,
    input: (text, cx) => regOidOf(kind, text, cx),
    output: (value, cx) => regNameOf(kind, value as number, cx),
    send: sendFixed(4, writeOid),
    receive: (bytes) => fixedSize(bytes, 4).readUInt32BE(0),
    binarySize: 4,
    writeBinary: writeOid,
    compare: compareNumbers,
    hashKey: numberHashKey,
  };
}

export const REG_KINDS: readonly RegKind[] = [
  'regproc',
  'regprocedure',
  'regoper',
  'regoperator',
  'regclass',
  'regtype',
  'regrole',
  'regnamespace',
  'regcollation',
  'regconfig',
  'regdictionary',
];

export const regCodecs: readonly TypeCodec[] = REG_KINDS.map(regCodec);
