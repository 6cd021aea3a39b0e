import { quoteIdentifier, quoteLiteral } from '../../../catalog/definitions/index.js';
import { TypeOid } from '../../../types/oids.js';
import type { SqlValue } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import { castToText } from '../codecs.js';
import { argType, type FunctionTable } from '../table.js';

export const quotingFunctions: FunctionTable = {
  scalar: {
    quote_ident: quoteIdentifier,
    quote_literal: quoteLiteral,
    quote_nullable: (text: string | null) => (text === null ? 'NULL' : quoteLiteral(text)),
  },
  typed: {
    'quote_literal(anyelement)': (types) => {
      const toText = castToText(argType(types, 0));
      return (value: SqlValue, cx: FunctionContext) => quoteLiteral(toText(value, cx.format));
    },
    'quote_nullable(anyelement)': (types) => {
      const toText = castToText(types.args[0] ?? TypeOid.text);
      return (value: SqlValue, cx: FunctionContext) => (value === null ? 'NULL' : quoteLiteral(toText(value, cx.format)));
    },
  },
};
