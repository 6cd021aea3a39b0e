import type { TypeCodec } from '../codec.js';
import { citextCodec } from './citext.js';
import { hstoreCodec } from './hstore.js';
import { ltreeCodecs } from './ltree.js';
import { queryIntCodec } from './query-int.js';
import { vectorCodec } from './vector.js';

/** Codecs of extensions' types: they are there whether or not the extension is, since their numbers are nobody else's. */
export const extensionCodecs: readonly TypeCodec[] = [citextCodec, hstoreCodec, ...ltreeCodecs, queryIntCodec, vectorCodec];
