import type { TypeCodec } from '../codec.js';
import { lowerCase } from '../letter-case.js';
import { compareText } from '../text.js';
import { receiveText, sendText } from '../text-codecs.js';
import { ExtensionTypeOid } from './oids.js';

/** Texts that compare as their lower-case forms do. */
export function compareIgnoringCase(a: string, b: string): number {
  return a === b ? 0 : compareText(lowerCase(a), lowerCase(b));
}

export const citextCodec: TypeCodec = {
  oid: ExtensionTypeOid.citext,
  name: 'citext',
  input: (text) => text,
  output: (value) => value as string,
  send: sendText,
  receive: receiveText,
  compare: (a, b) => compareIgnoringCase(a as string, b as string),
  hashKey: (value) => lowerCase(value as string),
};
